import type {Clock} from '../../contract/clock.js'
import type {Logger} from '../../contract/logger.js'
import type {Statement, Store} from '../../contract/store.js'
import {GsError} from '../../errors.js'

const RETRY_MS = 5000
/** Most that one transaction of a retry takes along. */
const MAX_BATCH = 200

/** Makes the statements that bring the stored state of one thing up to what is in force. */
export type Describe = (key: string) => readonly Statement[]

/**
 * Writes what must not be lost. What could not be written stays in force, is marked as unsaved, and is written once the
 * disk works again: then as it stands at that time, so the order of retries does not matter.
 */
export class SafeWriter {
  readonly #store: Store
  readonly #clock: Clock
  readonly #log: Logger
  readonly #describe: Describe
  /** Keys of what is not on the disk; bounded by the number of blocks and allowances. */
  readonly #unsaved = new Set<string>()
  #cancelRetry: (() => void) | null = null
  #isClosed = false

  constructor({store, clock, log, describe}: {store: Store; clock: Clock; log: Logger; describe: Describe}) {
    this.#store = store
    this.#clock = clock
    this.#log = log
    this.#describe = describe
  }

  get unsaved(): number {
    return this.#unsaved.size
  }

  isSaved(key: string): boolean {
    return !this.#unsaved.has(key)
  }

  /**
   * True when it is on the disk. `statements` are about what `keys` name, and leave it as it is in force. `notes` go along;
   * where that is not possible they wait for the disk by themselves.
   */
  async write(
    keys: readonly string[],
    statements: readonly Statement[],
    notes: readonly Statement[] = [],
  ): Promise<boolean> {
    for (const key of keys) this.#unsaved.add(key)
    try {
      await this.#store.write([...statements, ...notes])
    } catch (error) {
      if (!GsError.is(error)) throw error
      // Another write about the same may have succeeded meanwhile.
      for (const key of keys) this.#unsaved.add(key)
      if (notes.length > 0) void this.#store.append(notes)
      this.#log.error({err: error, keys: keys.slice(0, 5)}, 'blocks are in force, but cannot be written')
      this.#retryLater()
      return false
    }
    for (const key of keys) this.#unsaved.delete(key)
    return true
  }

  /** Tries once more what is not on the disk. */
  async close(): Promise<void> {
    this.#isClosed = true
    this.#cancelRetry?.()
    if (this.#unsaved.size > 0) await this.#retry()
  }

  #retryLater(): void {
    if (this.#isClosed) return
    this.#cancelRetry ??= this.#clock.after(RETRY_MS, () => {
      this.#cancelRetry = null
      void this.#retry()
    })
  }

  async #retry(): Promise<void> {
    const keys = [...this.#unsaved].slice(0, MAX_BATCH)
    if (keys.length === 0) return
    const isWritten = await this.write(
      keys,
      keys.flatMap(key => this.#describe(key)),
    )
    if (isWritten) await this.#retry()
  }
}
