import {createHistogram, type RecordableHistogram} from 'node:perf_hooks'

import type {SampleWindow} from './sample-window.js'

const US_PER_MS = 1000
/** Longer times count as this long. */
const MAX_US = 60_000_000
/** Keeps the histograms at 20 KB each, and their percentiles within 1 %. */
const HISTOGRAM = {lowest: 1, highest: MAX_US, figures: 2}

export interface Percentiles {
  readonly p50ResponseTimeMs: number
  readonly p95ResponseTimeMs: number
  readonly p99ResponseTimeMs: number
}

/** How long messages took, by the sample after which they ended. */
export class ResponseTimes {
  readonly #window: SampleWindow
  readonly #histograms: readonly RecordableHistogram[]
  #current: RecordableHistogram

  constructor(window: SampleWindow) {
    this.#window = window
    this.#histograms = Array.from({length: window.slotCount}, () => createHistogram(HISTOGRAM))
    this.#current = this.#histograms[0] as RecordableHistogram
  }

  /** The hot path. */
  record(durationMs: number): void {
    const us = durationMs * US_PER_MS
    this.#current.record(us < 1 ? 1 : us > MAX_US ? MAX_US : Math.floor(us))
  }

  /** A sample was taken: what comes now belongs to its slot. */
  sample(slot: number): void {
    this.#current = this.#histograms[slot] as RecordableHistogram
    this.#current.reset()
  }

  /** Of what ended since the last sample. */
  latest(): Percentiles {
    return toPercentiles(this.#current)
  }

  /** Of all that ended after the sample of a slot. */
  since(from: number): Percentiles {
    const merged = createHistogram(HISTOGRAM)
    for (const slot of this.#window.slots(from)) {
      const histogram = this.#histograms[slot] as RecordableHistogram
      if (histogram.count > 0) merged.add(histogram)
    }
    return toPercentiles(merged)
  }
}

function toPercentiles(histogram: RecordableHistogram): Percentiles {
  const read = (percentile: number) => (histogram.count === 0 ? 0 : histogram.percentile(percentile) / US_PER_MS)
  return {p50ResponseTimeMs: read(50), p95ResponseTimeMs: read(95), p99ResponseTimeMs: read(99)}
}
