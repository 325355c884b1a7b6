import type {AnalyticsEventType} from '../../contract/analytics.js'
import type {RecordedEvent} from './recorded-event.js'
import {kindOf, roomOf, type SentMessage} from './sent-message.js'

/**
 * The newest events. They are kept by columns, and an event is made of them when somebody looks: objects that stay for a
 * while and are then thrown away are what holds up collecting garbage most.
 */
export class EventRing {
  readonly #size: number
  readonly #ids: Float64Array
  readonly #timesMs: Float64Array
  /** 0: none. */
  readonly #userIds: Float64Array
  readonly #roomIds: Float64Array
  readonly #types: AnalyticsEventType[] = []
  readonly #data: (string | null)[] = []
  /** Where the next one goes. */
  #next = 0
  #count = 0

  constructor(size: number) {
    this.#size = size
    this.#ids = new Float64Array(size)
    this.#timesMs = new Float64Array(size)
    this.#userIds = new Float64Array(size)
    this.#roomIds = new Float64Array(size)
  }

  get count(): number {
    return this.#count
  }

  add({id, atMs, type, userId, roomId, data}: RecordedEvent): void {
    const place = this.#next
    this.#ids[place] = id
    this.#timesMs[place] = atMs
    this.#userIds[place] = userId ?? 0
    this.#roomIds[place] = roomId ?? 0
    this.#types[place] = type
    this.#data[place] = data
    this.#advance()
  }

  addMessage(id: number, {userId, readAtMs, message}: SentMessage): void {
    const place = this.#next
    this.#ids[place] = id
    this.#timesMs[place] = readAtMs
    this.#userIds[place] = userId
    this.#roomIds[place] = roomOf(message)
    this.#types[place] = 'message_sent'
    this.#data[place] = kindOf(message.type).data
    this.#advance()
  }

  /** `age` from 0, the newest, to `count` - 1. */
  get(age: number): RecordedEvent {
    const place = (this.#next - 1 - age + this.#size) % this.#size
    return {
      id: this.#ids[place] ?? 0,
      atMs: this.#timesMs[place] ?? 0,
      type: this.#types[place] as AnalyticsEventType,
      userId: this.#userIds[place] || null,
      roomId: this.#roomIds[place] || null,
      data: this.#data[place] ?? null,
    }
  }

  forget(userId: number): void {
    const kept: RecordedEvent[] = []
    for (let age = this.#count - 1; age >= 0; age -= 1) {
      const event = this.get(age)
      if (event.userId !== userId) kept.push(event)
    }
    this.#next = 0
    this.#count = 0
    this.#types.length = 0
    this.#data.length = 0
    for (const event of kept) this.add(event)
  }

  #advance(): void {
    this.#next = this.#next + 1 === this.#size ? 0 : this.#next + 1
    if (this.#count < this.#size) this.#count += 1
  }
}
