import type {DatabaseSync} from 'node:sqlite'
import {StoreFault} from '../store-fault.js'
import {versionByTables} from './version-by-tables.js'

/** Steps of the store's own tables; `user_version` is how many have been run. */
const STORE_STEPS: readonly string[] = [
  `CREATE TABLE IF NOT EXISTS plugin_schemas (
    owner TEXT PRIMARY KEY,
    version INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS audit (
    id INTEGER PRIMARY KEY,
    at_ms INTEGER NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    target TEXT,
    details TEXT NOT NULL DEFAULT '{}'
  ) STRICT;
  CREATE INDEX IF NOT EXISTS audit_at_ms ON audit (at_ms);`,
]

/** Marks files of `gs`: "gsDB". */
export const APPLICATION_ID = 0x67_73_44_42
export const STORE_VERSION = STORE_STEPS.length

/** Brings the store's own tables up to date. */
export function migrateStore(database: DatabaseSync): void {
  const version = readPragma(database, 'user_version')
  if (version === STORE_VERSION) return
  inTransaction(database, () => {
    for (const step of STORE_STEPS.slice(version)) database.exec(step)
    database.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${STORE_VERSION}`)
  })
}

/** Brings the tables of `owner` up to date; all steps that are missing, or none. */
export function migrateOwner(database: DatabaseSync, owner: string, steps: readonly string[]): void {
  const row = database.prepare('SELECT version FROM plugin_schemas WHERE owner = ?').get(owner)
  const version = row === undefined ? versionByTables(database, owner, steps) : Number(row.version)
  if (version > steps.length) {
    throw new StoreFault({
      code: 'store_newer',
      message: `the tables of ${owner} have version ${version}, and this gs knows ${steps.length}`,
    })
  }
  if (row !== undefined && version === steps.length) return
  inTransaction(database, () => {
    for (const step of steps.slice(version)) database.exec(step)
    database
      .prepare('INSERT INTO plugin_schemas VALUES (?, ?) ON CONFLICT (owner) DO UPDATE SET version = excluded.version')
      .run(owner, steps.length)
  })
}

export function readPragma(database: DatabaseSync, name: 'user_version' | 'application_id'): number {
  return Number(database.prepare(`PRAGMA ${name}`).get()?.[name])
}

/** Runs `work` in a transaction, which ends with it, whatever happens. */
export function inTransaction(database: DatabaseSync, work: () => void): void {
  database.exec('BEGIN IMMEDIATE')
  try {
    work()
    database.exec('COMMIT')
  } catch (error) {
    rollBack(database)
    throw error
  }
}

/** SQLite ends the transaction by itself after some failures, such as a full disk. */
export function rollBack(database: DatabaseSync): void {
  if (database.isTransaction) database.exec('ROLLBACK')
}
