import type {BufferedOutcome, SqlValue, Statement} from '../contract/store.js'

/** What an item costs besides its values. */
const OVERHEAD_BYTES = 64

export interface BufferedItem {
  readonly statements: readonly Statement[]
  readonly rows: number
  readonly sizeBytes: number
  readonly settled: Promise<BufferedOutcome>
  settle(outcome: BufferedOutcome): void
}

export interface QueueLimits {
  readonly maxRows: number
  readonly maxBytes: number
  /** Most rows that are taken at once; one item may have more. */
  readonly batchRows: number
}

/** Buffered writes on their way to the writing thread, in order. What does not fit is dropped and counted. */
export class BufferedQueue {
  readonly #limits: QueueLimits
  /** Bounded by `maxRows` and `maxBytes`. */
  #items: BufferedItem[] = []
  #rows = 0
  #sizeBytes = 0
  #droppedRows = 0

  constructor(limits: QueueLimits) {
    this.#limits = limits
  }

  /** Rows that wait, those of the batch that is out included. */
  get rows(): number {
    return this.#rows
  }

  get droppedRows(): number {
    return this.#droppedRows
  }

  get last(): BufferedItem | undefined {
    return this.#items.at(-1)
  }

  get isEmpty(): boolean {
    return this.#items.length === 0
  }

  push(statements: readonly Statement[]): Promise<BufferedOutcome> {
    const {rows, sizeBytes} = measure(statements)
    const {maxRows, maxBytes} = this.#limits
    if (this.#rows + rows > maxRows || this.#sizeBytes + sizeBytes > maxBytes) return this.drop(statements)
    const {promise, resolve} = Promise.withResolvers<BufferedOutcome>()
    this.#items.push({statements, rows, sizeBytes, settled: promise, settle: resolve})
    this.#rows += rows
    this.#sizeBytes += sizeBytes
    return promise
  }

  /** Only counts them. */
  async drop(statements: readonly Statement[]): Promise<BufferedOutcome> {
    this.#droppedRows += measure(statements).rows
    return 'dropped'
  }

  /** The first ones. They stay in the queue until they are settled. */
  nextBatch(): BufferedItem[] {
    let rows = 0
    let count = 0
    for (const item of this.#items) {
      if (count > 0 && rows + item.rows > this.#limits.batchRows) break
      rows += item.rows
      count += 1
    }
    return this.#items.slice(0, count)
  }

  /** Takes out the first items, as many as there are outcomes. */
  settleFirst(outcomes: readonly BufferedOutcome[]): void {
    const settled = this.#items.slice(0, outcomes.length)
    this.#items = this.#items.slice(outcomes.length)
    for (const [index, item] of settled.entries()) {
      const outcome = outcomes[index] ?? 'dropped'
      this.#rows -= item.rows
      this.#sizeBytes -= item.sizeBytes
      if (outcome === 'dropped') this.#droppedRows += item.rows
      item.settle(outcome)
    }
  }

  dropAll(): void {
    this.settleFirst(this.#items.map(() => 'dropped'))
  }
}

/** Rows of statements, and about how much memory they take. */
export function measure(statements: readonly Statement[]): {rows: number; sizeBytes: number} {
  let rows = 0
  let sizeBytes = OVERHEAD_BYTES
  for (const statement of statements) {
    // Numbers are one, as many rows in one text of JSON are: what bounds them is their size.
    rows += statement.rows?.length ?? 1
    sizeBytes += OVERHEAD_BYTES + (statement.numbers?.values.byteLength ?? 0) + sizeOf(statement.params ?? [])
    for (const row of statement.rows ?? []) sizeBytes += sizeOf(row)
  }
  return {rows, sizeBytes}
}

function sizeOf(values: readonly SqlValue[]): number {
  let sizeBytes = OVERHEAD_BYTES
  for (const value of values) {
    if (typeof value === 'string') sizeBytes += value.length * 2
    else if (value instanceof Uint8Array) sizeBytes += value.byteLength
    else sizeBytes += 8
  }
  return sizeBytes
}
