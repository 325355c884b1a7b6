/** Time as the client sees it; tests hand in one that they move. */
export interface ClientClock {
  /** Only differences mean anything. */
  monotonicMs(): number
  /**
   * Calls `task` once after `delayMs`, unless the returned function is called first. `isIdle`: the wait is no reason
   * for the process to go on.
   */
  after(delayMs: number, task: () => void, options?: {isIdle?: boolean}): () => void
}

export const systemClientClock: ClientClock = {
  monotonicMs: () => performance.now(),
  after(delayMs, task, {isIdle = false} = {}) {
    const timer = setTimeout(task, delayMs)
    if (isIdle) timer.unref()
    return () => clearTimeout(timer)
  },
}
