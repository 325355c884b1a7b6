import {randomUUID} from 'node:crypto'
import {chmodSync, closeSync, existsSync, openSync, renameSync, rmSync, statSync} from 'node:fs'
import {dirname} from 'node:path'
import type {DatabaseSync} from 'node:sqlite'
import {fileFault} from '../../util/file-fault.js'
import {StoreFault} from '../store-fault.js'
import {failureOf} from './failure.js'
import {syncPath} from './store-files.js'

/**
 * Writes all that is committed into a new file of mode 0600. It has another name until it is whole, and is removed when
 * that fails.
 */
export function copyInto(database: DatabaseSync, path: string): {sizeBytes: number} {
  const part = `${path}.${randomUUID()}.part`
  checkFree(path)
  try {
    makePrivateFile(part)
  } catch (error) {
    throw unwritable(path, error)
  }
  try {
    database.prepare('VACUUM INTO ?').run(part)
    syncPath(part)
    checkFree(path)
    renameSync(part, path)
    syncPath(dirname(path))
    return {sizeBytes: statSync(path).size}
  } catch (error) {
    rmSync(part, {force: true})
    // Trouble with the copy says nothing about the store, unless that is damaged.
    const failure = failureOf(error, database.location())
    if (error instanceof StoreFault || failure.isFinal) throw error
    throw unwritable(path, error)
  }
}

function makePrivateFile(path: string): void {
  closeSync(openSync(path, 'wx', 0o600))
  // The umask may have taken away what the owner needs.
  chmodSync(path, 0o600)
}

function unwritable(path: string, cause: unknown): StoreFault {
  return new StoreFault({code: 'file_unwritable', message: `cannot write ${path}: ${fileFault(cause)}`}, {cause})
}

function checkFree(path: string): void {
  if (existsSync(path)) throw new StoreFault({code: 'file_exists', message: `${path} exists`})
}
