import type {Logger} from '../../contract/logger.js'
import type {MetricSample, MetricSource} from '../../contract/metric-registry.js'
import type {FamilySample, MetricFamily} from './metric-family.js'

/** Most values of one metric, and most of all registered ones together. */
const MAX_SAMPLES = 1000
const MAX_ALL_SAMPLES = 10_000
const LEFT_OUT = 'values of a metric were left out: too many, or with labels out of form'
const LABEL_NAME = /^(?!__)[a-zA-Z_][a-zA-Z0-9_]*$/
const RESERVED_LABELS: ReadonlySet<string> = new Set(['instance_name', 'le', 'quantile'])

/** What plugins registered. One that fails, or has more values than it should, costs only its own. */
export class RegisteredFamilies {
  readonly #log: Logger
  /** Values that were left out so far. */
  dropped = 0
  /** Named once in the log; bounded by the registry. */
  readonly #complained = new Set<string>()

  constructor(log: Logger) {
    this.#log = log
  }

  /** `taken`: names of families there are already. */
  read(sources: readonly MetricSource[], taken: ReadonlySet<string>): MetricFamily[] {
    let left = MAX_ALL_SAMPLES
    return sources.map(source => {
      const samples = this.#readOne(source)
      const isTaken = taken.has(familyName(source))
      const kept = isTaken ? [] : keepValid(samples, Math.min(MAX_SAMPLES, left))
      left -= kept.length
      if (kept.length < samples.length) {
        this.dropped += samples.length - kept.length
        this.#complain(source, undefined, isTaken ? 'a metric has the name of one of the server' : LEFT_OUT)
      }
      return toFamily(source, kept)
    })
  }

  #readOne(source: MetricSource): readonly MetricSample[] {
    try {
      const value = source.read()
      return typeof value === 'number' ? [{labels: {}, value}] : value
    } catch (error) {
      this.dropped += 1
      this.#complain(source, error, 'a metric could not be read')
      return []
    }
  }

  #complain({name}: MetricSource, err: unknown, message: string): void {
    if (this.#complained.has(name)) return
    this.#complained.add(name)
    this.#log.warn({metric: name, ...(err !== undefined && {err})}, message)
  }
}

/** Those in form, each set of labels once. */
function keepValid(samples: readonly MetricSample[], limit: number): MetricSample[] {
  const kept = new Map<string, MetricSample>()
  for (const sample of samples) {
    if (kept.size >= limit) break
    if (isValid(sample)) kept.set(JSON.stringify(Object.entries(sample.labels).sort()), sample)
  }
  return [...kept.values()]
}

function isValid({labels, value}: MetricSample): boolean {
  return (
    typeof value === 'number' &&
    Object.entries(labels).every(
      ([name, text]) => LABEL_NAME.test(name) && !RESERVED_LABELS.has(name) && typeof text === 'string',
    )
  )
}

/** As in OpenMetrics, without the suffix of its samples. */
function familyName({name, type}: MetricSource): string {
  return `gs_${type === 'counter' ? name.replace(/_total$/, '') : name}`
}

function toFamily(source: MetricSource, samples: readonly MetricSample[]): MetricFamily {
  const {help, type} = source
  const suffix = type === 'counter' ? {suffix: '_total' as const} : {}
  const written = samples.map(({labels, value}): FamilySample => ({...suffix, labels, value}))
  return {name: familyName(source), help, type, samples: written}
}
