import type {SlowMessage, SlowOptions} from '../../contract/metrics.js'
import type {MessageRecord, TimedHook} from '../../contract/plugins.js'
import {isoTime} from '../../util/iso-time.js'

const MINUTE_MS = 60_000
const MINUTES = 15
const PER_MINUTE = 20
const DEFAULT_LIMIT = 20

type Entry = Omit<SlowMessage, 'timestamp'> & {readonly atMs: number}

/**
 * The slowest messages of the last 15 minutes, at most 20 of each minute. So a slow minute does not push out the one before
 * it, and under a flood of slow messages only the slowest cost anything.
 */
export class SlowLog {
  /** By minute, oldest first; at most 16 of them with 20 entries each, the last one unfinished. */
  #minutes: {readonly minute: number; readonly entries: Entry[]}[] = []

  /** Notes a message if it is among the slowest of its minute. */
  note(record: MessageRecord, nowMs: number): void {
    const {durationMs} = record
    const entries = this.#entriesOf(Math.floor(nowMs / MINUTE_MS))
    if (entries.length === PER_MINUTE && durationMs <= (entries[PER_MINUTE - 1] as Entry).durationMs) return
    const place = entries.findIndex(entry => entry.durationMs < durationMs)
    entries.splice(place < 0 ? entries.length : place, 0, toEntry(record, nowMs))
    entries.length = Math.min(entries.length, PER_MINUTE)
  }

  list({limit = DEFAULT_LIMIT, sort = 'duration'}: SlowOptions, nowMs: number): SlowMessage[] {
    const entries = this.#minutes.flatMap(minute =>
      minute.entries.filter(({atMs}) => nowMs - atMs <= MINUTES * MINUTE_MS),
    )
    const order = sort === 'time' ? (entry: Entry) => entry.atMs : (entry: Entry) => entry.durationMs
    return entries
      .sort((one, other) => order(other) - order(one))
      .slice(0, limit)
      .map(({atMs, ...entry}) => ({timestamp: isoTime(atMs), ...entry}))
  }

  #entriesOf(minute: number): Entry[] {
    const last = this.#minutes.at(-1)
    if (last?.minute === minute) return last.entries
    const entries: Entry[] = []
    this.#minutes = [...this.#minutes.filter(old => minute - old.minute <= MINUTES).slice(-MINUTES), {minute, entries}]
    return entries
  }
}

/** Nobody's words are kept. */
function toEntry(
  {durationMs, handlingMs, userId, sizeBytes, message, error, hooks}: MessageRecord,
  atMs: number,
): Entry {
  return {
    atMs,
    durationMs,
    handlingMs,
    userId,
    roomId: message !== undefined && 'roomId' in message ? message.roomId : null,
    type: message?.type ?? null,
    sizeBytes,
    error: error?.code ?? null,
    rule: error?.rule ?? null,
    plugins: hooks && sumByPlugin(hooks),
  }
}

function sumByPlugin(hooks: readonly TimedHook[]): SlowMessage['plugins'] {
  const sums = new Map<string, number>()
  for (const {plugin, durationMs} of hooks) sums.set(plugin, (sums.get(plugin) ?? 0) + durationMs)
  return [...sums].map(([plugin, durationMs]) => ({plugin, durationMs}))
}
