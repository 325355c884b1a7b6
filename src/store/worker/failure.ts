import {statfsSync} from 'node:fs'
import {dirname} from 'node:path'
import type {StoreFailure} from '../messages.js'
import {StoreFault} from '../store-fault.js'

/** Less than this and a failed write is put down to the disk being full. */
const FULL_DISK_BYTES = 65_536

/** SQLite's primary result codes; extended ones have them in their low byte. */
const PERM = 3
const BUSY = 5
const NOMEM = 7
const READONLY = 8
const IOERR = 10
const CORRUPT = 11
const FULL = 13
const CANTOPEN = 14
const PROTOCOL = 15
const NOTADB = 26

export function primaryCode(error: unknown): number | undefined {
  const errcode = (error as {errcode?: unknown} | null)?.errcode
  return typeof errcode === 'number' ? errcode & 0xff : undefined
}

/** Pages that cannot be what they should be, or no database at all. */
export function isCorruption(error: unknown): boolean {
  const code = primaryCode(error)
  return code === CORRUPT || code === NOTADB
}

/** Tells what `error` means: that the store cannot work, or that a statement was wrong. `file` null: in memory. */
export function failureOf(error: unknown, file: string | null): StoreFailure {
  if (error instanceof StoreFault) return error.failure
  const message = error instanceof Error ? error.message : String(error)
  const shown = file ?? 'the store in memory'
  switch (primaryCode(error)) {
    case FULL:
      return {code: 'store_unavailable', message: `no room is left for ${shown}: ${message}`, state: 'disk_full'}
    case READONLY:
      return {code: 'store_unavailable', message: `${shown} cannot be written: ${message}`, state: 'read_only'}
    case CORRUPT:
    case NOTADB:
      return {
        code: 'store_unavailable',
        message: `${shown} is damaged: ${message}; the next start saves what can be read`,
        state: 'failed',
        isFinal: true,
      }
    case IOERR:
    case CANTOPEN: {
      const isFull = file !== null && isDiskFull(dirname(file))
      return {
        code: 'store_unavailable',
        message: `${shown} cannot be ${isFull ? 'written, the disk is full' : 'used'}: ${message}`,
        state: isFull ? 'disk_full' : 'failed',
      }
    }
    case PERM:
    case BUSY:
    case NOMEM:
    case PROTOCOL:
      return {code: 'store_unavailable', message: `${shown} cannot be used: ${message}`, state: 'failed'}
    default:
      return systemFailure(error, message, shown) ?? {code: 'statement_invalid', message}
  }
}

/** What the file system says itself, when the store looks at its files. */
function systemFailure(error: unknown, message: string, shown: string): StoreFailure | undefined {
  const {code, syscall} = error as NodeJS.ErrnoException
  if (syscall === undefined) return undefined
  const state = code === 'ENOSPC' || code === 'EDQUOT' ? 'disk_full' : code === 'EROFS' ? 'read_only' : 'failed'
  return {code: 'store_unavailable', message: `${shown} cannot be used: ${message}`, state}
}

/** SQLite calls it an I/O error when it cannot grow its shared memory, or when a quota is used up. */
function isDiskFull(directory: string): boolean {
  try {
    const {bavail, bsize} = statfsSync(directory)
    return bavail * bsize < FULL_DISK_BYTES
  } catch {
    // The directory is gone, which is another failure than a full disk.
    return false
  }
}
