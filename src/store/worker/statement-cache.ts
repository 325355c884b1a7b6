import type {DatabaseSync, StatementSync} from 'node:sqlite'
import {StoreFault} from '../store-fault.js'

const MAX_STATEMENTS = 100

/** Transactions are the store's: one that a statement ends or leaves open would be everybody's. */
const NOT_FOR_CALLERS = /^\s*(?:begin|commit|end|rollback|savepoint|release|attach|detach)\b/i

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
    const statement = known ?? this.#prepare(sql)
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

  #prepare(sql: string): StatementSync {
    if (!NOT_FOR_CALLERS.test(sql)) return this.#database.prepare(sql)
    throw new StoreFault({
      code: 'statement_invalid',
      message: 'statements begin and end no transactions, and attach no files',
    })
  }
}
