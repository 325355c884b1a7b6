import {mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import type {Store} from '../../contract/store.js'
import {GsError} from '../../errors.js'
import {type RowLimits, readRows} from '../../store/read-rows.js'
import type {RowJob} from '../../store/row-job.js'

/** Processes that read at a time. */
const MAX_JOBS = 4

/** Runs jobs on the store of a running server, in processes of their own. */
export class RowDesk {
  readonly #store: Store
  readonly #flush: () => Promise<void>
  readonly #closing = new AbortController()
  /** Of a store in memory, for those that run; bounded by `MAX_JOBS`. */
  readonly #copies = new Set<string>()
  #jobs = 0

  constructor({store, flush}: {store: Store; flush: () => Promise<void>}) {
    this.#store = store
    this.#flush = flush
  }

  /** @throws {GsError} limit_reached while `MAX_JOBS` run. */
  run(toJob: (file: string) => RowJob, {limitMs, signal}: RowLimits): AsyncIterable<Uint8Array> {
    this.#checkRoom()
    const {signal: closing} = this.#closing
    return this.#lines(toJob, {limitMs, signal: signal === undefined ? closing : AbortSignal.any([signal, closing])})
  }

  /** Ends what runs, and leaves no copy behind, even if nobody reads on. */
  async close(): Promise<void> {
    this.#closing.abort()
    await Promise.all([...this.#copies].map(copy => this.#remove(copy)))
  }

  /** What goes wrong before there are rows is said in a line, as by the process that reads them. */
  async *#lines(toJob: (file: string) => RowJob, limits: RowLimits): AsyncGenerator<Uint8Array, void, void> {
    try {
      yield* this.#read(toJob, limits)
    } catch (error) {
      if (!GsError.is(error)) throw error
      const {code, message, hint = null} = error
      yield Buffer.from(`${JSON.stringify({error: {code, message, hint}})}\n`)
    }
  }

  async *#read(toJob: (file: string) => RowJob, limits: RowLimits): AsyncGenerator<Uint8Array, void, void> {
    this.#checkRoom()
    this.#jobs += 1
    let copy: string | undefined
    try {
      await this.#flush()
      const file = this.#store.status()?.file ?? null
      if (file === null) copy = await this.#copy()
      yield* readRows(toJob(file ?? join(copy ?? '', 'gs.db')), limits)
    } finally {
      this.#jobs -= 1
      if (copy !== undefined) await this.#remove(copy)
    }
  }

  /** Another process cannot look into the memory of this one. */
  async #copy(): Promise<string> {
    const copy = await mkdtemp(join(tmpdir(), 'gs-query-'))
    this.#copies.add(copy)
    try {
      await this.#store.backup(join(copy, 'gs.db'))
      return copy
    } catch (error) {
      await this.#remove(copy)
      throw error
    }
  }

  async #remove(copy: string): Promise<void> {
    await rm(copy, {recursive: true, force: true})
    this.#copies.delete(copy)
  }

  #checkRoom(): void {
    if (this.#jobs < MAX_JOBS) return
    throw new GsError('limit_reached', `${MAX_JOBS} queries and exports run already`, {hint: 'Try again later.'})
  }
}
