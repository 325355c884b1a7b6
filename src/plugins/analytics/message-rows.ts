import type {NumberRows} from '../../contract/store.js'
import {kindOf, roomOf, type SentMessage} from './sent-message.js'

/** Numbers of a row: id, time, user, room, and the code of its type. */
const WIDTH = 5
const FIRST_ROWS = 2048

/** Rows of single messages, as numbers: tens of thousands a second would otherwise all be garbage. */
export class MessageRows {
  /** Grows with its rows, which are bounded by whoever adds them; most servers keep none. */
  #values = new Float64Array(0)
  #length = 0

  get count(): number {
    return this.#length / WIDTH
  }

  add(id: number, {userId, readAtMs, message}: SentMessage): void {
    if (this.#length === this.#values.length) this.#grow()
    const values = this.#values
    const start = this.#length
    values[start] = id
    values[start + 1] = readAtMs
    values[start + 2] = userId
    values[start + 3] = roomOf(message)
    values[start + 4] = kindOf(message).code
    this.#length = start + WIDTH
  }

  forget(userId: number): void {
    const values = this.#values
    let end = 0
    for (let start = 0; start < this.#length; start += WIDTH) {
      if (values[start + 2] === userId) continue
      values.copyWithin(end, start, start + WIDTH)
      end += WIDTH
    }
    this.#length = end
  }

  /** Those so far, in memory of their own: all of it is copied on its way to another thread. */
  toNumbers(): NumberRows {
    return {values: this.#values.slice(0, this.#length), width: WIDTH}
  }

  #grow(): void {
    const grown = new Float64Array(Math.max(FIRST_ROWS * WIDTH, this.#length * 2))
    grown.set(this.#values)
    this.#values = grown
  }
}
