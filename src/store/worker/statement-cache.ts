import type {DatabaseSync, StatementSync} from 'node:sqlite'

const MAX_STATEMENTS = 100

/** Prepared statements by their text, the least recently used dropped first. */
export class StatementCache {
  readonly #database: DatabaseSync
  /** Bounded by `MAX_STATEMENTS`; the order is that of use. */
  readonly #statements = new Map<string, StatementSync>()

  constructor(database: DatabaseSync) {
    this.#database = database
  }

  get(sql: string): StatementSync {
    const known = this.#statements.get(sql)
    const statement = known ?? this.#database.prepare(sql)
    this.#statements.delete(sql)
    this.#statements.set(sql, statement)
    if (this.#statements.size > MAX_STATEMENTS) {
      for (const oldest of this.#statements.keys()) {
        this.#statements.delete(oldest)
        break
      }
    }
    return statement
  }
}
