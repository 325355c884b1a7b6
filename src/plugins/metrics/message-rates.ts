import type {WindowStart} from './sample-window.js'

const MS_PER_MINUTE = 60_000

/** Something that has ids and counts messages for each. */
export interface MessageCounts {
  eachMessageCount(visit: (id: number, messageCount: number) => void): void
}

/**
 * How many messages a minute go by each room, or come from each user: what their counts were at the last samples. The
 * counts themselves are somebody else's, so a message costs nothing here.
 */
export class MessageRates {
  readonly #source: MessageCounts
  readonly #slotCount: number
  /** Counts by id and slot. Bounded by the rooms, or users, there are. */
  readonly #counts = new Map<number, Float64Array>()

  /** What is there already is counted from now on. */
  constructor(source: MessageCounts, slotCount: number) {
    this.#source = source
    this.#slotCount = slotCount
    source.eachMessageCount((id, count) => void this.#counts.set(id, new Float64Array(slotCount).fill(count)))
  }

  /** A new one, which has counted nothing so far. */
  begin(id: number): void {
    this.#counts.set(id, new Float64Array(this.#slotCount))
  }

  forget(id: number): void {
    this.#counts.delete(id)
  }

  sample(slot: number): void {
    this.#source.eachMessageCount((id, count) => {
      const counts = this.#counts.get(id)
      if (counts !== undefined) counts[slot] = count
    })
  }

  /** Of one that has counted `count` messages by now. */
  perMinute(id: number, count: number, {slot, atMs}: WindowStart, nowMs: number): number {
    const before = this.#counts.get(id)?.[slot] ?? 0
    return nowMs > atMs ? ((count - before) * MS_PER_MINUTE) / (nowMs - atMs) : 0
  }
}
