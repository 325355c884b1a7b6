import type {NumberRows} from '../../contract/store.js'
import {NumberTable} from './number-table.js'
import {kindOf, roomOf, type SentMessage} from './sent-message.js'

/** Numbers of a row: id, time, user, room, and the code of its type. */
const WIDTH = 5
const USER = 2

/** Rows of single messages, of which there may be tens of thousands a second. */
export class MessageRows {
  readonly #table = new NumberTable(WIDTH)

  get count(): number {
    return this.#table.count
  }

  add(id: number, {userId, readAtMs, message}: SentMessage): void {
    const start = this.#table.addRow()
    const {values} = this.#table
    values[start] = id
    values[start + 1] = readAtMs
    values[start + USER] = userId
    values[start + 3] = roomOf(message)
    values[start + 4] = kindOf(message.type).code
  }

  forget(userId: number): void {
    this.#table.remove(USER, userId)
  }

  toNumbers(): NumberRows {
    return this.#table.toNumbers()
  }
}
