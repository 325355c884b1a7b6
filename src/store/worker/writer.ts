import type {StatementSync} from 'node:sqlite'
import type {Clock} from '../../contract/clock.js'
import type {NumberRows, Statement} from '../../contract/store.js'
import type {NumberedRequest, RequestOf, StoreAnswer, StoreFailure, StoreReply} from '../messages.js'
import {copyInto} from './copy-into.js'
import {failureOf} from './failure.js'
import {migrateOwner, rollBack} from './migrate.js'
import type {OpenedStore} from './open-file.js'
import {runQuery} from './run-query.js'
import {StatementCache} from './statement-cache.js'

/** A group of buffered writes ends with the first of these that is reached; one write alone may pass them. */
const GROUP_ROWS = 500
const GROUP_MS = 5

const PRAGMA = /^\s*pragma\b/i

/** How often the size of the files is looked up at most. */
const MEASURE_INTERVAL_MS = 250

export interface WriterOptions {
  readonly opened: OpenedStore
  readonly clock: Pick<Clock, 'monotonicMs'>
  /** Takes a request that has arrived and was not handed over yet. */
  readonly receive: () => NumberedRequest | undefined
  readonly reply: (reply: StoreReply) => void
  readonly onClose: () => void
}

interface Pending {
  readonly id: number
  readonly statements: readonly Statement[]
}

interface PendingAppend extends Pending {
  readonly batch: number
}

/**
 * Writes in groups, each a transaction: all durable writes that are there, or else the next few buffered ones. Durable
 * writes that arrive meanwhile are the next group, so they wait for one group at most and share one commit.
 */
export class Writer {
  readonly #options: WriterOptions
  readonly #statements: StatementCache
  /** Both bounded by the main thread. */
  #durable: Pending[] = []
  #buffered: PendingAppend[] = []
  /** Migrations, queries of a store in memory, the end: each after all durable writes that came before. */
  #others: NumberedRequest[] = []
  #isScheduled = false
  #failedBatch: {batch: number; failure: StoreFailure} | undefined
  #sizeBytes = 0
  #measuredAtMs = Number.NEGATIVE_INFINITY

  constructor(options: WriterOptions) {
    this.#options = options
    this.#statements = new StatementCache(options.opened.database)
  }

  take(message: NumberedRequest): void {
    const {id, request} = message
    if (request.kind === 'write') this.#durable.push({id, statements: request.statements})
    else if (request.kind === 'append') this.#buffered.push({id, statements: request.statements, batch: request.batch})
    else this.#others.push(message)
    this.#schedule()
  }

  /** By turns, so that what has arrived is seen between two groups. */
  #schedule(): void {
    if (this.#isScheduled) return
    this.#isScheduled = true
    setImmediate(() => {
      this.#isScheduled = false
      this.#turn()
    })
  }

  #turn(): void {
    for (let next = this.#options.receive(); next !== undefined; next = this.#options.receive()) this.take(next)
    if (this.#durable.length > 0) this.#writeDurable()
    else if (this.#others.length > 0) this.#doOther()
    else if (this.#buffered.length > 0) this.#writeBuffered()
    if (this.#durable.length + this.#others.length + this.#buffered.length > 0) this.#schedule()
  }

  #writeDurable(): void {
    const group = this.#durable
    this.#durable = []
    const {answers, failure} = this.#commit(group, () => false)
    this.#answer(answers, failure === undefined ? 1 : 0)
  }

  #writeBuffered(): void {
    const untilMs = this.#options.clock.monotonicMs() + GROUP_MS
    const failed = this.#failedBatch
    if (failed !== undefined) {
      // Later ones of a batch must not be stored when earlier ones were not.
      const late = this.#buffered.filter(({batch}) => batch === failed.batch)
      this.#buffered = this.#buffered.filter(({batch}) => batch !== failed.batch)
      this.#answer(
        late.map(({id}) => ({id, failure: failed.failure})),
        0,
      )
      if (this.#buffered.length === 0) return
    }
    const {answers, failure} = this.#commit(
      this.#buffered,
      rows => rows >= GROUP_ROWS || this.#options.clock.monotonicMs() >= untilMs,
    )
    const batch = this.#buffered[0]?.batch ?? 0
    this.#buffered.splice(0, answers.length)
    this.#failedBatch = failure === undefined ? undefined : {batch, failure}
    this.#answer(answers, failure === undefined ? 1 : 0)
  }

  /** Runs writes in one transaction until `isEnough`, and answers those it ran; all of them when the disk is broken. */
  #commit(
    group: readonly Pending[],
    isEnough: (rows: number) => boolean,
  ): {answers: StoreAnswer[]; failure?: StoreFailure} {
    const {database, file, checkPlace} = this.#options.opened
    const answers: StoreAnswer[] = []
    try {
      checkPlace()
      database.exec('BEGIN IMMEDIATE')
      let rows = 0
      for (const {id, statements} of group) {
        const failure = this.#run(statements)
        answers.push(failure === undefined ? {id} : {id, failure})
        rows += countRows(statements)
        if (isEnough(rows)) break
      }
      database.exec('COMMIT')
      return {answers}
    } catch (error) {
      rollBack(database)
      const failure = failureOf(error, file)
      return {answers: group.map(({id}) => ({id, failure})), failure}
    }
  }

  /** A wrong statement undoes its own write and no other of the group. */
  #run(statements: readonly Statement[]): StoreFailure | undefined {
    const {database, file} = this.#options.opened
    // A single row is all or nothing by itself.
    const isOne = countRows(statements) === 1
    let sql = ''
    if (!isOne) database.exec('SAVEPOINT one_write')
    try {
      for (const statement of statements) {
        sql = statement.sql
        runStatement(this.#statements.get(sql), statement)
      }
    } catch (error) {
      const failure = failureOf(error, file)
      if (failure.state !== undefined || !database.isTransaction) throw error
      if (!isOne) database.exec('ROLLBACK TO one_write; RELEASE one_write')
      return {...failure, message: `${failure.message} in ${sql.slice(0, 200)}`}
    }
    if (!isOne) database.exec('RELEASE one_write')
    return undefined
  }

  #doOther(): void {
    const next = this.#others.shift()
    if (next === undefined) return
    const {id, request} = next
    const {database, file, checkPlace} = this.#options.opened
    let commits = 0
    try {
      let value: unknown
      if (request.kind === 'migrate') {
        checkPlace()
        migrateOwner(database, request.owner, request.steps)
        commits = 1
      } else if (request.kind === 'query') {
        value = this.#query(request)
      } else if (request.kind === 'backup') {
        value = copyInto(database, request.path)
      } else {
        this.#close(id)
        return
      }
      this.#answer([{id, value}], commits)
    } catch (error) {
      this.#answer([{id, failure: failureOf(error, file)}], 0)
    }
  }

  #query(request: RequestOf<'query'>): unknown {
    const {database, file} = this.#options.opened
    database.exec('PRAGMA query_only = ON')
    try {
      return runQuery(this.#statements, request, file)
    } finally {
      database.exec('PRAGMA query_only = OFF')
    }
  }

  #close(id: number): void {
    const {opened, onClose} = this.#options
    try {
      if (opened.file !== null) opened.database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    } catch {
      // What is in the log stays there and is read at the next start.
    }
    opened.database.close()
    this.#options.reply({kind: 'answers', answers: [{id}]})
    onClose()
  }

  #answer(answers: readonly StoreAnswer[], commits: number): void {
    const nowMs = this.#options.clock.monotonicMs()
    if (nowMs - this.#measuredAtMs >= MEASURE_INTERVAL_MS) {
      this.#measuredAtMs = nowMs
      this.#sizeBytes = this.#options.opened.measure()
    }
    if (answers.length > 0) {
      this.#options.reply({kind: 'answers', answers, progress: {commits, sizeBytes: this.#sizeBytes}})
    }
  }
}

function runStatement(prepared: StatementSync, {sql, params = [], rows, numbers}: Statement): void {
  if (numbers !== undefined) runNumbers(prepared, numbers)
  else if (rows !== undefined) for (const row of rows) prepared.run(...row)
  // `run` stops at a first row, and incremental_vacuum makes one of each page that it frees.
  else if (PRAGMA.test(sql)) prepared.all(...params)
  else prepared.run(...params)
}

function runNumbers(prepared: StatementSync, {values, width}: NumberRows): void {
  const row = new Array<number>(width).fill(0)
  for (let start = 0; start < values.length; start += width) {
    for (let column = 0; column < width; column += 1) row[column] = values[start + column] as number
    prepared.run(...row)
  }
}

function countRows(statements: readonly Statement[]): number {
  let rows = 0
  for (const {rows: lists, numbers} of statements) {
    rows += numbers === undefined ? (lists?.length ?? 1) : numbers.values.length / numbers.width
  }
  return rows
}
