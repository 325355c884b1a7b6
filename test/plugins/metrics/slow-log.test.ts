import {expect, test} from 'vitest'
import {resolveConfig} from '../../../src/config/resolve.js'
import type {MessageRecord} from '../../../src/contract/plugins.js'
import {definePlugin} from '../../../src/pipeline/define-plugin.js'
import {SlowLog} from '../../../src/plugins/metrics/slow-log.js'
import {TimedMessages} from '../../../src/plugins/metrics/timed-messages.js'
import {metricsWorld} from './metrics-world.js'

const MINUTE_MS = 60_000

function record(durationMs: number, more: Partial<MessageRecord> = {}): MessageRecord {
  const origin = {
    userId: 1,
    nickname: undefined,
    address: '127.0.0.1',
    sizeBytes: 50,
    readId: 1,
    readAtMs: 0,
    readMonotonicMs: 0,
  }
  return {
    ...origin,
    message: {type: 'chat', roomId: 7, message: 'secret'},
    error: null,
    hooks: null,
    durationMs,
    handlingMs: durationMs,
    ...more,
  }
}

const durations = (log: SlowLog, nowMs: number, options = {}) =>
  log.list(options, nowMs).map(({durationMs}) => durationMs)

test('of each minute the twenty slowest are kept, whatever comes in which order', () => {
  const log = new SlowLog()
  for (let index = 0; index < 500; index += 1) log.note(record(10 + ((index * 7) % 100)), 0)
  expect(durations(log, 0, {limit: 300})).toEqual([
    ...Array.from({length: 20}, (_, index) => 109 - Math.floor(index / 5)),
  ])
})

test('a slow minute does not push out the one before, and fifteen minutes are the end', () => {
  const log = new SlowLog()
  log.note(record(11), 0)
  for (let index = 0; index < 100; index += 1) log.note(record(500), MINUTE_MS)
  log.note(record(12), 2 * MINUTE_MS)
  expect(durations(log, 2 * MINUTE_MS, {limit: 300})).toEqual([...Array(20).fill(500), 12, 11])
  expect(durations(log, 2 * MINUTE_MS, {limit: 2, sort: 'time'})).toEqual([12, 500])
  expect(durations(log, 15 * MINUTE_MS, {limit: 300})).toHaveLength(22)
  expect(durations(log, 15 * MINUTE_MS + 1, {limit: 300})).toHaveLength(21)
  expect(durations(log, 17 * MINUTE_MS + 1, {limit: 300})).toEqual([])
  for (let minute = 3; minute < 100; minute += 1) log.note(record(20), minute * MINUTE_MS)
  expect(durations(log, 99 * MINUTE_MS, {limit: 300})).toHaveLength(16)
})

test('an entry has no words of users, and sums up the hooks of each plugin', () => {
  const log = new SlowLog()
  const hooks = [
    {plugin: 'security', hook: 'frameReceived', durationMs: 1},
    {plugin: 'security', hook: 'beforeMessage', durationMs: 2},
    {plugin: 'mine', hook: 'beforeMessage', durationMs: 8},
  ] as const
  log.note(record(12, {hooks}), 0)
  log.note(
    record(11, {
      message: undefined,
      error: {code: 'bad_message', message: 'x', rule: undefined, retryAfterMs: undefined},
    }),
    0,
  )
  const [first, second] = log.list({}, 0)
  expect(first).toMatchObject({
    roomId: 7,
    type: 'chat',
    plugins: [
      {plugin: 'security', durationMs: 3},
      {plugin: 'mine', durationMs: 8},
    ],
  })
  expect(second).toMatchObject({roomId: null, type: null, error: 'bad_message', plugins: null})
  expect(JSON.stringify(log.list({}, 0))).not.toContain('secret')
})

test('messages are timed a few a second, more after a slow one, and few again a minute later', () => {
  const asked: number[] = []
  const timed = new TimedMessages({timeMessages: count => void asked.push(count)})
  timed.refill()
  for (let index = 0; index < 1000; index += 1) timed.noteSlow()
  for (let second = 0; second < 62; second += 1) timed.refill()
  expect(asked).toEqual([16, 256, ...Array(60).fill(256), 16, 16])
})

test('slowMs changes while the server runs', async () => {
  let stall = (_: number) => {}
  const dawdler = definePlugin({
    name: 'dawdler',
    setup(host) {
      host.hook('beforeMessage', ({message}) => void (message.type === 'chat' && stall(30)))
    },
  })
  await using world = await metricsWorld({plugins: [dawdler], metrics: {slowMs: 50}})
  stall = ms => world.clock.stall(ms)
  const ann = await world.user(1, 7)
  await world.chat(ann, 7, 1)
  expect(world.metrics.slow()).toEqual([])
  world.server.applyConfig(resolveConfig({metrics: {slowMs: 30}}).config)
  await world.chat(ann, 7, 1)
  expect(world.metrics.slow()).toMatchObject([{durationMs: 30, userId: 1, roomId: 7}])
})

test('own time is apart from the time spent behind others of the same read', async () => {
  let stall = (_: number) => {}
  const dawdler = definePlugin({
    name: 'dawdler',
    setup(host) {
      host.hook('beforeMessage', ({message}) => void (message.type === 'chat' && stall(Number(message.message))))
    },
  })
  await using world = await metricsWorld({plugins: [dawdler], metrics: {slowMs: 5}})
  stall = ms => world.clock.stall(ms)
  const ann = await world.user(1, 7)
  ann.send(...['40', '0', '20'].map((message, seq) => ({type: 'chat', roomId: 7, message, seq})))
  for (let count = 0; count < 3; count += 1) await ann.take('ack')
  const figures = world.metrics.slow({sort: 'time'}).map(({durationMs, handlingMs}) => [durationMs, handlingMs])
  expect(figures).toEqual([
    [60, 20],
    [40, 40],
    [40, 0],
  ])
})

test('a slow hook of another plugin is named although the message was none of those that are timed', async () => {
  let stall = (_: number) => {}
  const dawdler = definePlugin({
    name: 'dawdler',
    setup(host) {
      host.hook('beforeMessage', ({message}) => void (message.type === 'chat' && stall(Number(message.message))))
    },
  })
  await using world = await metricsWorld({plugins: [dawdler]})
  stall = ms => world.clock.stall(ms)
  const ann = await world.user(1, 7)
  // Uses up what is timed in this second.
  for (let count = 0; count < 30; count += 1) ann.send({type: 'heartbeat'})
  for (let count = 0; count < 30; count += 1) await ann.take('heartbeat')
  ann.send({type: 'chat', roomId: 7, message: '30', seq: 1})
  await ann.take('ack')
  expect(world.metrics.slow()).toMatchObject([{durationMs: 30, plugins: [{plugin: 'dawdler', durationMs: 30}]}])
})

test('so is a promise that is waited for', async () => {
  const late = Promise.withResolvers<void>()
  const asker = definePlugin({
    name: 'asker',
    setup(host) {
      host.hook('beforeMessage', ({message}) => (message.type === 'chat' ? late.promise : undefined))
    },
  })
  await using world = await metricsWorld({plugins: [asker]})
  const ann = await world.user(1, 7)
  for (let count = 0; count < 30; count += 1) ann.send({type: 'heartbeat'})
  for (let count = 0; count < 30; count += 1) await ann.take('heartbeat')
  const {bytesIn} = world.server.counters
  ann.send({type: 'chat', roomId: 7, message: 'x', seq: 1}, {type: 'heartbeat', seq: 2})
  await expect.poll(() => world.server.counters.bytesIn).toBeGreaterThan(bytesIn + 60)
  world.clock.stall(50)
  late.resolve()
  await ann.take('heartbeat')
  expect(world.metrics.slow({sort: 'time'})).toMatchObject([
    {type: 'chat', durationMs: 50, handlingMs: 50, plugins: [{plugin: 'asker', durationMs: 50}]},
    {type: 'heartbeat', durationMs: 50, handlingMs: 0, plugins: null},
  ])
})
