import {accessSync, chmodSync, constants, existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs'
import {rm} from 'node:fs/promises'
import {dirname, join, resolve} from 'node:path'
import type {Clock} from '../contract/clock.js'
import type {Logger} from '../contract/logger.js'
import type {StoreStatus} from '../contract/store.js'
import {GsError} from '../errors.js'
import {ExclusiveLock} from '../util/exclusive-lock.js'
import {fileFault} from '../util/file-fault.js'
import {DataStore} from './data-store.js'

export interface StoreOptions {
  /** Made with mode 0700 when it is not there. Null: everything is in memory and ends with the store. */
  readonly directory: string | null
  readonly clock: Clock
  /** Told of damage and of changes of state. */
  readonly log: Logger
  /** After each change of `state`. */
  readonly onStateChange?: (status: StoreStatus) => void
}

/**
 * Opens the store `gs.db` in `directory`, making it when there is none. A damaged file is set aside and saved from; see
 * `status().salvage`. One store a directory: whoever opens it first has it until `close` or the end of the process.
 *
 * @throws {GsError} data_dir_taken, store_newer; store_unavailable when the directory or the file cannot be used.
 */
export async function openStore({directory, ...options}: StoreOptions): Promise<DataStore> {
  if (directory === null) return DataStore.open({...options, file: null, onClosed: async () => {}})
  const path = resolve(directory)
  const free = takeDirectory(path)
  try {
    return await DataStore.open({...options, file: join(path, 'gs.db'), onClosed: free})
  } catch (error) {
    await free()
    throw error
  }
}

/** Makes the directory and locks it; returns what frees it. */
function takeDirectory(directory: string): () => Promise<void> {
  const pidFile = join(directory, 'gs.pid')
  let lock: ExclusiveLock | null
  try {
    const made = mkdirSync(directory, {recursive: true, mode: 0o700})
    // The umask may have taken away what the owner needs.
    if (made !== undefined) chmodSync(directory, 0o700)
    lock = ExclusiveLock.take(join(directory, 'gs.lock'))
    // For the message to those who come later; whether it is true, the lock tells.
    if (lock !== null) writeFileSync(pidFile, `${process.pid}\n`, {mode: 0o600})
  } catch (error) {
    throw new GsError(
      'store_unavailable',
      `cannot use ${directory} for data: ${fileFault(whyUnusable(directory, error))}`,
      {
        cause: error,
        hint: 'Take another with --data-dir, or keep nothing with --ephemeral.',
      },
    )
  }
  if (lock === null) throw taken(directory, pidFile)
  const held = lock
  return async () => {
    await rm(pidFile, {force: true})
    held.free()
  }
}

/** On a disk that cannot be written, Node says that the folder is not there, and SQLite that it cannot open the file. */
function whyUnusable(directory: string, error: unknown): unknown {
  let nearest = directory
  while (!existsSync(nearest) && nearest !== dirname(nearest)) nearest = dirname(nearest)
  try {
    accessSync(nearest, constants.W_OK)
    return error
  } catch (denied) {
    return denied
  }
}

function taken(directory: string, pidFile: string): GsError {
  let owner = ''
  try {
    const pid = Number(readFileSync(pidFile, 'utf8'))
    if (pid > 0) owner = `, process ${pid}`
  } catch {
    // It has not been written yet, or its owner is closing. The message does without.
  }
  return new GsError('data_dir_taken', `the data directory ${directory} is in use by another server${owner}`, {
    hint: 'Stop that server, or take another directory with --data-dir.',
  })
}
