import {Worker} from 'node:worker_threads'
import type {
  NumberedRequest,
  Salvage,
  StoreAnswer,
  StoreFailure,
  StoreReply,
  StoreRequest,
  StoreThreadStart,
} from './messages.js'
import {StoreFault} from './store-fault.js'
import {storeWorkerProgram} from './worker-program.js'

/** What becomes of a request. */
export type Outcome = {readonly value: unknown} | {readonly failure: StoreFailure}

/** Commits since the last one, and the size of the files now. */
export interface Progress {
  readonly commits: number
  readonly sizeBytes: number
}

export interface StoreThreadOptions {
  readonly start: StoreThreadStart
  /** The thread is in it while it runs. */
  readonly running: Set<StoreThread>
  /** With each round of answers of the writer, and before them. */
  readonly onProgress?: (progress: Progress) => void
  /** It ended without being asked to, after it had opened its file. What waits is answered next. */
  readonly onDeath?: (failure: StoreFailure) => void
}

/** One thread of the store, and the questions that it has not answered. */
export class StoreThread {
  readonly #worker: Worker
  readonly #options: StoreThreadOptions
  readonly #opening = Promise.withResolvers<{salvage: Salvage | null; sizeBytes: number}>()
  readonly #exited = Promise.withResolvers<void>()
  /** Bounded by whoever asks. */
  readonly #waiting = new Map<number, (outcome: Outcome) => void>()
  #lastId = 0
  #isAlive = true
  #isOpen = false
  #isClosing = false
  #error: Error | undefined

  private constructor(options: StoreThreadOptions) {
    this.#options = options
    const {role} = options.start
    const program = storeWorkerProgram()
    const name = `gs store ${role}`
    this.#worker = new Worker(program.url, {...program.options, workerData: options.start, name})
    options.running.add(this)
    this.#worker.on('message', (reply: StoreReply) => this.#receive(reply))
    this.#worker.on('error', error => {
      this.#error = error
    })
    this.#worker.on('exit', () => this.#end())
  }

  /** @throws {StoreFault} when the thread cannot open the file. */
  static async open(
    options: StoreThreadOptions,
  ): Promise<{thread: StoreThread; salvage: Salvage | null; sizeBytes: number}> {
    const thread = new StoreThread(options)
    return {thread, ...(await thread.#opening.promise)}
  }

  /** Throws when `request` holds something that cannot be cloned. Never rejects. */
  ask(request: StoreRequest): Promise<Outcome> {
    if (!this.#isAlive) return Promise.resolve({failure: this.#deathFailure()})
    this.#lastId += 1
    const id = this.#lastId
    this.#worker.postMessage({id, request} satisfies NumberedRequest)
    return new Promise(resolve => this.#waiting.set(id, resolve))
  }

  /** Ends the thread after what it has been asked. */
  async close(): Promise<void> {
    if (!this.#isClosing && this.#isAlive) void this.ask({kind: 'close'})
    this.#isClosing = true
    await this.#exited.promise
  }

  /** Ends the thread now, unless it is in the middle of a statement; does not wait for that. */
  abandon(): void {
    this.#isClosing = true
    this.#worker.unref()
    this.#worker.terminate().catch(error => {
      this.#error = error
    })
  }

  #receive(reply: StoreReply): void {
    switch (reply.kind) {
      case 'opened':
        this.#isOpen = true
        this.#opening.resolve(reply)
        break
      case 'refused':
        this.#isClosing = true
        this.#opening.reject(new StoreFault(reply.failure))
        break
      case 'answers':
        if (reply.progress !== undefined) this.#options.onProgress?.(reply.progress)
        for (const answer of reply.answers) this.#settle(answer)
        break
    }
  }

  #settle({id, value, failure}: StoreAnswer): void {
    const resolve = this.#waiting.get(id)
    this.#waiting.delete(id)
    resolve?.(failure === undefined ? {value} : {failure})
  }

  #end(): void {
    this.#isAlive = false
    this.#options.running.delete(this)
    const failure = this.#deathFailure()
    this.#opening.reject(new StoreFault(failure, {cause: this.#error}))
    // Before the answers: who is answered finds the state as it is now.
    if (this.#isOpen && !this.#isClosing) this.#options.onDeath?.(failure)
    for (const resolve of this.#waiting.values()) resolve({failure})
    this.#waiting.clear()
    this.#exited.resolve()
  }

  #deathFailure(): StoreFailure {
    const reason = this.#error === undefined ? '' : `: ${this.#error.message}`
    return {
      code: 'store_unavailable',
      message: `the ${this.#options.start.role} thread of the store has ended${reason}`,
      state: 'failed',
      isUncertain: true,
    }
  }
}
