import type {Statement} from '../../contract/store.js'
import {EventRows} from './event-rows.js'
import type {CountedMessages} from './message-counter.js'
import {MessageRows} from './message-rows.js'
import {NumberTable} from './number-table.js'
import type {RecordedEvent} from './recorded-event.js'
import * as sql from './rollup-sql.js'
import {Rollups} from './rollups.js'
import {kindOf, type SentMessage} from './sent-message.js'

/** Events on their way to the store, and the sums that they are part of: stored together or not at all. */
export class Batch {
  readonly #rows = new EventRows()
  readonly #messages = new MessageRows()
  /** Minute, user, room, code of the type, messages. */
  readonly #counts = new NumberTable(5)
  #countedMessages = 0
  readonly rollups = new Rollups()

  /** Events that have a row of their own, or are part of a count. */
  get events(): number {
    return this.#rows.count + this.#messages.count + this.#countedMessages
  }

  /** How much there is to write, in rows. */
  get weight(): number {
    return this.#rows.count + this.#messages.count + this.#counts.count
  }

  get isEmpty(): boolean {
    return this.weight === 0 && this.rollups.isEmpty
  }

  addEvent(event: RecordedEvent): void {
    this.#rows.add(event)
  }

  addMessage(id: number, sent: SentMessage): void {
    this.#messages.add(id, sent)
  }

  /** `rowsAmongThem`: so many of the messages have rows of their own, too. */
  addCounts({minuteMs, cells}: Pick<CountedMessages, 'minuteMs' | 'cells'>, rowsAmongThem: number): void {
    for (const {userId, roomId, type, count} of cells) {
      this.#counts.add([minuteMs, userId, roomId, kindOf(type).code, count])
      this.#countedMessages += count
    }
    this.#countedMessages -= rowsAmongThem
  }

  /** Takes over the sums of a batch that was not stored, whose events are lost. */
  absorbEarlier(earlier: Batch): void {
    this.rollups.absorbEarlier(earlier.rollups)
  }

  forget(userId: number): void {
    this.rollups.forget(userId)
    this.#rows.forget(userId)
    this.#messages.forget(userId)
    this.#counts.remove(1, userId)
  }

  statements(): Statement[] {
    const statements = this.rollups.statements()
    if (this.#rows.count > 0) statements.push({sql: sql.INSERT_EVENTS, params: [this.#rows.toJson()]})
    if (this.#messages.count > 0) statements.push({sql: sql.INSERT_MESSAGES, numbers: this.#messages.toNumbers()})
    if (this.#counts.count > 0) {
      statements.push({sql: sql.UPSERT_MESSAGE_COUNTS, numbers: this.#counts.toNumbers()})
    }
    return statements
  }
}
