import {randomUUID} from 'node:crypto'
import {existsSync} from 'node:fs'
import {type FileHandle, open, rename, rm} from 'node:fs/promises'
import {resolve} from 'node:path'
import {GsError} from '../errors.js'
import {fileFault} from './file-fault.js'

/** A file that is written in parts, and stands at its place when it is whole, or not at all. Its owner can read it. */
export class NewFile {
  readonly path: string
  readonly #partPath: string
  readonly #handle: FileHandle
  #sizeBytes = 0
  #isDone = false

  private constructor(path: string, partPath: string, handle: FileHandle) {
    this.path = path
    this.#partPath = partPath
    this.#handle = handle
  }

  /** `hint`: what to do about a file that is there. @throws {GsError} file_exists, unless it `mayReplace`; file_unwritable. */
  static async open(
    path: string,
    {mayReplace, hint = 'Replace it with --force, or take another name.'}: {mayReplace: boolean; hint?: string},
  ): Promise<NewFile> {
    const whole = resolve(path)
    if (!mayReplace && existsSync(whole)) throw new GsError('file_exists', `${whole} exists`, {hint})
    const partPath = `${whole}.${randomUUID()}.part`
    try {
      return new NewFile(whole, partPath, await open(partPath, 'wx', 0o600))
    } catch (error) {
      throw unwritable(whole, error)
    }
  }

  get sizeBytes(): number {
    return this.#sizeBytes
  }

  /** @throws {GsError} file_unwritable, such as when the disk is full. */
  async write(bytes: Uint8Array): Promise<void> {
    if (bytes.length === 0) return
    try {
      await this.#handle.writeFile(bytes)
      this.#sizeBytes += bytes.length
    } catch (error) {
      throw unwritable(this.path, error)
    }
  }

  /** Puts it at its place. @throws {GsError} file_unwritable. */
  async finish(): Promise<void> {
    try {
      await this.#handle.sync()
      await this.#handle.close()
      await rename(this.#partPath, this.path)
      this.#isDone = true
    } catch (error) {
      throw unwritable(this.path, error)
    }
  }

  /** Leaves nothing behind, unless it is finished. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isDone) return
    await this.#handle.close()
    await rm(this.#partPath, {force: true})
  }
}

function unwritable(path: string, cause: unknown): GsError {
  return new GsError('file_unwritable', `cannot write ${path}: ${fileFault(cause)}`, {cause})
}
