import {NumberTable} from './number-table.js'
import type {RecordedEvent} from './recorded-event.js'

/** Numbers of a row: id, time, user, room. */
const WIDTH = 4
const USER = 2
const ROOM = 3

/**
 * Events on their way to the store, by columns. While thousands connect there are thousands that wait, and the text of a
 * row takes many times what its numbers do, so that is made when it is needed.
 */
export class EventRows {
  readonly #numbers = new NumberTable(WIDTH)
  /** Types and data by row; bounded by whoever adds them. */
  #types: string[] = []
  #data: (string | null)[] = []

  get count(): number {
    return this.#types.length
  }

  add({id, atMs, type, userId, roomId, data}: RecordedEvent): void {
    const start = this.#numbers.addRow()
    const {values} = this.#numbers
    values[start] = id
    values[start + 1] = atMs
    values[start + USER] = userId ?? 0
    values[start + ROOM] = roomId ?? 0
    this.#types.push(type)
    this.#data.push(data)
  }

  forget(userId: number): void {
    const {values} = this.#numbers
    const isKept = (_: unknown, row: number) => values[row * WIDTH + USER] !== userId
    this.#types = this.#types.filter(isKept)
    this.#data = this.#data.filter(isKept)
    this.#numbers.remove(USER, userId)
  }

  /** An array of rows, each an array. */
  toJson(): string {
    const {values} = this.#numbers
    const rows = this.#types.map((type, row) => {
      const start = row * WIDTH
      const who = values[start + USER] || null
      const where = values[start + ROOM] || null
      return `[${values[start]},${values[start + 1]},"${type}",${who},${where},${this.#data[row]}]`
    })
    return `[${rows.join(',')}]`
  }
}
