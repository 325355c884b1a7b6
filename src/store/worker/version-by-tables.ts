import {DatabaseSync} from 'node:sqlite'
import {StoreFault} from '../store-fault.js'

/**
 * The version of an owner's tables when the file does not say it: 0 without any tables. Otherwise the record of it was
 * lost with a damaged page, and the version is the last one that has just the tables that are there.
 *
 * Throws store_unavailable when there is none.
 */
export function versionByTables(database: DatabaseSync, owner: string, steps: readonly string[]): number {
  const found = tablesOf(database, owner)
  if (found === '') return 0
  let version = 0
  using scratch = new DatabaseSync(':memory:')
  for (const [index, step] of steps.entries()) {
    scratch.exec(step)
    if (tablesOf(scratch, owner) === found) version = index + 1
  }
  if (version > 0) return version
  throw new StoreFault({
    code: 'store_unavailable',
    message: `tables of ${owner} are there, but not their version, and they look like none that this gs knows`,
  })
}

function tablesOf(database: DatabaseSync, owner: string): string {
  const prefix = `${owner.replaceAll('-', '_')}_`
  const tables = database.prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'table' ORDER BY name").all()
  return tables
    .filter(({name}) => String(name).startsWith(prefix))
    .map(({sql}) => sql)
    .join('\n')
}
