import {LoopDelay} from './loop-delay.js'

const SLOW_LOOP_MS = 200
const SLOW_WINDOWS = 3
const MEMORY_SHARE = 0.9
const BYTES_PER_MB = 1e6

/**
 * Says when the server has no room for more: the event loop was late for three windows in a row, or memory is nearly used
 * up. A window is the time between two calls of `sample`.
 */
export class LoadMonitor {
  readonly #delay = new LoopDelay()
  readonly #limits: {readonly maxMemoryMb: number}
  /** How late the event loop was in the last window, in milliseconds: of 100 times, 99 were not later. */
  delayP99Ms = 0
  #slowWindows = 0
  #isShortOfMemory = false

  constructor(limits: {readonly maxMemoryMb: number}) {
    this.#limits = limits
    this.sample()
  }

  /** Why nobody else is let in, or null. */
  get overload(): 'event_loop' | 'memory' | null {
    if (this.#isShortOfMemory) return 'memory'
    return this.#slowWindows >= SLOW_WINDOWS ? 'event_loop' : null
  }

  sample(): void {
    this.delayP99Ms = this.#delay.takeP99Ms()
    this.#slowWindows = this.delayP99Ms > SLOW_LOOP_MS ? this.#slowWindows + 1 : 0
    this.#isShortOfMemory = process.memoryUsage.rss() > this.#limits.maxMemoryMb * BYTES_PER_MB * MEMORY_SHARE
  }

  close(): void {
    this.#delay.close()
  }
}
