import type {NumberRows} from '../../contract/store.js'

const FIRST_ROWS = 64

/** Rows of numbers on their way to the store. Text or objects instead would be garbage, and take longer to get there. */
export class NumberTable {
  readonly #width: number
  /** Grows with its rows, which are bounded by whoever adds them. */
  #values = new Float64Array(0)
  #length = 0

  constructor(width: number) {
    this.#width = width
  }

  get count(): number {
    return this.#length / this.#width
  }

  add(row: readonly number[]): void {
    const start = this.addRow()
    this.#values.set(row, start)
  }

  /** Makes room for a row without making one; returns where in `values` it is to be written. */
  addRow(): number {
    if (this.#length === this.#values.length) this.#grow()
    const start = this.#length
    this.#length += this.#width
    return start
  }

  /** Until the next row is added. */
  get values(): Float64Array {
    return this.#values
  }

  /** Adds the rows of another table, which is as wide. */
  append(other: NumberTable): void {
    while (this.#length + other.#length > this.#values.length) this.#grow()
    this.#values.set(other.#values.subarray(0, other.#length), this.#length)
    this.#length += other.#length
  }

  /** Takes out the rows that have this value in a column. */
  remove(column: number, value: number): void {
    const values = this.#values
    let end = 0
    for (let start = 0; start < this.#length; start += this.#width) {
      if (values[start + column] === value) continue
      values.copyWithin(end, start, start + this.#width)
      end += this.#width
    }
    this.#length = end
  }

  /** Those so far, in memory of their own: all of it is copied on its way to another thread. */
  toNumbers(): NumberRows {
    return {values: this.#values.slice(0, this.#length), width: this.#width}
  }

  #grow(): void {
    const grown = new Float64Array(Math.max(FIRST_ROWS * this.#width, this.#values.length * 2))
    grown.set(this.#values)
    this.#values = grown
  }
}
