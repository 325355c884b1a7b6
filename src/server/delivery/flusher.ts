import type {Clock} from '../../contract/clock.js'
import type {Counters} from '../../contract/counters.js'
import type {Outbox, Part, Turn} from './outbox.js'

/** What is open until the end of a turn. */
export interface Sealable {
  /** Ends the current segment without writing it. */
  seal(): void
}

/**
 * Ends turns: seals what was opened and has each connection write once. With `tickMs` 0 a turn is one turn of the event
 * loop; otherwise everything waits for the next tick.
 */
export class Flusher implements Turn {
  /** What this turn brings, in the order it came. All of these are emptied by every flush. */
  #parts: Part[] = []
  #open: Sealable[] = []
  /** Outboxes that may have got something: together, and alone. */
  #groups: (readonly Outbox[])[] = []
  #singles: Outbox[] = []
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

  /** Puts one part into several outboxes. The list must stay as it is until the end of the turn. */
  deliver(part: Part, outboxes: readonly Outbox[]): void {
    const place = this.#place(part)
    for (const outbox of outboxes) outbox.put(place)
    this.#groups.push(outboxes)
  }

  reply(part: Part, outbox: Outbox): void {
    if (outbox.isEmpty) this.#singles.push(outbox)
    outbox.put(this.#place(part))
  }

  /** To be called once by each channel that opens a segment: it is sealed at the end of the turn. */
  sealLater(channel: Sealable): void {
    this.#open.push(channel)
  }

  /** Makes sure that a flush follows, also when nothing is to be written. */
  schedule(): void {
    if (this.#isScheduled || this.#isTicking) return
    this.#isScheduled = true
    setImmediate(this.flush)
  }

  readonly flush = (): void => {
    this.#isScheduled = false
    this.#sealAll()
    const [groups, singles] = [this.#groups, this.#singles]
    this.#groups = []
    this.#singles = []
    let deliveries = 0
    for (const outboxes of groups) for (const outbox of outboxes) deliveries += outbox.flush(this.#parts)
    for (const outbox of singles) deliveries += outbox.flush(this.#parts)
    this.#parts = []
    this.#counters.deliveries += deliveries
    this.#afterFlush()
  }

  /** Writes one outbox ahead of the turn's end. */
  flushEarly(outbox: Outbox): void {
    this.#sealAll()
    this.#counters.deliveries += outbox.flush(this.#parts)
  }

  countBytes(sizeBytes: number): void {
    this.#counters.bytesOut += sizeBytes
  }

  close(): void {
    this.#stopTicking()
  }

  #place(part: Part): number {
    this.schedule()
    return this.#parts.push(part) - 1
  }

  #sealAll(): void {
    for (const channel of this.#open) channel.seal()
    this.#open = []
  }
}
