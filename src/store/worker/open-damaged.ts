import {closeSync, copyFileSync, existsSync, openSync, readSync, writeSync} from 'node:fs'
import {DatabaseSync} from 'node:sqlite'
import type {SchemaEntry} from './copy-table.js'
import {removeFile, sizeOf} from './store-files.js'

const HEADER_BYTES = 100
const PAGE_BYTES = 4096

/** A damaged file as far as it can be opened. */
export interface DamagedStore {
  readonly database: DatabaseSync
  readonly schema: readonly SchemaEntry[]
  close(): void
}

/** Null: without its first page nobody knows what the rest of the file is. */
export function openDamaged(file: string): DamagedStore | null {
  return open(file, () => {}) ?? openMended(file)
}

/** Of a copy whose header is what the headers of all stores are. */
function openMended(file: string): DamagedStore | null {
  if (sizeOf(file) < PAGE_BYTES) return null
  const copy = `${file}.mended`
  removeFile(copy)
  copyFileSync(file, copy)
  if (existsSync(`${file}-wal`)) copyFileSync(`${file}-wal`, `${copy}-wal`)
  mendHeader(copy)
  const store = open(copy, () => removeFile(copy))
  if (store === null) removeFile(copy)
  return store
}

function open(file: string, onClose: () => void): DamagedStore | null {
  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(file, {readOnly: true, defensive: false})
    // Makes SQLite put up with a file that is too short, and with entries of the schema that make no sense.
    database.exec('PRAGMA writable_schema = ON')
    const close = () => {
      database?.close()
      onClose()
    }
    return {database, schema: readSchema(database), close}
  } catch {
    // What is wrong has been found out before; here it only matters that it cannot be read.
    database?.close()
    return null
  }
}

function readSchema(database: DatabaseSync): SchemaEntry[] {
  const sql = `SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'`
  return database.prepare(sql).all() as unknown as SchemaEntry[]
}

/** By the format of SQLite's files: what is the same in all stores, or follows from the size of the file. */
function mendHeader(file: string): void {
  const descriptor = openSync(file, 'r+')
  try {
    const header = Buffer.alloc(HEADER_BYTES)
    readSync(descriptor, header, 0, HEADER_BYTES, 0)
    header.write('SQLite format 3\0', 0, 'latin1')
    header.writeUInt16BE(PAGE_BYTES, 16)
    // Reading and writing by a log; no bytes reserved in pages; the fractions that were never anything else.
    header.set([2, 2, 0, 64, 32, 32], 18)
    header.writeUInt32BE(Math.floor(sizeOf(file) / PAGE_BYTES), 28)
    // No free pages, as far as reading is concerned.
    header.writeUInt32BE(0, 32)
    header.writeUInt32BE(0, 36)
    // Format of the schema, and UTF-8.
    header.writeUInt32BE(4, 44)
    header.writeUInt32BE(1, 56)
    // The number of pages counts only if these two agree.
    header.writeUInt32BE(header.readUInt32BE(24), 92)
    writeSync(descriptor, header, 0, HEADER_BYTES, 0)
  } finally {
    closeSync(descriptor)
  }
}
