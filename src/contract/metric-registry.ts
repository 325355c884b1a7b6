/** One value of a metric that has several, told apart by labels from a fixed set: never ids, keys or addresses. */
export interface MetricSample {
  readonly labels: {readonly [label: string]: string}
  readonly value: number
}

/** A metric that is read when somebody looks, so it costs nothing in between. */
export interface MetricSource {
  /** In the manner of Prometheus, without the prefix `gs_`: `cache_hits_total`, `store_commit_seconds`. */
  readonly name: string
  /** One sentence. */
  readonly help: string
  /** A counter only grows, and its name ends in `_total`. */
  readonly type: 'counter' | 'gauge'
  read(): number | readonly MetricSample[]
}

/** Metrics of the server and its plugins, beside the core's own counters. */
export interface MetricRegistry {
  /**
   * Adds a metric; returns a function that takes it out again.
   *
   * @throws {GsError} plugin_invalid for a name that is taken or not in the form above.
   */
  register(source: MetricSource): () => void
  /** In the order of their names. */
  list(): readonly MetricSource[]
}
