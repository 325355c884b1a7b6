/**
 * The data store as plugins see it: SQL on a file that other threads write and read, so that the main thread never waits
 * for the disk. Statements are text with parameters; tables of a plugin are named `<plugin>_…`.
 */

export type SqlValue = null | number | bigint | string | Uint8Array

/** Rows of `width` numbers, one after the other: the cheapest way for many, as they are no objects. */
export interface NumberRows {
  /** Without anything else in its memory, which is copied as a whole. */
  readonly values: Float64Array
  readonly width: number
}

/** One statement, run once with `params`, or once for each of `rows` or `numbers`; one of these at most. */
export interface Statement {
  readonly sql: string
  readonly params?: readonly SqlValue[]
  readonly rows?: readonly (readonly SqlValue[])[]
  readonly numbers?: NumberRows
}

export type Row = {readonly [column: string]: SqlValue}

/**
 * `durable`: before everything that is buffered, and confirmed after a COMMIT that has reached the disk. `buffered`: with
 * the next group; a crash of the machine may lose the last second, a crash of the process nothing that was confirmed.
 */
export type WriteClass = 'durable' | 'buffered'

/** What became of a buffered write. Only `stored` is kept. */
export type BufferedOutcome = 'stored' | 'dropped'

export interface StoreStatus {
  /** Absolute path of the file; null: everything is in memory and ends with the server. */
  readonly file: string | null
  /** `ok`, or why nothing is being kept at the moment. It is tried again with each write. */
  readonly state: 'ok' | 'disk_full' | 'read_only' | 'failed'
  /** Of the last failure; null while `ok`. */
  readonly problem: string | null
  readonly sizeBytes: number
  /** Rows that wait to be written. */
  readonly queuedRows: number
  /** Buffered rows that were dropped since the start. */
  readonly droppedRows: number
  readonly commits: number
  /**
   * Where a file that could not be read was set aside at the start, and what was saved of it; null: it was fine.
   * `lostTables`: those of which not everything could be read; `*`: nobody knows which there were.
   */
  readonly salvage: {readonly file: string; readonly rows: number; readonly lostTables: readonly string[]} | null
}

export interface QueryLimits {
  /** Most rows; more is an error. Default 100 000. */
  readonly maxRows?: number
}

export interface Store {
  /** False: everything is in memory and ends with the server. */
  readonly isLasting: boolean
  /** Null: nothing has used the store yet. */
  status(): StoreStatus | null
  /**
   * Brings the tables of `owner` up to date: `steps` are scripts of SQL, each run once and never changed later; a new
   * version adds one at the end.
   *
   * @throws {GsError} store_newer when the file has more steps than these; store_unavailable; statement_invalid for a
   * step that fails. Nothing has changed then.
   */
  migrate(owner: string, steps: readonly string[]): Promise<void>
  /**
   * Runs statements as one transaction and resolves when that is on the disk. They must not be changed until then.
   *
   * @throws {GsError} store_unavailable when it could not be written, statement_invalid when SQLite turns one down:
   * nothing of it is stored then. Only if the writing thread itself dies, it may have been.
   */
  write(statements: readonly Statement[]): Promise<void>
  /**
   * Runs statements as one transaction some time soon. Never rejects: a full queue or a broken disk drops them, which is
   * counted. A batch of statements is stored as a whole or not at all; with more than 500 rows it holds up durable
   * writes. They must not be changed until it resolves.
   */
  append(statements: readonly Statement[]): Promise<BufferedOutcome>
  /**
   * Rows of one reading statement, as of the last commit. Whole numbers beyond 2^53-1 come as bigint, others as number.
   * There is no time limit: a thread of SQLite cannot be interrupted, so the SQL must be trusted.
   *
   * @throws {GsError} store_unavailable; limit_reached for more than `maxRows`; statement_invalid.
   */
  query<Columns extends Row = Row>(sql: string, params?: readonly SqlValue[], limits?: QueryLimits): Promise<Columns[]>
  /** Resolves when everything that was given so far is committed or dropped, or the disk is found broken. */
  flush(): Promise<void>
  /**
   * Copies the live store into a new file that only its owner can read.
   *
   * @throws {GsError} file_exists, file_unwritable or store_unavailable.
   */
  backup(path: string): Promise<{readonly sizeBytes: number}>
}
