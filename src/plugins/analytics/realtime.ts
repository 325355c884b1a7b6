const SECONDS = 60
const TIMED_EVENTS = 1000

/** Rates of the last minute, moved on once a second. */
export class Realtime {
  /** Events of each of the last seconds, oldest first. */
  readonly #bySecond: number[] = []
  /** The last times, in microseconds; a ring. */
  readonly #times = new Float64Array(TIMED_EVENTS)
  readonly #rooms: Map<number, number>[] = []
  #timed = 0
  #totalAtTick = 0
  #roomMessages = new Map<number, number>()

  /** `total`: events since the start. */
  tick(total: number): void {
    this.#bySecond.push(total - this.#totalAtTick)
    this.#totalAtTick = total
    if (this.#bySecond.length > SECONDS) this.#bySecond.shift()
    this.#rooms.push(this.#roomMessages)
    this.#roomMessages = new Map()
    if (this.#rooms.length > SECONDS) this.#rooms.shift()
  }

  countRoomMessages(roomId: number, messages: number): void {
    this.#roomMessages.set(roomId, (this.#roomMessages.get(roomId) ?? 0) + messages)
  }

  noteTime(durationUs: number): void {
    this.#times[this.#timed % TIMED_EVENTS] = durationUs
    this.#timed += 1
  }

  get bySecond(): readonly number[] {
    return [...this.#bySecond]
  }

  /** As if the last minute were a whole one. */
  get eventsPerMinute(): number {
    const seconds = this.#bySecond.length
    if (seconds === 0) return 0
    return (this.#bySecond.reduce((sum, events) => sum + events, 0) / seconds) * SECONDS
  }

  get averageTimeUs(): number {
    const count = Math.min(this.#timed, TIMED_EVENTS)
    return count === 0 ? 0 : this.#times.subarray(0, count).reduce((sum, time) => sum + time, 0) / count
  }

  /** Most messages in the last minute first. */
  busiestRooms(limit: number): {roomId: number; messages: number}[] {
    const sums = new Map<number, number>()
    for (const second of [...this.#rooms, this.#roomMessages]) {
      for (const [roomId, messages] of second) sums.set(roomId, (sums.get(roomId) ?? 0) + messages)
    }
    const ordered = [...sums].sort(([, one], [, other]) => other - one).slice(0, limit)
    return ordered.map(([roomId, messages]) => ({roomId, messages}))
  }
}
