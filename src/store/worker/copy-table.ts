import type {DatabaseSync, StatementSync} from 'node:sqlite'
import type {SqlValue} from '../../contract/store.js'
import {primaryCode} from './failure.js'
import {quoteName} from './find-damage.js'

const FULL = 13

export interface SchemaEntry {
  readonly type: string
  readonly name: string
  readonly sql: string
}

interface Columns {
  readonly names: readonly string[]
  /** What gives the rows their order in the file. */
  readonly order: string
}

/**
 * Copies what can be read of a table: from its first row on until a page cannot be read, and then from its last row
 * backwards. `isWhole`: nothing was in the way.
 */
export function copyTable(
  source: DatabaseSync,
  target: DatabaseSync,
  {name, sql}: SchemaEntry,
): {rows: number; isWhole: boolean} {
  let columns: Columns
  try {
    target.exec(sql)
    columns = readColumns(target, name)
  } catch {
    return {rows: 0, isWhole: false}
  }
  const list = columns.names.map(quoteName).join(', ')
  const insert = target.prepare(
    `INSERT OR IGNORE INTO ${quoteName(name)} (${list}) VALUES (${columns.names.map(() => '?').join(', ')})`,
  )
  const select = `SELECT ${list} FROM ${quoteName(name)} NOT INDEXED`
  const forwards = copyRows(source, `${select} ORDER BY ${columns.order}`, insert)
  if (forwards.isWhole) return forwards
  const backwards = copyRows(source, `${select} ORDER BY ${columns.order.replaceAll(',', ' DESC,')} DESC`, insert)
  return {rows: forwards.rows + backwards.rows, isWhole: false}
}

/** The target's table is as good as the source's, and can be read. */
function readColumns(target: DatabaseSync, name: string): Columns {
  const columns = target.prepare('SELECT name, pk FROM pragma_table_xinfo(?) WHERE hidden = 0').all(name)
  const names = columns.map(column => String(column.name))
  const table = target.prepare("SELECT wr FROM pragma_table_list WHERE name = ? AND schema = 'main'").get(name)
  if (table?.wr !== 1) {
    // An alias of the row id is one of the columns; where there is none, rows may get other ids.
    return {names, order: 'rowid'}
  }
  const keys = columns.filter(column => Number(column.pk) > 0).sort((one, other) => Number(one.pk) - Number(other.pk))
  return {names, order: keys.map(column => quoteName(String(column.name))).join(', ')}
}

function copyRows(source: DatabaseSync, sql: string, insert: StatementSync): {rows: number; isWhole: boolean} {
  let rows = 0
  let isWhole = true
  try {
    const select = source.prepare(sql, {returnArrays: true, readBigInts: true})
    for (const row of select.iterate()) {
      try {
        rows += Number(insert.run(...(row as unknown as SqlValue[])).changes)
      } catch (error) {
        if (primaryCode(error) === FULL) throw error
        // What stands there is not what the table may hold.
        isWhole = false
      }
    }
  } catch (error) {
    if (primaryCode(error) === FULL) throw error
    isWhole = false
  }
  return {rows, isWhole}
}
