import {setPriority} from 'node:os'
import {DatabaseSync} from 'node:sqlite'
import {isMainThread, Worker, workerData} from 'node:worker_threads'
import type {RowJob} from '../row-job.js'
import {failureOf} from './failure.js'
import {LOW_PRIORITY} from './lower-priority.js'
import {ReadOnlyGuard} from './read-only-guard.js'
import {RowWriter} from './row-writer.js'
import {EVERY_CONNECTION} from './store-files.js'

/**
 * The program of a process that reads rows for somebody else's SQL, which nobody can interrupt but by killing it. Its
 * main thread watches stdin: the first line is the job, and the end of it, when whoever asked is gone, ends the process.
 * The other thread reads, and writes lines to stdout.
 */

const STDOUT = 1
const BUSY_TIMEOUT_MS = 1000
/** What a statement and its sorting may take of memory; more goes to files for the time being, or is refused. */
const MAX_HEAP_BYTES = 268_435_456
const MAX_CELL_BYTES = 500_000
const MAX_SQL_BYTES = 65_536

if (isMainThread) watch()
else read(workerData as RowJob)

function watch(): void {
  setPriority(LOW_PRIORITY)
  let text = ''
  let hasJob = false
  process.stdin.setEncoding('utf8')
  process.stdin.on('data', (chunk: string) => {
    text += chunk
    if (hasJob || !text.endsWith('\n')) return
    hasJob = true
    const worker = new Worker(new URL(import.meta.url), {workerData: JSON.parse(text)})
    worker.on('exit', () => process.stdin.destroy())
  })
  // A thread in the middle of a statement would keep the process from ending in any other way.
  process.stdin.on('end', () => process.kill(process.pid, 'SIGKILL'))
}

function read(job: RowJob): void {
  const writer = new RowWriter(STDOUT)
  let guard: ReadOnlyGuard | undefined
  try {
    using database = open(job.file)
    guard = new ReadOnlyGuard(database, job)
    writeRows(database, job, {writer, guard})
  } catch (error) {
    const {code, message} = failureOf(wordsFor(error), job.file)
    const refusal = code === 'statement_invalid' ? guard?.refusal : undefined
    writer.say({error: {code, message, hint: null, ...refusal}})
  }
}

function open(file: string): DatabaseSync {
  const limits = {attach: 0, length: MAX_CELL_BYTES, sqlLength: MAX_SQL_BYTES}
  const database = new DatabaseSync(file, {readOnly: true, timeout: BUSY_TIMEOUT_MS, limits})
  database.exec(`${EVERY_CONNECTION}; PRAGMA hard_heap_limit = ${MAX_HEAP_BYTES}; BEGIN`)
  return database
}

function writeRows(
  database: DatabaseSync,
  {sql, params, countSql, maxRows}: RowJob,
  {writer, guard}: {writer: RowWriter; guard: ReadOnlyGuard},
): void {
  const statement = database.prepare(sql, {returnArrays: true})
  guard.checkWhole(sql, statement.sourceSQL)
  const columns = statement.columns().map(({name}) => name)
  if (columns.length === 0) throw new Error('it gives no rows')
  writer.say({columns, total: countSql === null ? null : count(database, countSql, params)})
  let isCut = false
  for (const row of statement.iterate(...params) as Iterable<unknown>) {
    isCut = writer.count === maxRows
    if (isCut) break
    writer.add(row as never)
  }
  writer.say({end: {rows: writer.count, isCut}})
}

function count(database: DatabaseSync, sql: string, params: RowJob['params']): number {
  const [total] = Object.values(database.prepare(sql).get(...params) ?? {})
  return Number(total)
}

/** What Node says of a number that is none is no help to whoever wrote the SQL. */
function wordsFor(error: unknown): unknown {
  if ((error as {code?: unknown}).code !== 'ERR_OUT_OF_RANGE') return error
  return new Error('a whole number is beyond 2^53-1; CAST it AS TEXT', {cause: error})
}
