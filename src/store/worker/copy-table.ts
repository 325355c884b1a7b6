import type {DatabaseSync, StatementSync} from 'node:sqlite'
import type {SqlValue} from '../../contract/store.js'
import {primaryCode} from './failure.js'
import {quoteName} from './find-damage.js'

const FULL = 13
const FIRST_ROW_ID = -(2n ** 63n)
const LAST_ROW_ID = 2n ** 63n - 1n
/** How often a gap is looked into for rows between two damaged places. */
const MAX_PROBES = 500

export interface SchemaEntry {
  readonly type: string
  readonly name: string
  readonly sql: string
}

export interface CopiedTable {
  readonly rows: number
  /** Nothing was in the way. */
  readonly isWhole: boolean
}

interface Columns {
  readonly names: readonly string[]
  /** The columns that order a table without row ids; null: it has them. */
  readonly keys: readonly string[] | null
}

/** Copies the rows of a table that can be read; the target gets the table first. */
export function copyTable(source: DatabaseSync, target: DatabaseSync, {name, sql}: SchemaEntry): CopiedTable {
  let columns: Columns
  try {
    target.exec(sql)
    columns = readColumns(target, name)
  } catch {
    // What stands in the schema is no table any more. Its name is reported.
    return {rows: 0, isWhole: false}
  }
  const copy = new TableCopy(source, target, name, columns)
  if (columns.keys === null) copy.copyByRowId()
  else copy.copyByKeys(columns.keys)
  return copy
}

/** The target's table is as good as the source's, and can be read. */
function readColumns(target: DatabaseSync, name: string): Columns {
  const columns = target.prepare('SELECT name, pk FROM pragma_table_xinfo(?) WHERE hidden = 0').all(name)
  const names = columns.map(column => String(column.name))
  const table = target.prepare("SELECT wr FROM pragma_table_list WHERE name = ? AND schema = 'main'").get(name)
  if (table?.wr !== 1) return {names, keys: null}
  const keys = columns.filter(({pk}) => Number(pk) > 0).sort((one, other) => Number(one.pk) - Number(other.pk))
  return {names, keys: keys.map(column => String(column.name))}
}

class TableCopy implements CopiedTable {
  readonly #source: DatabaseSync
  readonly #insert: StatementSync
  readonly #select: string
  #probes = 0
  rows = 0
  isWhole = true

  constructor(source: DatabaseSync, target: DatabaseSync, name: string, {names, keys}: Columns) {
    const table = quoteName(name)
    const list = names.map(quoteName).join(', ')
    // Row ids stay as they are, also where no column is their alias.
    const all = keys === null ? `rowid, ${list}` : list
    const marks = all.split(', ').map(() => '?')
    this.#source = source
    this.#insert = target.prepare(`INSERT OR IGNORE INTO ${table} (${all}) VALUES (${marks.join(', ')})`)
    this.#select = `SELECT ${all} FROM ${table} NOT INDEXED`
  }

  /** From both ends as far as it goes, and then into the gap, from the middle of it. */
  copyByRowId(from = FIRST_ROW_ID, to = LAST_ROW_ID): void {
    if (from > to || this.#probes >= MAX_PROBES) return
    this.#probes += 1
    const range = `${this.#select} WHERE rowid BETWEEN ? AND ? ORDER BY rowid`
    const up = this.#copyRows(range, [from, to])
    if (up.isAtEnd) return
    const down = this.#copyRows(`${range} DESC`, [from, to])
    // Where not one row can be read from the ends, its row ids are unknown, so there is no middle.
    const low = up.last ?? from
    const high = down.last ?? to
    if (high - low > LAST_ROW_ID) return
    const middle = (low + high) / 2n
    this.copyByRowId(low + 1n, middle)
    this.copyByRowId(middle + 1n, high - 1n)
  }

  copyByKeys(keys: readonly string[]): void {
    const columns = keys.map(quoteName)
    if (this.#copyRows(`${this.#select} ORDER BY ${columns.join(', ')}`, []).isAtEnd) return
    this.#copyRows(`${this.#select} ORDER BY ${columns.map(column => `${column} DESC`).join(', ')}`, [])
  }

  /** `last`: the first column of the last row that could be read. */
  #copyRows(sql: string, params: readonly SqlValue[]): {isAtEnd: boolean; last: bigint | undefined} {
    let last: bigint | undefined
    try {
      const select = this.#source.prepare(sql, {returnArrays: true, readBigInts: true})
      for (const row of select.iterate(...params) as Iterable<unknown> as Iterable<SqlValue[]>) {
        if (typeof row[0] === 'bigint') last = row[0]
        this.#keep(row)
      }
      return {isAtEnd: true, last}
    } catch (error) {
      if (primaryCode(error) === FULL) throw error
      this.isWhole = false
      return {isAtEnd: false, last}
    }
  }

  #keep(row: readonly SqlValue[]): void {
    try {
      this.rows += Number(this.#insert.run(...row).changes)
    } catch (error) {
      if (primaryCode(error) === FULL) throw error
      // What stands there is not what the table may hold.
      this.isWhole = false
    }
  }
}
