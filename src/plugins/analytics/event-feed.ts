import type {Dropped} from '../../contract/admin.js'
import type {AnalyticsEvent, EventFilter} from '../../contract/analytics.js'
import {EventQueue} from '../../util/event-queue.js'
import {EventRing} from './event-ring.js'
import {matches, type RecordedEvent, toEvent} from './recorded-event.js'
import type {SentMessage} from './sent-message.js'

const MAX_READERS = 100
const QUEUE_LIMIT = 1000

interface Reader {
  readonly filter: EventFilter
  readonly queue: EventQueue<AnalyticsEvent>
}

/** Recent events, and readers of those that come. */
export class EventFeed {
  readonly #ring: EventRing
  readonly #onReadersChange: () => void
  /** Bounded by `MAX_READERS`. */
  readonly #readers = new Set<Reader>()
  #missed = 0

  constructor({size, onReadersChange}: {size: number; onReadersChange: () => void}) {
    this.#ring = new EventRing(size)
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
    this.#ring.add(event)
    if (this.#readers.size > 0) this.#tell(event)
  }

  addMessage(id: number, sent: SentMessage): void {
    this.#ring.addMessage(id, sent)
    if (this.#readers.size > 0) this.#tell(this.#ring.get(0))
  }

  /** Oldest first, at most the last `limit`. */
  recent(filter: EventFilter, limit: number): AnalyticsEvent[] {
    const found: AnalyticsEvent[] = []
    for (let age = 0; age < this.#ring.count && found.length < limit; age += 1) {
      const event = this.#ring.get(age)
      if (matches(event, filter)) found.push(toEvent(event))
    }
    return found.reverse()
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
    this.#ring.forget(userId)
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
