import type {Clock} from '../../contract/clock.js'
import type {Counters} from '../../contract/counters.js'
import type {Channel} from './channel.js'
import type {Outbox} from './outbox.js'

/**
 * Ends turns: seals what was opened and has each connection write once. With `tickMs` 0 a turn is one turn of the event
 * loop; otherwise everything waits for the next tick.
 */
export class Flusher {
  /** Both are emptied by every flush and bounded by the number of rooms and connections. */
  #openChannels: Channel[] = []
  #dirtyOutboxes: Outbox[] = []
  #isScheduled = false
  readonly #counters: Counters
  readonly #afterFlush: () => void
  readonly #isTicking: boolean
  readonly #stopTicking: () => void

  /** `afterFlush` runs at the end of every flush, when no outbox is being written: the place to evict. */
  constructor(options: {tickMs: number; clock: Clock; counters: Counters; afterFlush: () => void}) {
    this.#counters = options.counters
    this.#afterFlush = options.afterFlush
    this.#isTicking = options.tickMs > 0
    this.#stopTicking = this.#isTicking ? options.clock.every(options.tickMs, this.flush) : () => {}
  }

  /** To be called once for each channel that opens a segment. */
  readonly addChannel = (channel: Channel): void => {
    this.#openChannels.push(channel)
    this.schedule()
  }

  /** To be called once for each outbox that gets its first part. */
  readonly addOutbox = (outbox: Outbox): void => {
    this.#dirtyOutboxes.push(outbox)
    this.schedule()
  }

  /** Makes sure that a flush follows, also when nothing is to be written. */
  schedule(): void {
    if (this.#isScheduled || this.#isTicking) return
    this.#isScheduled = true
    setImmediate(this.flush)
  }

  readonly flush = (): void => {
    this.#isScheduled = false
    this.sealAll()
    const outboxes = this.#dirtyOutboxes
    this.#dirtyOutboxes = []
    for (const outbox of outboxes) this.#counters.deliveries += outbox.flush()
    this.#afterFlush()
  }

  /** Ends all open segments, so that single outboxes may be written ahead of the turn's end. */
  sealAll(): void {
    for (const channel of this.#openChannels) channel.seal()
    this.#openChannels = []
  }

  close(): void {
    this.#stopTicking()
  }
}
