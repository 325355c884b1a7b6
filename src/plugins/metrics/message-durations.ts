import type {ClientMessageType} from '../../contract/messages.js'
import type {MessageRecord} from '../../contract/plugins.js'
import {BucketHistogram} from './bucket-histogram.js'
import type {MetricFamily} from './metric-family.js'

const BOUNDS_S = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1]

export interface DurationSums {
  /** Messages that were timed. */
  readonly count: number
  readonly sumMs: number
}

type Outcome = 'ok' | 'error' | 'rejected'
type Series = {readonly [Name in Outcome]: BucketHistogram}

/** How long messages took, by type and by what became of them. */
export class MessageDurations {
  readonly #series: Readonly<Record<ClientMessageType | 'invalid', Series>> = {
    hello: createSeries(),
    join_room: createSeries(),
    leave_room: createSeries(),
    chat: createSeries(),
    heartbeat: createSeries(),
    list_rooms: createSeries(),
    game_start: createSeries(),
    game_action: createSeries(),
    game_end: createSeries(),
    invalid: createSeries(),
  }

  /** Over all types. */
  get sums(): DurationSums {
    let [count, sumMs] = [0, 0]
    for (const series of Object.values(this.#series)) {
      for (const histogram of Object.values(series)) {
        count += histogram.count
        sumMs += histogram.sumMs
      }
    }
    return {count, sumMs}
  }

  /** The hot path. */
  record({message, error, durationMs}: MessageRecord): void {
    const series = this.#seriesOf(message?.type)
    const histogram = error === null ? series.ok : error.rule === undefined ? series.error : series.rejected
    histogram.observe(durationMs)
  }

  family(): MetricFamily {
    const samples = Object.entries(this.#series).flatMap(([type, series]) =>
      Object.entries(series)
        .filter(([, histogram]) => histogram.count > 0)
        .flatMap(([outcome, histogram]) => histogram.samples({type, outcome})),
    )
    const help = 'From the read that completed a message to the end of its handling; rejected: refused by a plugin.'
    return {name: 'gs_message_duration_seconds', help, type: 'histogram', samples}
  }

  /** The usual types are found by comparing; a look-up by name takes longer than the rest of the recording. */
  #seriesOf(type: ClientMessageType | undefined): Series {
    const series = this.#series
    if (type === 'chat') return series.chat
    if (type === 'game_action') return series.game_action
    if (type === 'heartbeat') return series.heartbeat
    return series[type ?? 'invalid']
  }
}

function createSeries(): Series {
  return {
    ok: new BucketHistogram(BOUNDS_S),
    error: new BucketHistogram(BOUNDS_S),
    rejected: new BucketHistogram(BOUNDS_S),
  }
}
