import type {Dropped} from '../contract/admin.js'

const DEFAULT_LIMIT = 1000

export interface EventQueueOptions {
  /** Most events that wait for the reader; beyond it the oldest go. Default 1 000. */
  readonly limit?: number
  /** Ends the queue when the reader is gone. */
  readonly signal?: AbortSignal | undefined
  /** Called once, when the queue ends, whoever ended it; not for a signal that was aborted before. */
  readonly onEnd?: () => void
}

/**
 * Events on their way to one reader, who may be slow: the writer never waits. When too many wait, the oldest are dropped,
 * and a `Dropped` stands in their place with their number.
 */
export class EventQueue<Event> implements AsyncIterableIterator<Event | Dropped> {
  readonly #limit: number
  readonly #signal: AbortSignal | undefined
  readonly #onEnd: () => void
  readonly #onAbort = () => void this.return()
  /** Bounded by `limit`. */
  readonly #events: Event[] = []
  /** Calls of `next` that wait; only while there are no events. One, for a reader that waits for each answer. */
  readonly #waiting: ((result: IteratorResult<Event | Dropped>) => void)[] = []
  #dropped = 0
  #hasEnded = false

  constructor({limit = DEFAULT_LIMIT, signal, onEnd = () => {}}: EventQueueOptions = {}) {
    this.#limit = limit
    this.#signal = signal
    this.#onEnd = onEnd
    this.#hasEnded = signal?.aborted ?? false
    if (!this.#hasEnded) signal?.addEventListener('abort', this.#onAbort, {once: true})
  }

  get hasEnded(): boolean {
    return this.#hasEnded
  }

  /** False: the oldest one was dropped for it. */
  push(event: Event): boolean {
    if (this.#hasEnded) return true
    const resolve = this.#waiting.shift()
    if (resolve !== undefined) {
      resolve({done: false, value: event})
      return true
    }
    this.#events.push(event)
    if (this.#events.length <= this.#limit) return true
    this.#events.shift()
    this.#dropped += 1
    return false
  }

  /** No more events; those that wait can still be read. Twice is fine. */
  end(): void {
    if (this.#hasEnded) return
    this.#hasEnded = true
    this.#signal?.removeEventListener('abort', this.#onAbort)
    for (const resolve of this.#waiting.splice(0)) resolve({done: true, value: undefined})
    this.#onEnd()
  }

  async next(): Promise<IteratorResult<Event | Dropped>> {
    if (this.#dropped > 0) {
      const dropped = this.#dropped
      this.#dropped = 0
      return {done: false, value: {dropped}}
    }
    if (this.#events.length > 0) return {done: false, value: this.#events.shift() as Event}
    if (this.#hasEnded) return {done: true, value: undefined}
    return new Promise(resolve => this.#waiting.push(resolve))
  }

  /** The reader has seen enough: what waits is forgotten. */
  async return(): Promise<IteratorResult<Event | Dropped>> {
    this.#events.length = 0
    this.#dropped = 0
    this.end()
    return {done: true, value: undefined}
  }

  [Symbol.asyncIterator](): this {
    return this
  }
}
