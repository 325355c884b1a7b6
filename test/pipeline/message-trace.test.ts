import {setTimeout as pause} from 'node:timers/promises'
import {expect, test} from 'vitest'
import type {Dropped, TraceEvent} from '../../src/contract/admin.js'
import {GsError} from '../../src/errors.js'
import {createTestServer} from '../../src/ops/create-test-server.js'
import {definePlugin} from '../../src/pipeline/define-plugin.js'
import type {TraceFilter} from '../../src/pipeline/message-trace.js'
import {RawClient} from '../helpers/raw-client.js'

const watcher = definePlugin({
  name: 'watcher',
  setup(host) {
    host.hook('frameReceived', () => {})
    host.hook('beforeMessage', ({message}) => {
      if (message.type !== 'chat') return undefined
      if (message.message === 'bad word') throw new GsError('content_rejected', 'no', {rule: 'words'})
      return message.message === 'slow' ? pause(30) : undefined
    })
    host.hook('afterMessage', () => {})
  },
})

async function world(plugins = [watcher]) {
  const {server, port, close} = await createTestServer({plugins})
  const trace = (filter: TraceFilter = {}, forMs = 60_000) => server.trace({filter, forMs})
  return {server, trace, login: (userId: number) => RawClient.login(port, userId), [Symbol.asyncDispose]: close}
}

async function take(events: AsyncIterator<TraceEvent | Dropped>): Promise<TraceEvent> {
  return (await events.next()).value
}

const names = ({hooks}: TraceEvent) => hooks.map(({plugin, hook}) => `${plugin}.${hook}`)

test('shows a message with its hooks in order and their times, and nobody’s words', async () => {
  await using here = await world()
  const user = await here.login(42)
  const events = here.trace({userId: 42})
  user.send({type: 'join_room', roomId: 7}, {type: 'chat', roomId: 7, message: 'slow', seq: 1})
  expect(await take(events)).toMatchObject({type: 'join_room', roomId: 7, error: null, rule: null})
  const chat = await take(events)
  expect(chat).toEqual({
    time: expect.stringMatching(/^\d{4}-.*Z$/),
    userId: 42,
    address: '127.0.0.1',
    roomId: 7,
    type: 'chat',
    sizeBytes: '{"type":"chat","roomId":7,"message":"slow","seq":1}'.length,
    error: null,
    rule: null,
    durationMs: expect.any(Number),
    hooks: expect.any(Array),
  })
  expect(names(chat)).toEqual(['watcher.frameReceived', 'watcher.beforeMessage', 'watcher.afterMessage'])
  const [, before] = chat.hooks
  expect(before?.durationMs).toBeGreaterThanOrEqual(25)
  expect(chat.durationMs).toBeGreaterThanOrEqual(before?.durationMs ?? 0)
  expect(chat.durationMs).toBeLessThan(5000)
  expect(JSON.stringify(chat)).not.toContain('slow')
})

test('shows refused and malformed messages too', async () => {
  await using here = await world()
  const user = await here.login(1)
  const events = here.trace()
  user.send({type: 'chat', roomId: 7, message: 'bad word'}, {type: 'chat', roomId: 7, message: 'x'})
  user.write('{"type":"chat",\n')
  user.send({type: 'hello', userId: 1}, {type: 'join_room', roomId: 'x'})
  expect(await take(events)).toMatchObject({type: 'chat', error: 'content_rejected', rule: 'words'})
  expect(await take(events)).toMatchObject({type: 'chat', error: 'not_in_room', rule: null, roomId: 7})
  const malformed = await take(events)
  expect(malformed).toMatchObject({type: null, error: 'bad_message', roomId: null, sizeBytes: 15})
  expect(names(malformed)).toEqual(['watcher.frameReceived', 'watcher.afterMessage'])
  expect(await take(events)).toMatchObject({type: 'hello', error: 'already_authenticated'})
  expect(await take(events)).toMatchObject({type: 'join_room', error: 'bad_message'})
})

test('works without any plugin', async () => {
  await using here = await world([])
  const user = await here.login(1)
  const events = here.trace()
  user.send({type: 'heartbeat'})
  expect(await take(events)).toMatchObject({type: 'heartbeat', hooks: [], durationMs: expect.any(Number)})
})

test('shows one user’s, one room’s or one address’s messages only', async () => {
  await using here = await world()
  const [one, two] = [await here.login(1), await here.login(2)]
  const byUser = here.trace({userId: 2})
  const byRoom = here.trace({roomId: 8})
  const byAddress = here.trace({address: '192.0.2.1'}, 200)
  one.send({type: 'join_room', roomId: 7}, {type: 'join_room', roomId: 8})
  await one.take('room_joined')
  await one.take('room_joined')
  two.send({type: 'join_room', roomId: 8})
  expect(await take(byUser)).toMatchObject({userId: 2, roomId: 8})
  expect(await take(byRoom)).toMatchObject({userId: 1, roomId: 8})
  expect(await take(byRoom)).toMatchObject({userId: 2, roomId: 8})
  expect((await byAddress.next()).done).toBe(true)
})

test('ends after its time, with the reader, with its signal and with the server; then nothing is traced', async () => {
  const here = await world()
  const user = await here.login(1)
  const controller = new AbortController()
  const timed = here.trace({}, 20)
  const signalled = here.server.trace({filter: {}, forMs: 60_000, signal: controller.signal})
  const left = here.trace()
  const open = here.trace()
  expect((await timed.next()).done).toBe(true)
  controller.abort()
  expect((await signalled.next()).done).toBe(true)
  user.send({type: 'heartbeat'})
  for await (const event of left) {
    expect(event).toMatchObject({type: 'heartbeat'})
    break
  }
  expect((await left.next()).done).toBe(true)
  await take(open)
  await here[Symbol.asyncDispose]()
  expect((await open.next()).done).toBe(true)
})

test('a reader that is too slow loses the oldest and is told how many; 32 traces run at most', async () => {
  await using here = await world()
  const user = await here.login(1)
  const events = here.trace()
  for (let seq = 1; seq <= 1200; seq += 1) user.send({type: 'heartbeat', seq})
  await user.until(() => user.frames.at(-1)?.seq === 1200)
  expect((await events.next()).value).toEqual({dropped: 200})
  expect(await take(events)).toMatchObject({type: 'heartbeat'})
  for (let index = 1; index < 32; index += 1) here.trace()
  expect(() => here.trace()).toThrow(expect.objectContaining({code: 'limit_reached'}))
  await events.return?.()
  here.trace()
})

test('a message that arrived before the trace began is not shown half', async () => {
  await using here = await world()
  const user = await here.login(1)
  user.send({type: 'join_room', roomId: 7})
  await user.take('room_joined')
  user.send({type: 'chat', roomId: 7, message: 'slow'})
  await pause(5)
  const events = here.trace()
  user.send({type: 'heartbeat'})
  expect(await take(events)).toMatchObject({type: 'heartbeat'})
})
