import {constants, type NodeGCPerformanceDetail, type PerformanceEntry, PerformanceObserver} from 'node:perf_hooks'

import {HistogramFamily} from './bucket-histogram.js'
import type {MetricFamily} from './metric-family.js'

const BOUNDS_S = [0.001, 0.01, 0.1, 1, 2, 5]

const KINDS = new Map([
  [constants.NODE_PERFORMANCE_GC_MAJOR, 'major'],
  [constants.NODE_PERFORMANCE_GC_MINOR, 'minor'],
  [constants.NODE_PERFORMANCE_GC_INCREMENTAL, 'incremental'],
  [constants.NODE_PERFORMANCE_GC_WEAKCB, 'weakcb'],
])

/** How long garbage collection stopped the process. */
export class CollectionPauses {
  readonly #histograms = new HistogramFamily(
    {name: 'nodejs_gc_duration_seconds', help: 'Pauses for garbage collection, by kind.'},
    BOUNDS_S,
    'kind',
  )
  readonly #observer = new PerformanceObserver(entries => {
    for (const entry of entries.getEntries()) {
      const {detail} = entry as PerformanceEntry & {readonly detail: NodeGCPerformanceDetail}
      this.#histograms.observe(entry.duration, KINDS.get(detail.kind ?? 0) ?? 'other')
    }
  })

  constructor() {
    this.#observer.observe({entryTypes: ['gc']})
  }

  family(): MetricFamily {
    return this.#histograms.family()
  }

  close(): void {
    this.#observer.disconnect()
  }
}
