import {describe, expect, test} from 'vitest'
import type {ConfigInput} from '../../../src/config/schema.js'
import {createTestServer} from '../../../src/ops/create-test-server.js'
import {ManualClock} from '../../helpers/manual-clock.js'
import {RawClient} from '../../helpers/raw-client.js'

const LARGE = 30_000
/** More than the kernel takes off anybody's hands: a reader that has stopped is noticed long before. */
const MOST_ROUNDS = 400

/** A room of users 1 to `count`, of whom user 1 speaks. */
async function openRoom(count: number, server: ConfigInput['server'] = {}) {
  const clock = new ManualClock()
  const options = {maxChatCharacters: LARGE, maxMemoryMb: 100_000, ...server}
  const testServer = await createTestServer({server: options}, {clock})
  const clients: RawClient[] = []
  for (let userId = 1; userId <= count; userId += 1) clients.push(await enter(testServer.port, userId))
  const [speaker] = clients as [RawClient]
  let said = 0
  return {
    clock,
    server: testServer.server,
    clients,
    /** Says something large, and waits until all those who read have it. */
    async speak(readers: readonly RawClient[], characters = LARGE) {
      said += 1
      speaker.send({type: 'chat', roomId: 1, message: `${said}${'x'.repeat(characters - String(said).length)}`})
      for (const reader of readers) {
        const {message} = await reader.take('chat')
        expect(Number.parseInt(message, 10)).toBe(said)
      }
    },
    reasons: () => testServer.server.closedConnections().map(({userId, reason}) => [userId, reason]),
    async [Symbol.asyncDispose]() {
      for (const client of clients) client.socket.destroy()
      await Promise.all(clients.map(({closed}) => closed))
      await testServer.close()
    },
  }
}

async function enter(port: number, userId: number): Promise<RawClient> {
  const client = await RawClient.login(port, userId)
  client.send({type: 'join_room', roomId: 1})
  await client.take('room_joined')
  return client
}

describe('one who has stopped reading', () => {
  test('is cut off above 1 MiB unsent, and the 49 others lose nothing', async () => {
    await using room = await openRoom(50)
    const {server, clients} = room
    const stopped = clients[30] as RawClient
    const others = clients.filter(client => client !== stopped)
    stopped.socket.pause()
    let rounds = 0
    for (; server.users.count === 50 && rounds < MOST_ROUNDS; rounds += 1) await room.speak(others)
    expect(room.reasons()).toEqual([[31, 'slow_consumer']])
    const [closed] = server.closedConnections()
    expect(closed?.unsentBytes).toBeGreaterThan(1_048_576)
    expect(closed?.unsentBytes).toBeLessThan(1_048_576 + 2 * LARGE)
    for (const other of others) expect(await other.take('member_left')).toMatchObject({userId: 31})
    await room.speak(others)
    stopped.socket.resume()
    await stopped.closed
    expect(stopped.frames.some(({type}) => type === 'goodbye')).toBe(false)
    expect(server.unsentBytes).toBe(0)
  })

  test('may stay between the soft and the hard limit for ten seconds', async () => {
    await using room = await openRoom(2, {unsentHardBytes: 100_000_000})
    const [speaker, stopped] = room.clients as [RawClient, RawClient]
    stopped.socket.pause()
    for (let round = 0; room.server.unsentBytes <= 262_144 && round < MOST_ROUNDS; round += 1) {
      await room.speak([speaker])
    }
    // The next look at it starts its time, and the one ten seconds later ends it.
    room.clock.advance(1000)
    room.clock.advance(9000)
    expect(room.reasons()).toEqual([])
    room.clock.advance(1000)
    expect(room.reasons()).toEqual([[2, 'slow_consumer']])
  })

  test('may stay below the soft limit for as long as it likes, and then reads on', async () => {
    await using room = await openRoom(2, {unsentSoftBytes: 900_000})
    const [speaker, stopped] = room.clients as [RawClient, RawClient]
    stopped.socket.pause()
    let said = 0
    for (; room.server.unsentBytes <= 100_000 && said < MOST_ROUNDS; said += 1) await room.speak([speaker])
    room.clock.advance(600_000)
    expect(room.reasons()).toEqual([])
    stopped.socket.resume()
    await stopped.until(() => stopped.frames.length === said)
  })
})

test('when all together have too much unsent, the one with the most goes and the other stays', async () => {
  await using room = await openRoom(3, {
    unsentHardBytes: 8_000_000,
    unsentSoftBytes: 8_000_000,
    unsentTotalBytes: 8_000_000,
  })
  const [speaker, first, second] = room.clients as [RawClient, RawClient, RawClient]
  first.socket.pause()
  for (let round = 0; room.server.unsentBytes <= 500_000 && round < MOST_ROUNDS; round += 1) {
    await room.speak([speaker, second])
  }
  second.socket.pause()
  for (let round = 0; room.server.users.count === 3 && round < MOST_ROUNDS; round += 1) await room.speak([speaker])
  expect(room.reasons()).toEqual([[2, 'slow_consumer']])
  expect(room.server.closedConnections()[0]?.unsentBytes).toBeLessThan(8_000_000)
  expect(room.server.unsentBytes).toBeGreaterThan(0)
  second.socket.resume()
  await room.speak([speaker])
  expect(room.reasons()).toHaveLength(1)
})

describe('with a tick', () => {
  test('replies and room frames wait for it, and a reader that has stopped is cut off all the same', async () => {
    const clock = new ManualClock()
    await using testServer = await createTestServer({server: {tickMs: 20}}, {clock})
    await using client = await RawClient.connect(testServer.port)
    let chunks = 0
    client.socket.on('data', () => chunks++)
    client.send({type: 'hello', userId: 1})
    client.send({type: 'join_room', roomId: 1}, {type: 'chat', roomId: 1, message: 'hi', seq: 1})
    while (testServer.server.counters.messages.chat === 0) await new Promise(resolve => setImmediate(resolve))
    expect(client.receivedBytes).toBe(0)
    clock.advance(20)
    await client.until(() => client.frames.length === 4)
    expect(client.frames.map(({type}) => type)).toEqual(['welcome', 'room_joined', 'chat', 'ack'])
    expect(chunks).toBe(1)
  })
})

test('what a closed connection leaves unsent is forgotten when it is cut off', async () => {
  await using room = await openRoom(2)
  const [speaker, stopped] = room.clients as [RawClient, RawClient]
  stopped.socket.pause()
  for (let round = 0; room.server.unsentBytes <= 500_000 && round < MOST_ROUNDS; round += 1) await room.speak([speaker])
  room.server.users.kick(2)
  room.clock.advance(1000)
  stopped.socket.resume()
  await stopped.closed
  await room.speak([speaker])
  expect(room.server.unsentBytes).toBe(0)
})
