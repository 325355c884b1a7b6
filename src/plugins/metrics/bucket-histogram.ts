import type {FamilySample, Labels, MetricFamily} from './metric-family.js'

const MS_PER_S = 1000

/** Counts durations by upper bounds, for monitors that add up histograms of several servers. */
export class BucketHistogram {
  readonly #boundsMs: readonly number[]
  /** By bucket, not added up; the last one has no bound. */
  readonly #counts: number[]
  #sumMs = 0

  constructor(boundsS: readonly number[]) {
    this.#boundsMs = boundsS.map(bound => bound * MS_PER_S)
    this.#counts = new Array(boundsS.length + 1).fill(0)
  }

  get sumMs(): number {
    return this.#sumMs
  }

  get count(): number {
    return this.#counts.reduce((sum, count) => sum + count, 0)
  }

  /** The hot path. */
  observe(durationMs: number): void {
    const bounds = this.#boundsMs
    let bucket = 0
    while (bucket < bounds.length && durationMs > (bounds[bucket] as number)) bucket += 1
    this.#counts[bucket] = (this.#counts[bucket] as number) + 1
    this.#sumMs += durationMs
  }

  samples(labels: Labels): FamilySample[] {
    let below = 0
    const buckets = this.#counts.map((count, bucket) => {
      below += count
      const boundMs = this.#boundsMs[bucket]
      const le = boundMs === undefined ? '+Inf' : formatBound(boundMs / MS_PER_S)
      return {suffix: '_bucket' as const, labels: {...labels, le}, value: below}
    })
    return [
      ...buckets,
      {suffix: '_sum', labels, value: this.#sumMs / MS_PER_S},
      {suffix: '_count', labels, value: below},
    ]
  }
}

/** One histogram for each value of a label, from a fixed set; made when it is first seen. */
export class HistogramFamily {
  readonly #head: Pick<MetricFamily, 'name' | 'help'>
  readonly #boundsS: readonly number[]
  readonly #label: string | null
  readonly #byLabel = new Map<string, BucketHistogram>()

  /** `label` null: there is but one. */
  constructor(head: Pick<MetricFamily, 'name' | 'help'>, boundsS: readonly number[], label: string | null) {
    this.#head = head
    this.#boundsS = boundsS
    this.#label = label
    if (label === null) this.#byLabel.set('', new BucketHistogram(boundsS))
  }

  observe(durationMs: number, value = ''): void {
    let histogram = this.#byLabel.get(value)
    if (histogram === undefined) {
      histogram = new BucketHistogram(this.#boundsS)
      this.#byLabel.set(value, histogram)
    }
    histogram.observe(durationMs)
  }

  family(): MetricFamily {
    const samples = [...this.#byLabel].flatMap(([value, histogram]) =>
      histogram.samples(this.#label === null ? {} : {[this.#label]: value}),
    )
    return {...this.#head, type: 'histogram', samples}
  }
}

/** OpenMetrics wants bounds as floating-point numbers. */
function formatBound(bound: number): string {
  return Number.isInteger(bound) ? `${bound}.0` : String(bound)
}
