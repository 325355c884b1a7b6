/**
 * How rows of SQL travel between processes: lines of JSON, so that whoever passes them on need not look inside. First
 * `columns`, then `rows` as often as it takes, at last `end` or `error`.
 */

/** Blobs are strings of hexadecimal digits. */
export type RowCell = null | number | string

export type RowLine =
  | {
      readonly columns: readonly string[]
      /** How many rows will come at most; null: nobody has counted them. */
      readonly total: number | null
    }
  | {readonly rows: readonly (readonly RowCell[])[]}
  | {
      readonly end: {
        readonly rows: number
        /** There are more rows than were asked for. */
        readonly isCut: boolean
      }
    }
  | {readonly error: {readonly code: string; readonly message: string; readonly hint: string | null}}

/** SQL as somebody wrote it. */
export interface QueryRequest {
  /** One statement that only reads, from the views of `docs/analytics.md`. */
  readonly sql: string
  /** More rows are cut off: 1 to 100 000. */
  readonly maxRows: number
  /** The process that runs it is killed after this: 1 to 600 000. */
  readonly limitMs: number
}

/** All rows of one view. */
export interface ExportRequest {
  readonly view: string
  /** Milliseconds since the epoch; undefined: all. */
  readonly sinceMs?: number | undefined
}
