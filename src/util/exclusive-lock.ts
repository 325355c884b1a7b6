import {chmodSync, lstatSync} from 'node:fs'
import {DatabaseSync} from 'node:sqlite'

const SQLITE_BUSY = 5

/**
 * A lock that the kernel frees when its process ends, however it ends: SQLite's own on an empty file. The file stays when
 * the lock is free; removing it would let two processes lock two files of one name. Nothing else in the process may open
 * it, for closing it again would free the lock.
 *
 * `BEGIN IMMEDIATE` and not `BEGIN EXCLUSIVE`: two that ask for the latter at once can each keep the other from it.
 */
export class ExclusiveLock {
  readonly #database: DatabaseSync

  private constructor(database: DatabaseSync) {
    this.#database = database
  }

  /**
   * Takes the lock, or returns null when somebody has it.
   *
   * Throws what the file system or SQLite says when the file cannot be a lock: it is not ours, not empty, or no file.
   */
  static take(path: string): ExclusiveLock | null {
    const stats = lstatSync(path, {throwIfNoEntry: false})
    if (stats !== undefined && !stats.isFile()) throw new Error(`${path} is not a regular file`)
    if (stats !== undefined && stats.size > 0) throw new Error(`${path} is not a lock: it is not empty`)
    const database = new DatabaseSync(path)
    try {
      // Who can open the file can keep its owner from the lock.
      if (stats === undefined) chmodSync(path, 0o600)
      // In memory: nothing is ever written, and no journal's file is left behind by a process that is killed.
      database.exec('PRAGMA journal_mode = MEMORY; BEGIN IMMEDIATE')
    } catch (error) {
      database.close()
      if ((error as {errcode?: unknown}).errcode === SQLITE_BUSY) return null
      throw error
    }
    return new ExclusiveLock(database)
  }

  /** Frees the lock. Twice is once. */
  free(): void {
    if (this.#database.isOpen) this.#database.close()
  }
}
