import {join} from 'node:path'
import {expect, onTestFinished, test} from 'vitest'
import {AdminClient} from '../../../src/client/admin/admin-client.js'
import {systemClientClock} from '../../../src/client/client-clock.js'
import {chooseTarget} from '../../../src/ops/bench/bench-target.js'
import {type BenchProgress, runBench} from '../../../src/ops/bench/run-bench.js'
import {createServer} from '../../../src/ops/create-server.js'
import {tempFolder} from '../../helpers/temp-folder.js'
import {windowPlan} from './bench-results.js'

async function gameServer() {
  const socket = join(tempFolder(), 'admin')
  const server = await createServer({server: {port: 0}, admin: {socket}, log: {level: 'silent'}})
  onTestFinished(async () => {
    await server.close()
  })
  return {server, admin: new AdminClient({socketPath: socket})}
}

/** A short load on the server of an admin socket. */
async function bench(
  admin: AdminClient,
  {durationMs = 60, signal = new AbortController().signal, shown = [] as BenchProgress[]} = {},
) {
  const openAdmin = async () => admin
  return runBench({
    plan: {...windowPlan, clients: 12, rooms: 3, workers: 2},
    target: await chooseTarget({host: undefined, port: undefined, openAdmin, isNamed: true}),
    warmupMs: 0,
    durationMs,
    signal,
    onProgress: progress => shown.push(progress),
    clock: systemClientClock,
  })
}

test('progress goes through its phases and only forward', async () => {
  const {admin} = await gameServer()
  const shown: BenchProgress[] = []
  await bench(admin, {durationMs: 500, shown})
  const measuring = shown.filter(({phase}) => phase === 'measuring').map(({ratio}) => ratio)
  expect(measuring.length).toBeGreaterThan(1)
  expect(measuring).toEqual(measuring.toSorted((one, other) => one - other))
  expect(shown.every(({ratio, clients}) => ratio >= 0 && ratio <= 1 && clients <= 12)).toBe(true)
})

test('one that is ended before it began has measured nothing', async () => {
  const {admin} = await gameServer()
  const result = await bench(admin, {durationMs: 60_000, signal: AbortSignal.abort()})
  expect(result).toMatchObject({isCutShort: true, durationMs: 0, deliveries: 0, latency: {samples: 0, p99Ms: 0}})
})

test('a server that goes away leaves a result without its account', async () => {
  const {server, admin} = await gameServer()
  const running = bench(admin, {durationMs: 60_000})
  await expect.poll(() => server.counters.messages.chat, {timeout: 10_000}).toBeGreaterThan(0)
  await server.close()
  const {isCutShort, lost, server: account, notes} = await running
  expect({isCutShort, account}).toEqual({isCutShort: true, account: null})
  expect(lost).toEqual({total: 12, byReason: {server_shutdown: 12}})
  expect(notes.join()).toContain('No whole account of the server: ')
})
