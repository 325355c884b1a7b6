import {accessSync, chmodSync, constants, existsSync, renameSync, statSync} from 'node:fs'
import {dirname} from 'node:path'
import {DatabaseSync} from 'node:sqlite'
import {pathToFileURL} from 'node:url'
import type {Salvage, StoreRole} from '../messages.js'
import {StoreFault} from '../store-fault.js'
import {findDamage} from './find-damage.js'
import {migrateStore} from './migrate.js'
import {ALL_LOST, finishSalvage, salvage, setAside} from './salvage.js'
import {EVERY_CONNECTION, fillNewFile, removeFile, sizeOf, syncPath} from './store-files.js'

/** What another program may hold the file for, such as `sqlite3`. */
const BUSY_TIMEOUT_MS = 1000

/** A connection of a thread. */
export interface OpenedStore {
  readonly database: DatabaseSync
  readonly file: string | null
  readonly salvage: Salvage | null
  /** Throws when the file is not where it was any more: what is written then is lost with the connection. */
  readonly checkPlace: () => void
  readonly measure: () => number
}

/** Opens the store, making it or saving what can be read of it first. `file` null: in memory. */
export function openWritable(file: string | null, nowMs: number): OpenedStore {
  if (file === null) return openInMemory()
  const saved = makeReadable(file, nowMs)
  const database = new DatabaseSync(file, {timeout: BUSY_TIMEOUT_MS})
  try {
    // A file that was copied here may be open to others. SQLite gives its -wal and -shm the mode of the file.
    for (const path of [file, `${file}-wal`, `${file}-shm`]) if (existsSync(path)) chmodSync(path, 0o600)
    database.exec(`${EVERY_CONNECTION}; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
      PRAGMA foreign_keys = ON; PRAGMA journal_size_limit = 67108864`)
    migrateStore(database)
    const checkPlace = placeCheck(file)
    checkPlace()
    return {
      database,
      file,
      salvage: saved,
      checkPlace,
      measure: () => sizeOf(file) + sizeOf(`${file}-wal`),
    }
  } catch (error) {
    database.close()
    throw error
  }
}

/** Opens a store that a writer has open. */
export function openReadOnly(file: string | null, role: StoreRole): OpenedStore {
  if (file === null) throw new Error('a store in memory has one connection')
  // A reader has no business in other files; SQLite needs an attached one to make a copy.
  const limits = role === 'reader' ? {attach: 0} : {}
  const database = new DatabaseSync(readingPlace(file), {readOnly: true, timeout: BUSY_TIMEOUT_MS, limits})
  database.exec(EVERY_CONNECTION)
  return {database, file, salvage: null, checkPlace: () => {}, measure: () => sizeOf(file)}
}

/**
 * SQLite shares memory with other readers and writers by a file beside this one, and does not open it where it may not make
 * that. If there is no log either, nobody writes, so there is nothing to share.
 */
function readingPlace(file: string): string | URL {
  if (sizeOf(`${file}-wal`) > 0) return file
  try {
    accessSync(dirname(file), constants.W_OK)
    return file
  } catch {
    const url = pathToFileURL(file)
    url.searchParams.set('immutable', '1')
    return url
  }
}

function openInMemory(): OpenedStore {
  const database = new DatabaseSync(':memory:')
  database.exec(`${EVERY_CONNECTION}; PRAGMA auto_vacuum = INCREMENTAL; PRAGMA foreign_keys = ON`)
  migrateStore(database)
  const pageBytes = Number(database.prepare('PRAGMA page_size').get()?.page_size)
  const countPages = database.prepare('PRAGMA page_count')
  const measure = () => Number(countPages.get()?.page_count) * pageBytes
  return {database, file: null, salvage: null, checkPlace: () => {}, measure}
}

/** Sees to it that there is a file and that it is in order. */
function makeReadable(file: string, nowMs: number): Salvage | null {
  const finished = finishSalvage(file, nowMs)
  if (finished !== null) return finished
  if (!existsSync(file)) {
    // The log of a file that is gone. A new file must not stand beside it: SQLite would take it for its own.
    const orphan = sizeOf(`${file}-wal`) > 0 ? setAside(file, nowMs) : null
    create(file)
    return orphan === null ? null : {file: orphan, rows: 0, lostTables: ALL_LOST}
  }
  return findDamage(file) === null ? null : salvage(file, nowMs)
}

/** Under another name first: a file of this name is always whole, so an empty one is known to be damaged. */
function create(file: string): void {
  const path = `${file}.new`
  removeFile(path)
  fillNewFile(path, () => {})
  renameSync(path, file)
  syncPath(dirname(file))
}

/** SQLite itself goes on writing to files that have been removed. The log is known from the first look that finds it. */
function placeCheck(file: string): () => void {
  const known = new Map<string, string>()
  return () => {
    for (const path of [file, `${file}-wal`]) {
      const stats = statSync(path, {throwIfNoEntry: false})
      const identity = stats === undefined ? undefined : `${stats.dev}:${stats.ino}`
      const before = known.get(path)
      if (before === undefined && identity !== undefined) known.set(path, identity)
      else if (identity !== before) throw misplaced(path)
    }
  }
}

function misplaced(path: string): StoreFault {
  return new StoreFault({
    code: 'store_unavailable',
    message: `${path} is gone or another file; nothing is stored until it is back`,
    state: 'failed',
  })
}
