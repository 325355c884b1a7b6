import type {WindowStart} from './sample-window.js'

const MS_PER_MINUTE = 60_000
const FIRST_PLACES = 64

/** Something that has ids and counts messages for each. */
export interface MessageCounts {
  eachMessageCount(visit: (id: number, messageCount: number) => void): void
}

/**
 * How many messages a minute go by each room, or come from each user: what their counts were at the last samples. The
 * counts themselves are somebody else's, so a message costs nothing here.
 *
 * Each id has a place, the same in the array of every slot: an array for each id would take several times what is in it.
 */
export class MessageRates {
  readonly #source: MessageCounts
  /** By slot, then by place. Their lowest 32 bits: a window does not see more messages than that. */
  #counts: Uint32Array[]
  /** By id. Bounded by the rooms, or users, there are. */
  readonly #places = new Map<number, number>()
  /** Places of those that are gone; bounded by the most there were at a time. */
  readonly #freePlaces: number[] = []

  /** What is there already is counted from now on. */
  constructor(source: MessageCounts, slotCount: number) {
    this.#source = source
    this.#counts = Array.from({length: slotCount}, () => new Uint32Array(FIRST_PLACES))
    source.eachMessageCount((id, count) => this.#begin(id, count))
  }

  /** A new one, which has counted nothing so far. */
  begin(id: number): void {
    this.#begin(id, 0)
  }

  forget(id: number): void {
    const place = this.#places.get(id)
    if (place === undefined) return
    this.#places.delete(id)
    this.#freePlaces.push(place)
  }

  sample(slot: number): void {
    const counts = this.#counts[slot] as Uint32Array
    this.#source.eachMessageCount((id, count) => {
      const place = this.#places.get(id)
      if (place !== undefined) counts[place] = count
    })
  }

  /** Of one that has counted `count` messages by now. */
  perMinute(id: number, count: number, {slot, atMs}: WindowStart, nowMs: number): number {
    const place = this.#places.get(id)
    const before = place === undefined ? 0 : (this.#counts[slot]?.[place] ?? 0)
    const messages = (count - before) >>> 0
    return nowMs > atMs ? (messages * MS_PER_MINUTE) / (nowMs - atMs) : 0
  }

  #begin(id: number, count: number): void {
    const place = this.#places.get(id) ?? this.#freePlaces.pop() ?? this.#places.size
    this.#places.set(id, place)
    if (place === this.#counts[0]?.length) this.#counts = this.#counts.map(enlarge)
    for (const counts of this.#counts) counts[place] = count
  }
}

function enlarge(counts: Uint32Array): Uint32Array {
  const larger = new Uint32Array(counts.length * 2)
  larger.set(counts)
  return larger
}
