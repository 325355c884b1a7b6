import type {SqlValue} from '../contract/store.js'

/** What a process of its own is to read from a store; its answer is lines of JSON, see `RowLine`. */
export interface RowJob {
  readonly file: string
  readonly sql: string
  readonly params: readonly SqlValue[]
  /** Counts the rows first, with the same parameters; null: nobody wants to know. */
  readonly countSql: string | null
  /** More rows are cut off; null: all. */
  readonly maxRows: number | null
  /** What may be read, with tables whose names begin with `tablePrefix` behind it. */
  readonly views: readonly string[]
  readonly tablePrefix: string
}
