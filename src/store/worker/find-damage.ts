import {DatabaseSync} from 'node:sqlite'
import {StoreFault} from '../store-fault.js'
import {isCorruption} from './failure.js'
import {APPLICATION_ID, readPragma, STORE_VERSION} from './migrate.js'
import {sizeOf} from './store-files.js'

/** Up to this size the whole file is checked at the start, which takes at most a second or so. */
const WHOLE_CHECK_BYTES = 268_435_456

/** In a larger file, tables with more rows are left to be found out about when they are read. */
const CHECKED_ROWS = 200_000

/**
 * Looks whether the file is whole. Null: it is, as far as can be told in bounded time. Nothing is changed: the
 * connection only reads.
 *
 * Throws store_newer, or store_unavailable when it is no store of `gs`.
 */
export function findDamage(file: string): string | null {
  if (sizeOf(file) === 0) return 'it is empty'
  try {
    using database = new DatabaseSync(file, {readOnly: true})
    const applicationId = readPragma(database, 'application_id')
    const version = readPragma(database, 'user_version')
    if (applicationId !== APPLICATION_ID) {
      throw new StoreFault({code: 'store_unavailable', message: `${file} is a database of another program`})
    }
    if (version > STORE_VERSION) {
      const message = `${file} has version ${version}, and this gs knows ${STORE_VERSION}`
      throw new StoreFault({code: 'store_newer', message})
    }
    return sizeOf(file) <= WHOLE_CHECK_BYTES ? check(database, '1') : checkTables(database)
  } catch (error) {
    if (isCorruption(error)) return (error as Error).message
    throw error
  }
}

function checkTables(database: DatabaseSync): string | null {
  const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage > 0").all()
  for (const {name} of tables) {
    const quoted = quoteName(String(name))
    const sql = `SELECT count(*) AS rows FROM (SELECT 1 FROM ${quoted} LIMIT ${CHECKED_ROWS + 1})`
    if (Number(database.prepare(sql).get()?.rows) > CHECKED_ROWS) continue
    const damage = check(database, quoted)
    if (damage !== null) return damage
  }
  return null
}

function check(database: DatabaseSync, what: string): string | null {
  const found = String(database.prepare(`PRAGMA quick_check(${what})`).get()?.quick_check)
  return found === 'ok' ? null : found
}

export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
