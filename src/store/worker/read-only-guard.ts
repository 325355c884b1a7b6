import {constants, type DatabaseSync} from 'node:sqlite'
import {StoreFault} from '../store-fault.js'

/** Functions of SQLite that give rows and touch no data. */
const ROW_FUNCTIONS = ['json_each', 'json_tree']
/** What stands between statements: white space, semicolons, comments. */
const NOTHING = /^(?:[\s;]|--[^\n]*(?:\n|$)|\/\*[\s\S]*?(?:\*\/|$))*$/

/** Why a statement was refused. */
export interface Refusal {
  readonly message: string
  readonly hint: string | null
}

/**
 * Lets a connection read views, what stands behind them, and nothing else. SQLite itself only says that it refused a
 * statement; `refusal` tells why.
 */
export class ReadOnlyGuard {
  readonly #views: ReadonlySet<string>
  readonly #tablePrefix: string
  /** Everything there is to read. Another name is one that a query gives to a part of itself. */
  readonly #known: ReadonlySet<string>
  #refusal: Refusal | undefined

  constructor(database: DatabaseSync, {views, tablePrefix}: {views: readonly string[]; tablePrefix: string}) {
    this.#views = new Set([...views, ...ROW_FUNCTIONS])
    this.#tablePrefix = tablePrefix
    this.#known = new Set(
      ['SELECT name FROM sqlite_schema', 'SELECT name FROM pragma_module_list'].flatMap(sql =>
        database
          .prepare(sql)
          .all()
          .map(({name}) => String(name)),
      ),
    )
    database.setAuthorizer((action, first, second, _database, viewOrTrigger) => {
      const refusal = this.#judge(action, first ?? '', second ?? '', viewOrTrigger ?? '')
      if (refusal === null) return constants.SQLITE_OK
      this.#refusal ??= typeof refusal === 'string' ? {message: refusal, hint: null} : refusal
      return constants.SQLITE_DENY
    })
  }

  /** The first one; undefined: nothing was refused. */
  get refusal(): Refusal | undefined {
    return this.#refusal
  }

  /** `prepared`: the part of `sql` that SQLite took for the statement. */
  checkWhole(sql: string, prepared: string): void {
    if (NOTHING.test(sql.slice(sql.indexOf(prepared) + prepared.length))) return
    throw new StoreFault({code: 'statement_invalid', message: 'only one statement at a time'})
  }

  #judge(action: number, first: string, second: string, viewOrTrigger: string): Refusal | string | null {
    switch (action) {
      case constants.SQLITE_SELECT:
      case constants.SQLITE_RECURSIVE:
        return null
      case constants.SQLITE_FUNCTION:
        return second === 'load_extension' ? 'a query loads no extensions' : null
      case constants.SQLITE_READ:
        return this.#mayRead(first, second, viewOrTrigger) ? null : this.#notAView(first)
      case constants.SQLITE_PRAGMA:
        return 'a query sets and reads no pragmas'
      case constants.SQLITE_TRANSACTION:
      case constants.SQLITE_SAVEPOINT:
        return 'a query begins and ends no transactions'
      default:
        return 'a query only reads'
    }
  }

  /** Without a column, rows are only counted; SQLite does not say by which view then. */
  #mayRead(table: string, column: string, view: string): boolean {
    if (this.#views.has(table)) return true
    // A part of a query may have the name of a view, too; so what is behind one must also be of ours.
    if (table.startsWith(this.#tablePrefix)) return column === '' || this.#views.has(view)
    return !this.#known.has(table) && !table.startsWith('sqlite_')
  }

  #notAView(table: string): Refusal {
    const views = [...this.#views].filter(name => !ROW_FUNCTIONS.includes(name))
    return {message: `${table} is no view that a query may read`, hint: `There are ${views.join(', ')}.`}
  }
}
