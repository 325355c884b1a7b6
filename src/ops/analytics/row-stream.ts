import type {RowCell, RowLine} from '../../contract/row-lines.js'
import {type ErrorCode, GsError} from '../../errors.js'

/** Rows as they come, in portions. */
export class RowStream {
  readonly columns: readonly string[]
  /** How many there will be at most; null: unknown. */
  readonly total: number | null
  readonly #lines: AsyncIterator<RowLine>
  #isCut = false

  private constructor(
    lines: AsyncIterator<RowLine>,
    {columns, total}: {columns: readonly string[]; total: number | null},
  ) {
    this.#lines = lines
    this.columns = columns
    this.total = total
  }

  /** @throws {GsError} what is wrong with the query, or the store, as its first line says. */
  static async open(lines: AsyncIterable<RowLine>): Promise<RowStream> {
    const iterator = lines[Symbol.asyncIterator]()
    const line = await next(iterator)
    if (!('columns' in line)) throw outOfTurn()
    return new RowStream(iterator, line)
  }

  /** There are more rows than were asked for; known when all have been read. */
  get isCut(): boolean {
    return this.#isCut
  }

  /** @throws {GsError} when something goes wrong in the middle. */
  async *portions(): AsyncGenerator<readonly (readonly RowCell[])[], void, void> {
    try {
      for (;;) {
        const line = await next(this.#lines)
        if ('end' in line) {
          this.#isCut = line.end.isCut
          return
        }
        if (!('rows' in line)) throw outOfTurn()
        yield line.rows
      }
    } finally {
      await this[Symbol.asyncDispose]()
    }
  }

  /** Lets go of whoever sends the rows, read or not. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#lines.return?.()
  }
}

async function next(lines: AsyncIterator<RowLine>): Promise<RowLine> {
  const {value, done} = await lines.next()
  if (done) throw new GsError('connection_closed', 'the rows broke off before their end')
  const line = value as RowLine
  if (!('error' in line)) return line
  const {code, message, hint} = line.error
  throw new GsError(code as ErrorCode, message, hint === null ? {} : {hint})
}

function outOfTurn(): GsError {
  return new GsError('version_mismatch', 'the rows came in an order that this gs does not know')
}
