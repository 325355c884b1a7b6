import type {Clock} from '../contract/clock.js'
import type {Logger} from '../contract/logger.js'
import type {BufferedOutcome, QueryLimits, Row, SqlValue, Statement, Store, StoreStatus} from '../contract/store.js'
import {GsError} from '../errors.js'
import {type BufferedItem, BufferedQueue, measure} from './buffered-queue.js'
import type {Salvage, StoreFailure, StoreRequest} from './messages.js'
import {StoreFault, toError} from './store-fault.js'
import {type Outcome, StoreThread} from './store-thread.js'

/** Of buffered writes that wait, and of durable ones that have not been answered. */
const MAX_QUEUED_ROWS = 50_000
const MAX_QUEUED_BYTES = 67_108_864
/** Handed to the writing thread at once; it makes groups of them. */
const BATCH_ROWS = 2000
const MAX_WAITING_QUERIES = 1000
const DEFAULT_MAX_ROWS = 100_000
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
  readonly #buffered = new BufferedQueue({
    maxRows: MAX_QUEUED_ROWS,
    maxBytes: MAX_QUEUED_BYTES,
    batchRows: BATCH_ROWS,
  })
  /** Durable writes that have not been answered; bounded by `MAX_QUEUED_ROWS` and `MAX_QUEUED_BYTES`. */
  readonly #durable = new Set<Promise<Outcome>>()
  #durableRows = 0
  #durableBytes = 0
  #waitingQueries = 0
  /** Steps of each plugin, for a store in memory whose thread died: bounded by the number of plugins. */
  readonly #migrations = new Map<string, readonly string[]>()
  /** Those that run: a writer, a reader, and one for each backup. */
  readonly #threads = new Set<StoreThread>()
  #writer: Promise<StoreThread> | undefined
  #writerStartedAtMs = Number.NEGATIVE_INFINITY
  #reader: Promise<StoreThread> | undefined
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
  }

  /** @throws {GsError} store_unavailable, store_newer. */
  static async open(options: DataStoreOptions): Promise<DataStore> {
    const store = new DataStore(options)
    try {
      await store.#liveWriter()
    } catch (error) {
      throw error instanceof StoreFault ? toError(error.failure, error.cause) : error
    }
    return store
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
    resultOf(await this.#askWriter({kind: 'migrate', owner, steps}))
    this.#migrations.set(owner, steps)
  }

  async write(statements: readonly Statement[]): Promise<void> {
    this.#checkOpen()
    const {rows, sizeBytes} = measure(statements)
    if (this.#durableRows + rows > MAX_QUEUED_ROWS || this.#durableBytes + sizeBytes > MAX_QUEUED_BYTES) {
      throw new GsError(
        'store_unavailable',
        `${this.#durableRows} rows wait to be written, and there is no room for more`,
      )
    }
    const answer = this.#askWriter({kind: 'write', statements})
    this.#durable.add(answer)
    this.#durableRows += rows
    this.#durableBytes += sizeBytes
    try {
      resultOf(await answer)
    } finally {
      this.#durable.delete(answer)
      this.#durableRows -= rows
      this.#durableBytes -= sizeBytes
    }
  }

  append(statements: readonly Statement[]): Promise<BufferedOutcome> {
    const outcome = this.#buffered.push(statements)
    if (this.#closing !== undefined || this.#problem?.isFinal) this.#buffered.dropAll()
    else if (this.#problem === undefined) void this.#drain()
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
      const request = {kind: 'query', sql, params, maxRows} as const
      const outcome = this.#options.file === null ? await this.#askWriter(request) : await this.#askReader(request)
      return resultOf(outcome) as Columns[]
    } finally {
      this.#waitingQueries -= 1
    }
  }

  async flush(): Promise<void> {
    const last = this.#buffered.last
    await Promise.all(this.#durable)
    // Ends early when the disk is broken: what waits is tried again later.
    if (last !== undefined) await Promise.race([last.settled, this.#drain()])
  }

  async backup(path: string): Promise<{readonly sizeBytes: number}> {
    this.#checkOpen()
    const request = {kind: 'backup', path} as const
    if (this.#options.file === null) return resultOf(await this.#askWriter(request)) as {sizeBytes: number}
    // A thread of its own, so that neither writes nor queries wait for it.
    const thread = await this.#openReading('copier', () => {})
    try {
      return resultOf(await thread.ask(request)) as {sizeBytes: number}
    } finally {
      await thread.close()
    }
  }

  /** Writes what waits, for 5 s at most, ends the threads and frees the data directory. Twice is once. */
  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    const {promise: isLate, resolve} = Promise.withResolvers<void>()
    const cancel = this.#options.clock.after(CLOSE_LIMIT_MS, resolve)
    const work = async () => {
      await this.flush()
      // The reader first: the last connection to close tidies up, and it must be able to write.
      for (const opening of [this.#reader, this.#writer])
        await opening?.then(
          thread => thread.close(),
          () => {},
        )
    }
    await Promise.race([work(), isLate])
    cancel()
    this.#cancelRetry?.()
    for (const thread of this.#threads) thread.abandon()
    this.#buffered.dropAll()
    await this.#options.onClosed()
  }

  #checkOpen(): void {
    if (this.#closing !== undefined) throw new GsError('store_unavailable', 'the store is closed')
    if (this.#problem?.isFinal) throw toError(this.#problem)
  }

  #start(role: 'writer' | 'reader' | 'copier') {
    return {role, file: this.#options.file, nowMs: this.#options.clock.nowMs()}
  }

  async #askWriter(request: StoreRequest): Promise<Outcome> {
    let outcome: Outcome
    try {
      outcome = await (await this.#liveWriter()).ask(request)
    } catch (error) {
      if (!(error instanceof StoreFault)) throw error
      outcome = {failure: error.failure}
    }
    if (request.kind !== 'query') this.#judge(outcome)
    return outcome
  }

  /** The thread that writes, started anew if it has died, though at most once a second. */
  #liveWriter(): Promise<StoreThread> {
    if (this.#writer !== undefined) return this.#writer
    const nowMs = this.#options.clock.monotonicMs()
    if (nowMs - this.#writerStartedAtMs < RETRY_MS) {
      const message = `the store is starting anew; before: ${this.#problem?.message}`
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

  async #openWriter(): Promise<StoreThread> {
    const {thread, salvage, sizeBytes} = await StoreThread.open({
      start: this.#start('writer'),
      threads: this.#threads,
      onProgress: progress => {
        this.#commits += progress.commits
        if (progress.sizeBytes >= 0) this.#sizeBytes = progress.sizeBytes
      },
      onDeath: failure => {
        this.#writer = undefined
        this.#setProblem(failure)
      },
    })
    this.#sizeBytes = sizeBytes
    if (salvage !== null) this.#report(salvage)
    if (this.#options.file === null) {
      for (const [owner, steps] of this.#migrations) resultOf(await thread.ask({kind: 'migrate', owner, steps}))
    }
    return thread
  }

  async #askReader(request: StoreRequest): Promise<Outcome> {
    const forget = () => {
      this.#reader = undefined
    }
    if (this.#reader === undefined) {
      this.#reader = this.#openReading('reader', forget)
      this.#reader.catch(forget)
    }
    const outcome = await (await this.#reader).ask(request)
    if ('failure' in outcome && outcome.failure.isFinal) this.#setProblem(outcome.failure)
    return outcome
  }

  /** @throws {GsError} store_unavailable. */
  async #openReading(role: 'reader' | 'copier', onDeath: () => void): Promise<StoreThread> {
    try {
      const {thread} = await StoreThread.open({start: this.#start(role), onDeath, threads: this.#threads})
      return thread
    } catch (error) {
      throw error instanceof StoreFault ? toError(error.failure, error.cause) : error
    }
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
    while (!this.#buffered.isEmpty && (await this.#drainBatch())) {
      // The next one.
    }
    this.#draining = undefined
    if (!this.#buffered.isEmpty) this.#drainLater()
  }

  /** False: the disk is broken, and what is left of the batch is tried again later. */
  async #drainBatch(): Promise<boolean> {
    this.#batch += 1
    const batch = this.#batch
    const items = this.#buffered.nextBatch()
    const outcomes = await Promise.all(items.map(item => this.#askToAppend(item, batch)))
    const kept = outcomes.findIndex(outcome => 'failure' in outcome && isWorthAnotherTry(outcome.failure))
    const settled = kept < 0 ? outcomes : outcomes.slice(0, kept)
    this.#buffered.settleFirst(settled.map(outcome => ('failure' in outcome ? 'dropped' : 'stored')))
    this.#reportRefused(settled)
    if (this.#problem?.isFinal) this.#buffered.dropAll()
    return kept < 0
  }

  async #askToAppend({statements}: BufferedItem, batch: number): Promise<Outcome> {
    try {
      return await this.#askWriter({kind: 'append', batch, statements})
    } catch (error) {
      // It holds something that no thread can be sent.
      return {failure: {code: 'statement_invalid', message: (error as Error).message}}
    }
  }

  #reportRefused(outcomes: readonly Outcome[]): void {
    for (const outcome of outcomes) {
      if (!('failure' in outcome) || outcome.failure.state !== undefined) continue
      this.#options.log.error({problem: outcome.failure.message}, 'a buffered write was wrong and is dropped')
    }
  }

  #judge(outcome: Outcome): void {
    if (!('failure' in outcome)) this.#setProblem(undefined)
    else if (outcome.failure.state !== undefined) this.#setProblem(outcome.failure)
  }

  #setProblem(problem: StoreFailure | undefined): void {
    const before = this.#problem
    if (before?.isFinal) return
    this.#problem = problem
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
    const fields = {
      file: this.#options.file,
      setAside: salvage.file,
      rows: salvage.rows,
      lostTables: salvage.lostTables,
    }
    this.#options.log.error(
      fields,
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
