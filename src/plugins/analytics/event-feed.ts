import type {Dropped} from '../../contract/admin.js'
import type {AnalyticsEvent, EventFilter} from '../../contract/analytics.js'
import {EventQueue} from '../../util/event-queue.js'
import {matches, type RecordedEvent, toEvent} from './recorded-event.js'

const MAX_READERS = 100
const QUEUE_LIMIT = 1000

interface Reader {
  readonly filter: EventFilter
  readonly queue: EventQueue<AnalyticsEvent>
}

/** Recent events, and readers of those that come. */
export class EventFeed {
  /** A ring of `size` events; `#next` is where the next one goes. */
  readonly #ring: RecordedEvent[] = []
  readonly #size: number
  readonly #onReadersChange: () => void
  /** Bounded by `MAX_READERS`. */
  readonly #readers = new Set<Reader>()
  #next = 0
  #missed = 0

  constructor({size, onReadersChange}: {size: number; onReadersChange: () => void}) {
    this.#size = size
    this.#onReadersChange = onReadersChange
  }

  get readerCount(): number {
    return this.#readers.size
  }

  get missed(): number {
    return this.#missed
  }

  /** Somebody wants to see single messages. */
  get isForMessages(): boolean {
    return this.#readers.values().some(({filter: {types}}) => types === undefined || types.includes('message_sent'))
  }

  add(event: RecordedEvent): void {
    this.#ring[this.#next] = event
    this.#next = (this.#next + 1) % this.#size
    if (this.#readers.size > 0) this.#tell(event)
  }

  /** Oldest first, at most the last `limit`. */
  recent(filter: EventFilter, limit: number): AnalyticsEvent[] {
    const ordered = [...this.#ring.slice(this.#next), ...this.#ring.slice(0, this.#next)]
    const found = ordered.filter(event => matches(event, filter))
    return found.slice(Math.max(0, found.length - limit)).map(toEvent)
  }

  /** Undefined: there are too many readers. */
  subscribe(filter: EventFilter, signal?: AbortSignal): AsyncIterableIterator<AnalyticsEvent | Dropped> | undefined {
    if (this.#readers.size >= MAX_READERS) return undefined
    const queue = new EventQueue<AnalyticsEvent>({
      limit: QUEUE_LIMIT,
      signal,
      onEnd: () => {
        this.#readers.delete(reader)
        this.#onReadersChange()
      },
    })
    const reader: Reader = {filter, queue}
    if (!queue.hasEnded) this.#readers.add(reader)
    this.#onReadersChange()
    return queue
  }

  forget(userId: number): void {
    const others = this.#ring.slice(this.#next).concat(this.#ring.slice(0, this.#next))
    const kept = others.filter(event => event.userId !== userId)
    this.#ring.splice(0, this.#ring.length, ...kept)
    this.#next = kept.length % this.#size
  }

  close(): void {
    for (const {queue} of [...this.#readers]) queue.end()
  }

  #tell(event: RecordedEvent): void {
    let shown: AnalyticsEvent | undefined
    for (const {filter, queue} of this.#readers) {
      if (!matches(event, filter)) continue
      shown ??= toEvent(event)
      if (!queue.push(shown)) this.#missed += 1
    }
  }
}
