import {once} from 'node:events'
import {connect} from 'node:net'
import {expect, test} from 'vitest'
import {createTestServer} from '../../src/ops/create-test-server.js'
import {ManualClock} from '../helpers/manual-clock.js'
import {RawClient} from '../helpers/raw-client.js'

async function drained(clients: number) {
  const clock = new ManualClock()
  const random = () => 0.5
  const {server, port} = await createTestServer({}, {clock, random})
  const users: RawClient[] = []
  for (let userId = 1; userId <= clients; userId += 1) users.push(await RawClient.login(port, userId))
  return {clock, server, port, users, [Symbol.asyncDispose]: async () => void (await server.close())}
}

test('a drain warns everybody, then lets them go evenly over its time, each with a time to come back', async () => {
  await using world = await drained(10)
  const {clock, server, users} = world
  const end = server.drain({forMs: 10_000})
  expect(server.state).toBe('draining')
  for (const user of users) expect((await user.take('notice')).message).toContain('about to stop')
  const counts: number[] = []
  for (let second = 0; second < 9; second += 1) {
    clock.advance(1000)
    counts.push(server.users.count)
  }
  expect(counts).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1])
  const goodbye = await (users[0] as RawClient).take('goodbye')
  expect(goodbye).toMatchObject({reason: 'server_shutdown', retryAfterMs: expect.any(Number)})
  clock.advance(1000)
  expect(server.state).toBe('stopping')
  expect(await end).toBe(true)
  await Promise.all(users.map(user => user.closed))
})

test('nobody is let in, and those who are there play on', async () => {
  await using world = await drained(2)
  const {server, port, users} = world
  const {host} = server.address
  void server.drain({forMs: 60_000, message: 'back at noon'})
  const late = connect({port, host})
  const [error] = await once(late, 'error')
  expect(error.code).toBe('ECONNREFUSED')
  const [one] = users as [RawClient]
  expect((await one.take('notice')).message).toBe('back at noon')
  one.send({type: 'join_room', roomId: 7}, {type: 'chat', roomId: 7, message: 'still here', seq: 1})
  expect(await one.take('ack')).toMatchObject({seq: 1})
  expect(server.address).toEqual({host, port})
})

test('a stop ends a drain early, and both end together', async () => {
  await using world = await drained(3)
  const {server, users} = world
  const drain = server.drain({forMs: 60_000})
  const [closed, end] = await Promise.all([server.close(), drain])
  expect([closed, end, server.state]).toEqual([true, true, 'stopping'])
  for (const user of users) expect((await user.take('goodbye')).reason).toBe('server_shutdown')
})

test('a drain of nobody, or that everybody left, is over at once', async () => {
  await using world = await drained(1)
  const {clock, server, users} = world
  const end = server.drain({forMs: 60_000})
  clock.advance(1000)
  // A thousand milliseconds of sixty thousand are due for nobody yet.
  expect(server.state).toBe('draining')
  const [user] = users as [RawClient]
  user.socket.end()
  await user.closed
  clock.advance(100)
  expect(await end).toBe(true)

  await using empty = await drained(0)
  const emptyEnd = empty.server.drain({forMs: 60_000})
  empty.clock.advance(100)
  expect(await emptyEnd).toBe(true)
})

test('a second drain is the first one, and after the stop it is over', async () => {
  await using world = await drained(1)
  const {clock, server} = world
  const first = server.drain({forMs: 1000})
  const second = server.drain({forMs: 60_000})
  clock.advance(1000)
  expect(await Promise.all([first, second, server.drain({forMs: 5})])).toEqual([true, true, true])
})

test.each([-1, Number.NaN, Number.POSITIVE_INFINITY, 86_400_001])('%s ms is no time for a drain', async forMs => {
  await using world = await drained(0)
  expect(() => world.server.drain({forMs})).toThrow(expect.objectContaining({code: 'usage'}))
  expect(world.server.state).toBe('running')
})

test('a drain of no time is a stop', async () => {
  await using world = await drained(2)
  expect(await world.server.drain({forMs: 0})).toBe(true)
  for (const user of world.users) expect((await user.take('goodbye')).reason).toBe('server_shutdown')
})
