import type {Clock} from '../contract/clock.js'
import type {RequestOf, Salvage, StoreFailure, StoreRequest, StoreRole} from './messages.js'
import {StoreFault} from './store-fault.js'
import {type Outcome, type Progress, StoreThread} from './store-thread.js'

/** A writing thread that dies is started anew, but not more often than this. */
const RESTART_INTERVAL_MS = 1000

export interface StoreThreadsOptions {
  /** Null: in memory, where the writing thread does all. */
  readonly file: string | null
  readonly clock: Clock
  readonly onProgress: (progress: Progress) => void
  readonly onWriterDeath: (failure: StoreFailure) => void
  readonly onSalvage: (salvage: Salvage) => void
}

/** The threads of one store, each started when it is first needed and again after it has died. */
export class StoreThreads {
  readonly #options: StoreThreadsOptions
  /** A writer, a reader, and one for each copy that is being made. */
  readonly #running = new Set<StoreThread>()
  /** Steps of each owner, for a store in memory whose thread has died: bounded by the number of plugins. */
  readonly #migrations = new Map<string, readonly string[]>()
  #writer: Promise<StoreThread> | undefined
  #writerStartedAtMs = Number.NEGATIVE_INFINITY
  #reader: Promise<StoreThread> | undefined

  constructor(options: StoreThreadsOptions) {
    this.#options = options
  }

  /** Starts the writing thread. Rejects with a StoreFault when it cannot open the file, or has just died. */
  startWriter(): Promise<StoreThread> {
    if (this.#writer !== undefined) return this.#writer
    const nowMs = this.#options.clock.monotonicMs()
    if (nowMs - this.#writerStartedAtMs < RESTART_INTERVAL_MS) {
      const message = 'the writing thread of the store has died and is not started anew yet'
      return Promise.reject(new StoreFault({code: 'store_unavailable', message, state: 'failed'}))
    }
    this.#writerStartedAtMs = nowMs
    const opening = this.#openWriter()
    this.#writer = opening
    opening.catch(() => {
      this.#writer = undefined
    })
    return opening
  }

  /** Rejects only when the request holds something that no thread can be sent. */
  async askWriter(request: StoreRequest): Promise<Outcome> {
    const outcome = await ask(this.startWriter(), request)
    if (request.kind === 'migrate' && !('failure' in outcome)) this.#migrations.set(request.owner, request.steps)
    return outcome
  }

  /** As `askWriter`, in the reading thread. */
  askReader(request: RequestOf<'query'>): Promise<Outcome> {
    if (this.#options.file === null) return this.askWriter(request)
    const forget = () => {
      this.#reader = undefined
    }
    if (this.#reader === undefined) {
      this.#reader = this.#openReading('reader', forget)
      this.#reader.catch(forget)
    }
    return ask(this.#reader, request)
  }

  /** In a thread of its own, so that neither writes nor queries wait for it. */
  async copy(path: string): Promise<Outcome> {
    const request = {kind: 'backup', path} as const
    if (this.#options.file === null) return this.askWriter(request)
    const opening = this.#openReading('copier', () => {})
    const outcome = await ask(opening, request)
    await close(opening)
    return outcome
  }

  /** Ends the threads after what they have been asked. */
  async close(): Promise<void> {
    // The reader first: the last connection to close tidies up, and it must be able to write.
    await close(this.#reader)
    await close(this.#writer)
  }

  /** Ends those that still run, and does not wait. */
  abandon(): void {
    for (const thread of this.#running) thread.abandon()
  }

  async #openWriter(): Promise<StoreThread> {
    const {file, onProgress, onWriterDeath, onSalvage} = this.#options
    const {thread, salvage, sizeBytes} = await StoreThread.open({
      start: this.#start('writer'),
      running: this.#running,
      onProgress,
      onDeath: failure => {
        this.#writer = undefined
        onWriterDeath(failure)
      },
    })
    onProgress({commits: 0, sizeBytes})
    if (salvage !== null) {
      onSalvage(salvage)
      // It has the file open that was set aside.
      const reader = this.#reader
      this.#reader = undefined
      void close(reader)
    }
    if (file !== null) return thread
    for (const [owner, steps] of this.#migrations) {
      const outcome = await thread.ask({kind: 'migrate', owner, steps})
      if ('failure' in outcome) throw new StoreFault(outcome.failure)
    }
    return thread
  }

  async #openReading(role: 'reader' | 'copier', onDeath: () => void): Promise<StoreThread> {
    const {thread} = await StoreThread.open({start: this.#start(role), running: this.#running, onDeath})
    return thread
  }

  #start(role: StoreRole) {
    return {role, file: this.#options.file, nowMs: this.#options.clock.nowMs()}
  }
}

async function ask(opening: Promise<StoreThread>, request: StoreRequest): Promise<Outcome> {
  let thread: StoreThread
  try {
    thread = await opening
  } catch (error) {
    if (error instanceof StoreFault) return {failure: error.failure}
    throw error
  }
  return thread.ask(request)
}

async function close(opening: Promise<StoreThread> | undefined): Promise<void> {
  let thread: StoreThread | undefined
  try {
    thread = await opening
  } catch {
    // It has never run, and whoever asked it has been told.
  }
  await thread?.close()
}
