import {chmodSync, closeSync, fsyncSync, openSync, rmSync, statSync} from 'node:fs'
import type {DatabaseSync} from 'node:sqlite'
import {StoreFault} from '../store-fault.js'
import {failureOf} from './failure.js'

/** Writes all that is committed into a new file of mode 0600; nothing is left of it when that fails. */
export function copyInto(database: DatabaseSync, path: string): {sizeBytes: number} {
  let descriptor: number
  try {
    descriptor = openSync(path, 'wx', 0o600)
  } catch (error) {
    const exists = (error as NodeJS.ErrnoException).code === 'EEXIST'
    const message = exists ? `${path} exists` : `cannot write ${path}: ${(error as Error).message}`
    throw new StoreFault({code: exists ? 'file_exists' : 'file_unwritable', message}, {cause: error})
  }
  try {
    // The umask may have taken away what the owner needs.
    chmodSync(path, 0o600)
    database.prepare('VACUUM INTO ?').run(path)
    fsyncSync(descriptor)
    return {sizeBytes: statSync(path).size}
  } catch (error) {
    rmSync(path, {force: true})
    // Trouble with the copy says nothing about the store, unless that cannot be read.
    const {code, message, isFinal} = failureOf(error, database.location())
    if (isFinal) throw error
    if (code === 'statement_invalid') throw error
    throw new StoreFault({code: 'file_unwritable', message: `cannot write ${path}: ${message}`}, {cause: error})
  } finally {
    closeSync(descriptor)
  }
}
