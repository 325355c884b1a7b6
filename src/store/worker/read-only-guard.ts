import {constants, type DatabaseSync} from 'node:sqlite'
import {StoreFault} from '../store-fault.js'

/** Functions of SQLite that give rows and touch no data. */
const ROW_FUNCTIONS: ReadonlySet<string> = new Set(['json_each', 'json_tree'])
/** What stands between statements: white space, semicolons, comments. */
const NOTHING = /^(?:[\s;]|--[^\n]*(?:\n|$)|\/\*[\s\S]*?(?:\*\/|$))*$/

/**
 * Lets a connection read views, what stands behind them, and nothing else. `check` tells why a statement was refused in
 * words; SQLite itself only says that it was.
 */
export class ReadOnlyGuard {
  readonly #views: ReadonlySet<string>
  readonly #tablePrefix: string
  #refusal: string | undefined

  constructor({views, tablePrefix}: {views: readonly string[]; tablePrefix: string}) {
    this.#views = new Set(views)
    this.#tablePrefix = tablePrefix
  }

  attach(database: DatabaseSync): void {
    database.setAuthorizer((action, first, second, _database, viewOrTrigger) => {
      const refusal = this.#judge(action, first, second, viewOrTrigger)
      if (refusal === null) return constants.SQLITE_OK
      this.#refusal ??= refusal
      return constants.SQLITE_DENY
    })
  }

  /** `prepared`: the part of `sql` that SQLite took for the statement. */
  checkWhole(sql: string, prepared: string): void {
    if (NOTHING.test(sql.slice(sql.indexOf(prepared) + prepared.length))) return
    throw new StoreFault({code: 'statement_invalid', message: 'only one statement at a time'})
  }

  /** The failure of a statement, in words that say what is wrong with it. */
  explain(error: unknown): unknown {
    if (this.#refusal === undefined) return error
    return new StoreFault({code: 'statement_invalid', message: this.#refusal}, {cause: error})
  }

  /** Null: it may. A name that a query gives itself may be that of a view, so a table behind it must be one of ours, too. */
  #judge(action: number, first: string | null, second: string | null, viewOrTrigger: string | null): string | null {
    switch (action) {
      case constants.SQLITE_SELECT:
      case constants.SQLITE_RECURSIVE:
        return null
      case constants.SQLITE_FUNCTION:
        return second === 'load_extension' ? 'a query loads no extensions' : null
      case constants.SQLITE_READ: {
        const table = first ?? ''
        if (this.#views.has(table) || ROW_FUNCTIONS.has(table)) return null
        if (table.startsWith(this.#tablePrefix) && this.#views.has(viewOrTrigger ?? '')) return null
        return `${table} is none of the views that a query may read: ${[...this.#views].join(', ')}`
      }
      case constants.SQLITE_PRAGMA:
        return 'a query sets and reads no pragmas'
      case constants.SQLITE_TRANSACTION:
      case constants.SQLITE_SAVEPOINT:
        return 'a query begins and ends no transactions'
      default:
        return 'a query only reads'
    }
  }
}
