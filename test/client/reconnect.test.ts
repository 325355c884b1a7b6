import {describe, expect, onTestFinished, test} from 'vitest'
import type {ConnectionEnd, ReconnectAttempt} from '../../src/client/client-events.js'
import type {GsClientOptions} from '../../src/client/client-options.js'
import {GsClient} from '../../src/client/game-client.js'
import {ReconnectPolicy} from '../../src/client/reconnect-policy.js'
import {GsError} from '../../src/errors.js'
import {ManualClientClock} from '../helpers/manual-client-clock.js'
import {answerAll, type Script, scriptedPeer, welcome} from '../helpers/scripted-peer.js'

async function connected(options: Partial<GsClientOptions> = {}, script: Script = answerAll) {
  const peer = await scriptedPeer(script)
  const clock = new ManualClientClock()
  const client = await GsClient.connect({port: peer.port, userId: 1, clock, random: () => 0.5, ...options})
  onTestFinished(() => client.close())
  return {peer, clock, client, server: await peer.connection(0)}
}

const reconnecting = (client: GsClient) =>
  new Promise<ReconnectAttempt>(resolve => {
    const stop = client.on('reconnecting', attempt => {
      stop()
      resolve(attempt)
    })
  })

const closed = (client: GsClient) => new Promise<ConnectionEnd>(resolve => client.on('close', resolve))

describe('the wait before an attempt', () => {
  test('is anything up to a limit that doubles, and then no longer grows', () => {
    const policy = new ReconnectPolicy({baseDelayMs: 100, maxDelayMs: 1_000}, () => 0.999_999)
    const limits = [1, 2, 3, 4, 5, 50, 5_000].map(attempt => Math.round(policy.delayMs(attempt)))
    expect(limits).toEqual([100, 200, 400, 800, 1_000, 1_000, 1_000])
    expect(new ReconnectPolicy({}, () => 0).delayMs(7)).toBe(0)
  })

  test('comes on top of what the server asks for', () => {
    const policy = new ReconnectPolicy({baseDelayMs: 100}, () => 0.5)
    expect(policy.delayMs(1, 2_000)).toBe(2_050)
    expect(policy.delayMs(1, -1)).toBe(50)
  })
})

test('a lost connection is made again, with the same user and the same rooms', async () => {
  const {peer, clock, client, server} = await connected({nickname: 'Ann'})
  await client.joinRoom(7)
  await client.joinRoom(8)
  await client.joinRoom(9)
  await client.leaveRoom(8)

  const attempt = reconnecting(client)
  server.socket.destroy()
  expect(await attempt).toMatchObject({attempt: 1, delayMs: 250, end: {reason: 'connection_lost'}})
  expect(client.state).toBe('reconnecting')

  const welcomed = client.waitFor('welcome')
  clock.advance(250)
  await welcomed
  const second = await peer.connection(1)
  await second.message(1, 'join_room')
  expect(second.received[0]).toMatchObject({type: 'hello', userId: 1, nickname: 'Ann'})
  expect(second.received.slice(1).map(({roomId}) => roomId)).toEqual([7, 9])
  expect(client.state).toBe('connected')
})

test('a guest comes back as the same guest', async () => {
  const peer = await scriptedPeer(answerAll)
  const clock = new ManualClientClock()
  const client = await GsClient.connect({port: peer.port, clock, random: () => 0})
  onTestFinished(() => client.close())
  expect((await peer.connection(0)).received[0]).not.toHaveProperty('userId')

  const attempt = reconnecting(client)
  peer.connections[0]?.socket.destroy()
  await attempt
  clock.advance(0)
  expect(await (await peer.connection(1)).message(0)).toMatchObject({userId: client.userId})
})

test('a room that cannot be joined again is forgotten, one that was left meanwhile is not joined', async () => {
  const {peer, clock, client, server} = await connected({}, (message, connection) => {
    const isFull = message.type === 'join_room' && message.roomId === 7 && peer.connections.length > 1
    if (isFull) connection.send({type: 'error', code: 'room_full', message: 'full', seq: message.seq})
    else answerAll(message, connection)
  })
  for (const roomId of [7, 8, 9]) await client.joinRoom(roomId)
  const attempt = reconnecting(client)
  server.socket.destroy()
  await attempt
  await expect(client.leaveRoom(9)).rejects.toMatchObject({code: 'connection_closed'})
  const joined = client.waitFor('room_joined')
  clock.advance(250)
  await joined
  expect([...client.rooms]).toEqual([8])
})

test('a room that a listener of welcome joined first is kept', async () => {
  const {peer, clock, client, server} = await connected({}, (message, connection) => {
    const joins = connection.received.filter(({type}) => type === 'join_room').length
    if (message.type !== 'join_room' || joins < 2) return answerAll(message, connection)
    connection.send({type: 'error', code: 'already_in_room', message: 'already', seq: message.seq})
  })
  await client.joinRoom(7)
  client.on('welcome', () => void client.joinRoom(7))
  const attempt = reconnecting(client)
  server.socket.destroy()
  await attempt
  const refused = client.waitFor('error')
  clock.advance(250)
  await refused
  expect((await peer.connection(1)).received).toHaveLength(3)
  expect([...client.rooms]).toEqual([7])
})

test('what the server asks to wait is waited', async () => {
  const {client, server} = await connected()
  const attempt = reconnecting(client)
  server.send({type: 'goodbye', reason: 'server_shutdown', message: 'restart', retryAfterMs: 4_000})
  server.socket.end()
  expect(await attempt).toMatchObject({delayMs: 4_250, end: {reason: 'server_shutdown', message: 'restart'}})
})

test.each(['replaced', 'kicked', 'blocked', 'auth_failed'] as const)(
  'after %s there is no second attempt',
  async reason => {
    const {client, server, clock} = await connected()
    const end = closed(client)
    server.send({type: 'goodbye', reason, retryAfterMs: 10})
    server.socket.end()
    expect(await end).toMatchObject({reason, retryAfterMs: 10})
    expect((await end).error).toMatchObject({code: 'connection_closed', closeReason: reason})
    expect(client.state).toBe('closed')
    expect(clock.waitsMs).toEqual([])
  },
)

test('a refusal of the second hello is final, unless it may pass', async () => {
  let hellos = 0
  const {client, server, clock} = await connected({}, (message, connection) => {
    if (message.type !== 'hello') return answerAll(message, connection)
    hellos += 1
    const code = hellos === 2 ? 'server_busy' : 'bad_message'
    if (hellos === 1) connection.send(welcome(message))
    else connection.send({type: 'error', code, message: code, seq: message.seq})
  })
  const first = reconnecting(client)
  server.socket.destroy()
  await first
  const second = reconnecting(client)
  clock.advance(250)
  expect(await second).toMatchObject({attempt: 2, delayMs: 500})
  const end = closed(client)
  clock.advance(500)
  expect(await end).toMatchObject({reason: 'hello_refused', message: 'bad_message'})
})

test('attempts go on while nobody answers, and end where the caller wants', async () => {
  const {peer, client, clock} = await connected({reconnect: {maxAttempts: 3, baseDelayMs: 100}})
  const waits: number[] = []
  client.on('reconnecting', ({delayMs}) => waits.push(delayMs))
  const end = closed(client)
  let attempt = reconnecting(client)
  await peer.close()
  for (let count = 0; count < 3; count += 1) {
    const {delayMs} = await attempt
    attempt = reconnecting(client)
    clock.advance(delayMs)
  }
  expect((await end).error).toMatchObject({code: 'server_unreachable'})
  expect(waits).toEqual([50, 100, 200])
})

test('waits grow while connections are short, and start anew after one that lasted', async () => {
  const {peer, client, clock} = await connected()
  const next = async (index: number) => {
    const attempt = reconnecting(client)
    const server = await peer.connection(index)
    server.socket.destroy()
    const {delayMs} = await attempt
    const welcomed = client.waitFor('welcome')
    clock.advance(delayMs)
    await welcomed
    return delayMs
  }
  expect([await next(0), await next(1), await next(2)]).toEqual([250, 500, 1_000])
  clock.advance(10_000)
  expect(await next(3)).toBe(250)
})

test('close ends the attempts', async () => {
  const {client, server, clock} = await connected()
  const attempt = reconnecting(client)
  server.socket.destroy()
  await attempt
  const end = closed(client)
  await client.close()
  expect(await end).toMatchObject({reason: 'client_closed'})
  expect(clock.waitsMs).toEqual([])
})

describe('heartbeats', () => {
  test('go out as often as the server advises', async () => {
    const {server, clock} = await connected({}, (message, connection) => {
      if (message.type === 'hello') connection.send(welcome(message, {heartbeatIntervalMs: 1_000}))
      else answerAll(message, connection)
    })
    clock.advance(999)
    expect(server.received).toHaveLength(1)
    clock.advance(1)
    await server.message(0, 'heartbeat')
    clock.advance(1_000)
    await server.message(1, 'heartbeat')
  })

  test('a server that has gone without a word is noticed', async () => {
    const {client, clock} = await connected({}, (message, connection) => {
      if (message.type === 'hello') connection.send(welcome(message, {heartbeatIntervalMs: 1_000}))
    })
    const attempt = reconnecting(client)
    clock.advance(3_000)
    expect((await attempt).end).toMatchObject({reason: 'connection_lost'})
    expect((await attempt).end.error?.message).toContain('said nothing for 3000 ms')
  })

  test.each([0, -1, Number.NaN, 1e12])('an interval of %d means none', async heartbeatIntervalMs => {
    const {clock} = await connected({}, (message, connection) => {
      if (message.type === 'hello') connection.send(welcome(message, {heartbeatIntervalMs}))
    })
    expect(clock.waitsMs).toEqual([])
  })
})

test('without reconnect the first loss is the end', async () => {
  const {client, server} = await connected({reconnect: false})
  const end = closed(client)
  server.socket.destroy()
  expect((await end).error).toBeInstanceOf(GsError)
})
