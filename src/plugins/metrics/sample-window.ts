/** Time between two samples. */
export const SAMPLE_MS = 1000

/** The sample that a window begins with. */
export interface WindowStart {
  readonly slot: number
  /** Monotonic, in milliseconds. */
  readonly atMs: number
}

/**
 * The samples that a window of `intervalMs` can begin with. Whoever keeps something of each sample keeps it by the
 * sample's slot, so that all figures of an answer cover the same time.
 */
export class SampleWindow {
  /** Samples that are remembered: as many as the interval has seconds, and one more. */
  readonly slotCount: number
  readonly #intervalMs: number
  /** Monotonic times, by slot. */
  readonly #times: Float64Array
  #taken = 0

  constructor(intervalMs: number) {
    this.#intervalMs = intervalMs
    this.slotCount = Math.ceil(intervalMs / SAMPLE_MS) + 1
    this.#times = new Float64Array(this.slotCount)
  }

  /** Slot of the sample that was taken last. */
  get newest(): number {
    return (this.#taken - 1) % this.slotCount
  }

  /** Takes a sample; returns its slot. */
  advance(nowMs: number): number {
    this.#taken += 1
    this.#times[this.newest] = nowMs
    return this.newest
  }

  /** The sample whose age is nearest to the interval; the first one while there is none so old. */
  start(nowMs: number): WindowStart {
    let best = this.newest
    for (const slot of this.slots()) if (this.#distance(slot, nowMs) < this.#distance(best, nowMs)) best = slot
    return {slot: best, atMs: this.#times[best] as number}
  }

  /** Slots of the samples that are remembered, oldest first; those from `from` on. */
  *slots(from?: number): Generator<number> {
    let isIn = from === undefined
    for (let index = Math.max(0, this.#taken - this.slotCount); index < this.#taken; index += 1) {
      const slot = index % this.slotCount
      isIn ||= slot === from
      if (isIn) yield slot
    }
  }

  #distance(slot: number, nowMs: number): number {
    return Math.abs(nowMs - (this.#times[slot] as number) - this.#intervalMs)
  }
}
