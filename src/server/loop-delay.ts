const TICK_MS = 20

/**
 * How late the event loop is, by a timer that should fire every 20 ms. `monitorEventLoopDelay` of Node forgets, with each
 * reset, a stand-still that begins or ends just then; here it counts for the window it ends in, or the next one.
 */
export class LoopDelay {
  readonly #timer = setInterval(() => this.#tick(), TICK_MS)
  /** Of this window, in milliseconds; emptied by `takeP99Ms`, so bounded by the time between two of its calls. */
  #delays: number[] = []
  #lastTickMs = performance.now()

  constructor() {
    this.#timer.unref()
  }

  /** Of 100 times since the last call, 99 were not later; in milliseconds. */
  takeP99Ms(): number {
    const delays = this.#delays.sort((one, other) => one - other)
    this.#delays = []
    return delays[Math.ceil(delays.length * 0.99) - 1] ?? 0
  }

  close(): void {
    clearInterval(this.#timer)
  }

  #tick(): void {
    const nowMs = performance.now()
    this.#delays.push(Math.max(0, nowMs - this.#lastTickMs - TICK_MS))
    this.#lastTickMs = nowMs
  }
}
