import type {Clock} from '../contract/clock.js'
import type {Logger} from '../contract/logger.js'
import type {BufferedOutcome, QueryLimits, Row, SqlValue, Statement, Store, StoreStatus} from '../contract/store.js'
import {GsError} from '../errors.js'
import {type BufferedItem, BufferedQueue, measure} from './buffered-queue.js'
import type {RequestOf, Salvage, StoreFailure} from './messages.js'
import {StoreFault, toError} from './store-fault.js'
import type {Outcome} from './store-thread.js'
import {StoreThreads} from './store-threads.js'

/** Of buffered writes that wait, and as many again of durable ones that have not been answered. */
const MAX_QUEUED_ROWS = 50_000
const MAX_QUEUED_BYTES = 67_108_864
/** Handed to the writing thread at once; it makes groups of them. */
const BATCH_ROWS = 2000
const MAX_WAITING_QUERIES = 1000
const DEFAULT_MAX_ROWS = 100_000
/** How often what waits is tried again while the disk is broken. */
const RETRY_MS = 1000
/** How long `close` waits for what has not been written yet. */
const CLOSE_LIMIT_MS = 5000

export interface DataStoreOptions {
  /** Null: in memory. */
  readonly file: string | null
  readonly clock: Clock
  readonly log: Logger
  /** After each change of `state`. */
  readonly onStateChange?: ((status: StoreStatus) => void) | undefined
  /** After the threads have ended: frees the data directory. */
  readonly onClosed: () => Promise<void>
}

/** The store as the main thread sees it: it queues, counts and waits for no disk. */
export class DataStore implements Store {
  readonly #options: DataStoreOptions
  readonly #threads: StoreThreads
  readonly #buffered = new BufferedQueue({
    maxRows: MAX_QUEUED_ROWS,
    maxBytes: MAX_QUEUED_BYTES,
    batchRows: BATCH_ROWS,
  })
  /** Writes and copies that have not been answered; the former bounded by `MAX_QUEUED_ROWS` and `MAX_QUEUED_BYTES`. */
  readonly #unanswered = new Set<Promise<Outcome>>()
  #durableRows = 0
  #durableBytes = 0
  #waitingQueries = 0
  #problem: StoreFailure | undefined
  #salvage: Salvage | null = null
  #sizeBytes = 0
  #commits = 0
  #batch = 0
  #draining: Promise<void> | undefined
  #cancelRetry: (() => void) | undefined
  #closing: Promise<void> | undefined

  private constructor(options: DataStoreOptions) {
    this.#options = options
    this.#threads = new StoreThreads({
      file: options.file,
      clock: options.clock,
      onProgress: ({commits, sizeBytes}) => {
        this.#commits += commits
        this.#sizeBytes = sizeBytes
      },
      onWriterDeath: failure => this.#setProblem(failure),
      onSalvage: salvage => this.#report(salvage),
    })
  }

  /** @throws {GsError} store_unavailable, store_newer. */
  static async open(options: DataStoreOptions): Promise<DataStore> {
    const store = new DataStore(options)
    // One in memory starts its thread when it is needed: most servers in a program or a test never use it.
    if (options.file === null) return store
    try {
      await store.#threads.startWriter()
    } catch (error) {
      throw error instanceof StoreFault ? toError(error.failure, error.cause) : error
    }
    return store
  }

  get isLasting(): boolean {
    return this.#options.file !== null
  }

  status(): StoreStatus {
    return {
      file: this.#options.file,
      state: this.#problem?.state ?? 'ok',
      problem: this.#problem?.message ?? null,
      sizeBytes: this.#sizeBytes,
      queuedRows: this.#buffered.rows + this.#durableRows,
      droppedRows: this.#buffered.droppedRows,
      commits: this.#commits,
      salvage: this.#salvage,
    }
  }

  async migrate(owner: string, steps: readonly string[]): Promise<void> {
    this.#checkOpen()
    resultOf(await this.#answered(this.#change({kind: 'migrate', owner, steps})))
  }

  async write(statements: readonly Statement[]): Promise<void> {
    this.#checkOpen()
    const {rows, sizeBytes} = measure(statements)
    if (this.#durableRows + rows > MAX_QUEUED_ROWS || this.#durableBytes + sizeBytes > MAX_QUEUED_BYTES) {
      const most = `${MAX_QUEUED_ROWS} rows or ${MAX_QUEUED_BYTES} bytes`
      throw new GsError('store_unavailable', `a write of ${rows} rows is too much: at most ${most} may wait at a time`)
    }
    this.#durableRows += rows
    this.#durableBytes += sizeBytes
    try {
      resultOf(await this.#answered(this.#change({kind: 'write', statements})))
    } finally {
      this.#durableRows -= rows
      this.#durableBytes -= sizeBytes
    }
  }

  append(statements: readonly Statement[]): Promise<BufferedOutcome> {
    if (this.#closing !== undefined || this.#problem?.isFinal) return this.#buffered.drop(statements)
    const outcome = this.#buffered.push(statements)
    if (this.#problem === undefined) void this.#drain()
    else this.#drainLater()
    return outcome
  }

  async query<Columns extends Row = Row>(
    sql: string,
    params: readonly SqlValue[] = [],
    {maxRows = DEFAULT_MAX_ROWS}: QueryLimits = {},
  ): Promise<Columns[]> {
    this.#checkOpen()
    if (this.#waitingQueries >= MAX_WAITING_QUERIES) {
      throw new GsError('store_unavailable', `${MAX_WAITING_QUERIES} queries wait for the store`)
    }
    this.#waitingQueries += 1
    try {
      const outcome = await this.#threads.askReader({kind: 'query', sql, params, maxRows})
      if ('failure' in outcome && outcome.failure.isFinal) this.#setProblem(outcome.failure)
      return resultOf(outcome) as Columns[]
    } finally {
      this.#waitingQueries -= 1
    }
  }

  async flush(): Promise<void> {
    const last = this.#buffered.last
    await Promise.allSettled(this.#unanswered)
    // Ends early when the disk is broken: what waits is tried again later.
    if (last !== undefined) await Promise.race([last.settled, this.#drain()])
  }

  async backup(path: string): Promise<{readonly sizeBytes: number}> {
    this.#checkOpen()
    return resultOf(await this.#answered(this.#threads.copy(path))) as {sizeBytes: number}
  }

  /** Writes what waits, for 5 s at most, ends the threads and frees the data directory. Twice is once. */
  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    const {promise: isLate, resolve} = Promise.withResolvers<void>()
    const cancel = this.#options.clock.after(CLOSE_LIMIT_MS, resolve)
    await Promise.race([this.flush().then(() => this.#threads.close()), isLate])
    cancel()
    this.#cancelRetry?.()
    this.#threads.abandon()
    this.#buffered.dropAll()
    await this.#options.onClosed()
  }

  #checkOpen(): void {
    if (this.#closing !== undefined) throw new GsError('store_unavailable', 'the store is closed')
    if (this.#problem?.isFinal) throw toError(this.#problem)
  }

  /** Keeps in mind that it waits, for `flush`. */
  async #answered(answer: Promise<Outcome>): Promise<Outcome> {
    this.#unanswered.add(answer)
    try {
      return await answer
    } finally {
      this.#unanswered.delete(answer)
    }
  }

  /** Asks the writer; how that goes tells the state of the store. */
  async #change(request: RequestOf<'write' | 'append' | 'migrate'>): Promise<Outcome> {
    const outcome = await this.#threads.askWriter(request)
    if (!('failure' in outcome)) this.#setProblem(undefined)
    else if (outcome.failure.state !== undefined) this.#setProblem(outcome.failure)
    return outcome
  }

  /** Hands over batches until nothing waits, or the disk turns out to be broken. */
  #drain(): Promise<void> {
    this.#draining ??= this.#drainBatches()
    return this.#draining
  }

  #drainLater(): void {
    if (this.#draining !== undefined || this.#closing !== undefined) return
    this.#cancelRetry ??= this.#options.clock.after(RETRY_MS, () => void this.#drain())
  }

  async #drainBatches(): Promise<void> {
    // What else is appended in this turn goes along.
    await new Promise(resolve => setImmediate(resolve))
    this.#cancelRetry?.()
    this.#cancelRetry = undefined
    let goesOn = true
    while (goesOn && !this.#buffered.isEmpty) goesOn = await this.#drainBatch()
    this.#draining = undefined
    if (!this.#buffered.isEmpty) this.#drainLater()
  }

  /** False: the disk is broken, and what is left of the batch is tried again later. */
  async #drainBatch(): Promise<boolean> {
    this.#batch += 1
    const batch = this.#batch
    const outcomes = await Promise.all(this.#buffered.nextBatch().map(item => this.#hand(item, batch)))
    const kept = outcomes.findIndex(outcome => 'failure' in outcome && isWorthAnotherTry(outcome.failure))
    const settled = kept < 0 ? outcomes : outcomes.slice(0, kept)
    this.#buffered.settleFirst(settled.map(outcome => ('failure' in outcome ? 'dropped' : 'stored')))
    for (const outcome of settled) {
      if (!('failure' in outcome) || outcome.failure.state !== undefined) continue
      this.#options.log.error({problem: outcome.failure.message}, 'a buffered write was wrong and is dropped')
    }
    return kept < 0
  }

  async #hand({statements}: BufferedItem, batch: number): Promise<Outcome> {
    try {
      return await this.#change({kind: 'append', batch, statements})
    } catch (error) {
      // It holds something that no thread can be sent.
      return {failure: {code: 'statement_invalid', message: (error as Error).message}}
    }
  }

  #setProblem(problem: StoreFailure | undefined): void {
    const before = this.#problem
    if (before?.isFinal) return
    this.#problem = problem
    if (problem?.isFinal) this.#buffered.dropAll()
    if (before?.state === problem?.state) return
    if (problem === undefined) {
      this.#options.log.info({file: this.#options.file}, 'the store works again')
      void this.#drain()
    } else {
      const fields = {file: this.#options.file, state: problem.state, problem: problem.message}
      this.#options.log.error(fields, 'the store keeps nothing at the moment')
    }
    this.#options.onStateChange?.(this.status())
  }

  #report(salvage: Salvage): void {
    this.#salvage = salvage
    const {file, rows, lostTables} = salvage
    this.#options.log.error(
      {file: this.#options.file, setAside: file, rows, lostTables},
      'the data file was damaged: it is set aside, and what could be read is in a new one',
    )
  }
}

function resultOf(outcome: Outcome): unknown {
  if ('failure' in outcome) throw toError(outcome.failure)
  return outcome.value
}

/** Not what may have been stored already, and not what is refused anyway. */
function isWorthAnotherTry(failure: StoreFailure): boolean {
  return failure.state !== undefined && !failure.isFinal && !failure.isUncertain
}
