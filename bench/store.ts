// What the data store takes and what it costs the main thread. Durations are short, so repeat it and take medians.
//   node --import ./test/helpers/typescript-resolver.js bench/store.ts [directory]
import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {monitorEventLoopDelay} from 'node:perf_hooks'
import {argv} from 'node:process'
import {setTimeout as pause} from 'node:timers/promises'
import type {Store} from '../src/contract/store.js'
import {openStore} from '../src/store/open-store.js'
import {systemClock} from '../src/util/system-clock.js'

const PHASE_MS = 1500
const RESOLUTION_MS = 1
const INSERT = 'INSERT INTO bench_events (at_ms, room, user, type) VALUES (?, ?, ?, ?)'

const parent = mkdtempSync(join(argv[2] ?? tmpdir(), 'gs-bench-'))
const log = {debug() {}, info() {}, warn: console.error, error: console.error}
const store = await openStore({directory: parent, clock: systemClock, log})
await store.migrate('bench', [
  'CREATE TABLE bench_events (id INTEGER PRIMARY KEY, at_ms INTEGER, room INTEGER, user INTEGER, type TEXT) STRICT',
])

const row = () => [Date.now(), 42, 4_000_000_000, 'message_sent'] as const

/** So many at a time, each confirmed before the next. */
function durable(inFlight: number) {
  return async (target: Store, untilMs: number) => {
    let commits = 0
    const write = async () => {
      while (performance.now() < untilMs) {
        await target.write([{sql: INSERT, params: row()}])
        commits += 1
      }
    }
    await Promise.all(Array.from({length: inFlight}, write))
    return commits
  }
}

/** Batches of 500 rows, with so many of them waiting. */
function buffered(batches: number) {
  return async (target: Store, untilMs: number) => {
    let rows = 0
    const append = async () => {
      while (performance.now() < untilMs) {
        if ((await target.append([{sql: INSERT, rows: Array.from({length: 500}, row)}])) === 'stored') rows += 500
      }
    }
    await Promise.all(Array.from({length: batches}, append))
    return rows
  }
}

/** As analytics does: 2 000 rows a second, in a batch ten times a second. */
async function paced(target: Store, untilMs: number) {
  let rows = 0
  while (performance.now() < untilMs) {
    void target.append([{sql: INSERT, rows: Array.from({length: 200}, row)}])
    rows += 200
    await pause(100)
  }
  await target.flush()
  return rows
}

async function idle(_target: Store, untilMs: number) {
  await pause(untilMs - performance.now())
  return 0
}

const phases = {
  idle,
  'durable, 1 in flight': durable(1),
  'durable, 32 in flight': durable(32),
  'buffered, 4 batches of 500 waiting': buffered(4),
  'buffered, 2 000 rows/s': paced,
}

for (const [name, run] of Object.entries(phases)) {
  const delay = monitorEventLoopDelay({resolution: RESOLUTION_MS})
  const commitsBefore = store.status().commits
  const cpuBefore = performance.eventLoopUtilization()
  const startedAtMs = performance.now()
  delay.enable()
  const done = await run(store, startedAtMs + PHASE_MS)
  delay.disable()
  const seconds = (performance.now() - startedAtMs) / 1000
  const {utilization} = performance.eventLoopUtilization(cpuBefore)
  const p99Ms = delay.percentile(99) / 1e6 - RESOLUTION_MS
  const commits = store.status().commits - commitsBefore
  console.log(
    `${name}: ${Math.round(done / seconds)} rows/s, ${Math.round(commits / seconds)} commits/s, ` +
      `main thread ${(utilization * 100).toFixed(0)} % busy, loop delay p99 ${p99Ms.toFixed(2)} ms`,
  )
}
await store.close()
rmSync(parent, {recursive: true})
