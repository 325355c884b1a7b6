/** Floating point must not turn a wait that was kept to the end into one that was not. */
const TOLERANCE_MS = 1e-6

/** So many a second, and up to `burst` at once after a quiet time. */
export interface PaceLimit {
  readonly perSecond: number
  readonly burst: number
}

/**
 * A token bucket in one number: the time at which the next one would be due if all so far had kept the pace. Times are
 * monotonic, in milliseconds.
 */
export class Pace {
  #dueMs = Number.NEGATIVE_INFINITY

  /** How long to wait until one more is let through; 0: now. */
  waitMs({perSecond, burst}: PaceLimit, nowMs: number): number {
    const aheadMs = ((burst - 1) * 1000) / perSecond
    const waitMs = this.#dueMs - aheadMs - nowMs
    return waitMs <= TOLERANCE_MS ? 0 : waitMs
  }

  add({perSecond}: PaceLimit, nowMs: number): void {
    this.#dueMs = Math.max(this.#dueMs, nowMs) + 1000 / perSecond
  }
}
