/**
 * Time as the server sees it. Everything that waits or measures takes one of these, so that tests move time instead of
 * sleeping.
 */
export interface Clock {
  /** Wall time, in milliseconds since the epoch; may step when the machine's clock is set. */
  nowMs(): number
  /** Monotonic time with fractions, in milliseconds; only differences mean anything. */
  monotonicMs(): number
  /**
   * Calls `task` every `intervalMs` until the returned function is called. Never keeps the process alive.
   * `intervalMs` is between 1 and 2 147 483 647.
   */
  every(intervalMs: number, task: () => void): () => void
  /** Calls `task` once after `delayMs`, unless the returned function is called first. Never keeps the process alive. */
  after(delayMs: number, task: () => void): () => void
}
