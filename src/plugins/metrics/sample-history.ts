import type {Dropped} from '../../contract/admin.js'
import type {HistoryOptions, MetricsHistory, MetricsSample} from '../../contract/metrics.js'
import {GsError} from '../../errors.js'
import {EventQueue} from '../../util/event-queue.js'
import {SAMPLE_MS} from './sample-window.js'

const MAX_READERS = 32

type NumberField = Exclude<keyof MetricsSample, 'timestamp'>

/** Fields of which a mean says most, and those of which the worst does. The rest is what it was in the end. */
const MEANS: readonly NumberField[] = [
  'messagesPerSecond',
  'deliveriesPerSecond',
  'bytesInPerSecond',
  'bytesOutPerSecond',
  'errorsPerSecond',
  'refusalsPerSecond',
  'avgResponseTimeMs',
  'p50ResponseTimeMs',
  'errorRatePercent',
  'cpuUsagePercent',
  'eventLoopUtilizationPercent',
]
const WORSTS: readonly NumberField[] = ['p95ResponseTimeMs', 'p99ResponseTimeMs', 'eventLoopDelayP99Ms']

/** The samples of the last minutes, and those who wait for the next one. */
export class SampleHistory {
  readonly #limit: number
  /** Oldest first; at most `limit`. */
  readonly #samples: MetricsSample[] = []
  /** At most 32. */
  readonly #readers = new Set<EventQueue<MetricsSample>>()

  constructor(historyMs: number) {
    this.#limit = Math.ceil(historyMs / SAMPLE_MS)
  }

  add(sample: MetricsSample): void {
    this.#samples.push(sample)
    if (this.#samples.length > this.#limit) this.#samples.shift()
    for (const reader of this.#readers) reader.push(sample)
  }

  list({sinceMs = 0, points = this.#limit}: HistoryOptions): MetricsHistory {
    const samples = this.#samples.filter(({timestamp}) => Date.parse(timestamp) > sinceMs)
    return {sampleMs: SAMPLE_MS, samples: samples.length > points ? join(samples, points) : samples}
  }

  /** @throws {GsError} limit_reached when 32 follow already. */
  follow(signal: AbortSignal | undefined): AsyncIterableIterator<MetricsSample | Dropped> {
    if (this.#readers.size >= MAX_READERS) {
      throw new GsError('limit_reached', `${MAX_READERS} follow the samples already, which is the limit`)
    }
    const queue = new EventQueue<MetricsSample>({signal, onEnd: () => this.#readers.delete(queue)})
    if (!queue.hasEnded) this.#readers.add(queue)
    return queue
  }

  close(): void {
    for (const reader of this.#readers) reader.end()
  }
}

/** Joins neighbours so that at most `points` are left. The newest group is a full one. */
function join(samples: readonly MetricsSample[], points: number): MetricsSample[] {
  const size = Math.ceil(samples.length / points)
  const joined: MetricsSample[] = []
  for (let end = samples.length; end > 0; end -= size) joined.push(joinOne(samples.slice(Math.max(0, end - size), end)))
  return joined.reverse()
}

function joinOne(group: readonly MetricsSample[]): MetricsSample {
  const sample: {-readonly [Field in keyof MetricsSample]: MetricsSample[Field]} = {...(group.at(-1) as MetricsSample)}
  for (const field of MEANS) sample[field] = group.reduce((sum, one) => sum + one[field], 0) / group.length
  for (const field of WORSTS) sample[field] = Math.max(...group.map(one => one[field]))
  return sample
}
