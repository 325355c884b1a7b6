import {chmodSync, closeSync, fsyncSync, openSync, rmSync, statSync} from 'node:fs'
import {DatabaseSync} from 'node:sqlite'
import {APPLICATION_ID, migrateStore} from './migrate.js'

export const EVERY_CONNECTION = 'PRAGMA trusted_schema = OFF'

/** Makes a store of mode 0600 and lets `fill` work on it; it is on the disk when this returns. */
export function fillNewFile(path: string, fill: (database: DatabaseSync) => void): void {
  closeSync(openSync(path, 'wx', 0o600))
  // The umask may have taken away what the owner needs.
  chmodSync(path, 0o600)
  const database = new DatabaseSync(path)
  try {
    database.exec(`${EVERY_CONNECTION}; PRAGMA auto_vacuum = INCREMENTAL; PRAGMA application_id = ${APPLICATION_ID};
      PRAGMA synchronous = OFF; PRAGMA journal_mode = OFF`)
    fill(database)
    migrateStore(database)
  } finally {
    database.close()
  }
  syncPath(path)
}

/** With what SQLite keeps beside it. */
export function removeFile(path: string): void {
  for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(`${path}${suffix}`, {force: true})
}

export function syncPath(path: string): void {
  const descriptor = openSync(path, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

export function sizeOf(path: string): number {
  return statSync(path, {throwIfNoEntry: false})?.size ?? 0
}
