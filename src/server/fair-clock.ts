import type {Clock} from '../contract/clock.js'

/** A sweep this late means that the process stood still. */
const STALL_MS = 250

/**
 * Monotonic time without the times in which the process stood still (a busy hook, a stopped process). Clients' deadlines
 * are measured by it: what the server did not hear while it was not listening is nobody's fault.
 */
export class FairClock {
  readonly #clock: Clock
  #lastBeatMs: number
  #stalledMs = 0

  constructor(clock: Clock) {
    this.#clock = clock
    this.#lastBeatMs = clock.monotonicMs()
  }

  nowMs(): number {
    return this.at(this.#clock.monotonicMs())
  }

  /** What it is, or was since the last stall, at a monotonic time. */
  at(monotonicMs: number): number {
    return monotonicMs - this.#stalledMs
  }

  /** To be called every `intervalMs`. Returns how long the process stood still since the last time, or 0. */
  beat(intervalMs: number): number {
    const nowMs = this.#clock.monotonicMs()
    const lateMs = nowMs - this.#lastBeatMs - intervalMs
    this.#lastBeatMs = nowMs
    if (lateMs < STALL_MS) return 0
    this.#stalledMs += lateMs
    return lateMs
  }
}
