import {once} from 'node:events'
import {setTimeout as pause} from 'node:timers/promises'
import {describe, expect, onTestFinished, test} from 'vitest'
import {createServer} from '../../../src/ops/create-server.js'
import type {GameServer} from '../../../src/server/game-server.js'
import {createRandom} from '../../helpers/create-random.js'
import {RawClient} from '../../helpers/raw-client.js'
import {chatLines} from './chat-lines.js'
import {chat, securityWorld, times} from './security-world.js'

// All limits at their defaults, in real time. The long form: GS_HONEST_SECONDS=60 npx vitest run test/plugins/security
const SECONDS = Number(process.env.GS_HONEST_SECONDS ?? 4)
const timeout = 30_000 + SECONDS * 2000
const FRAME_MS = 1000 / 60

async function startServer(trustedProxies: string[] = []): Promise<GameServer> {
  const log = {debug() {}, info() {}, warn() {}, error() {}}
  const server = await createServer(
    {plugins: ['security'], server: {port: 0, maxMemoryMb: 100_000, trustedProxies}},
    {log},
  )
  onTestFinished(async () => void (await server.close()))
  return server
}

async function enter(server: GameServer, userId: number, roomId: number, address?: string): Promise<RawClient> {
  const client = await RawClient.connect(server.address.port)
  onTestFinished(() => void client.socket.destroy())
  if (address !== undefined) client.write(`PROXY TCP4 ${address} 127.0.0.1 1 2\r\n`)
  client.send({type: 'hello', userId}, {type: 'join_room', roomId})
  await client.take('room_joined')
  return client
}

/** Nothing counts against any of these users. */
async function expectClean(server: GameServer, userIds: readonly number[]): Promise<void> {
  for (const userId of userIds) {
    expect(await server.security.show(userId)).toMatchObject({suspicion: 0, violations: 0, refused: 0, block: null})
  }
}

test('twenty frames in one write are nothing to suspect', async () => {
  const server = await startServer()
  const client = await enter(server, 1, 7)
  client.send(...times(20, index => ({...chat('hi', index), roomId: 7})))
  for (let index = 0; index < 20; index += 1) await client.take('ack')
  await expectClean(server, [1])
})

describe('a relay game at 60 Hz, each frame in three sends,', {timeout}, () => {
  test.for([
    ['without Nagle’s algorithm', true],
    ['with it', false],
  ] as const)('%s, is played to its end', async ([, noDelay]) => {
    const server = await startServer()
    const players = [await enter(server, 1, 7), await enter(server, 2, 7)]
    for (const {socket} of players) socket.setNoDelay(noDelay)
    const [starter] = players as [RawClient, RawClient]
    starter.send({type: 'game_start', roomId: 7, game: 'relay'})
    await starter.take('game_started')
    const random = createRandom(noDelay ? 1 : 2)
    const frames = SECONDS * 60
    const startMs = performance.now()
    for (let frame = 0; frame < frames; frame += 1) {
      for (const client of players) {
        const action = {x: Math.round(random() * 1000), y: frame}
        const bytes = client.encode(JSON.stringify({type: 'game_action', roomId: 7, action, seq: frame}))
        const cuts = [0, Math.floor(bytes.length * random() * 0.5), Math.floor(bytes.length * (0.5 + random() * 0.5))]
        for (const [index, from] of cuts.entries()) client.write(bytes.subarray(from, cuts[index + 1]))
        if (frame % 60 === 0) client.send({type: 'heartbeat'})
      }
      await pause(Math.max(0, startMs + (frame + 1) * FRAME_MS - performance.now()))
    }
    const acks = players.map(client =>
      client.until(() => client.frames.filter(({type}) => type === 'ack').length === frames),
    )
    await Promise.all(acks)
    for (const {frames: heard} of players) {
      expect(heard.filter(({type}) => type === 'error')).toEqual([])
      expect(heard.filter(({type}) => type === 'game_action')).toHaveLength(2 * frames)
    }
    starter.send({type: 'game_end', roomId: 7, winner: 2})
    expect(await starter.take('game_ended')).toMatchObject({outcome: 'finished', winner: 2})
    await expectClean(server, [1, 2])
  })
})

test('a game of tictactoe is played to its end', async () => {
  const server = await startServer()
  const players = [await enter(server, 1, 7), await enter(server, 2, 7)] as const
  players[0].send({type: 'game_start', roomId: 7, game: 'tictactoe'})
  await Promise.all(players.map(client => client.take('game_started')))
  for (const [turn, cell] of [0, 3, 1, 4, 2].entries()) {
    players[turn % 2 === 0 ? 0 : 1].send({type: 'game_action', roomId: 7, action: {cell}})
    await Promise.all(players.map(client => client.take('game_state')))
  }
  expect(await players[1].take('game_ended')).toMatchObject({outcome: 'finished', winner: 1})
  await expectClean(server, [1, 2])
})

test('200 users behind one address are heard, while one of them floods', {timeout}, async () => {
  const server = await startServer(['127.0.0.1'])
  const address = '203.0.113.1'
  const flooder = await enter(server, 1000, 1, address)
  const users: RawClient[] = []
  for (let index = 0; index < 200; index += 1) {
    users.push(await enter(server, index + 1, 1 + Math.floor(index / 10), address))
  }
  for (const user of users) user.frames.length = 0
  const isOver = new AbortController()
  const flood = async () => {
    let client = flooder
    while (!isOver.signal.aborted) {
      client.send(...times(10, () => ({type: 'chat', roomId: 1, message: 'flood'})))
      await pause(10)
      if (!client.isClosed) continue
      // Blocked, it comes back again and again.
      await pause(500)
      client = await RawClient.connect(server.address.port)
      client.write(`PROXY TCP4 ${address} 127.0.0.1 1 2\r\n`)
      client.send({type: 'hello', userId: 1000})
    }
    client.socket.destroy()
  }
  const flooding = flood()
  // 20 a minute each, spread evenly.
  const rounds = Math.max(1, Math.ceil(SECONDS / 3))
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, user] of users.entries()) {
      user.send({type: 'chat', roomId: 1 + Math.floor(index / 10), message: `line ${round}`, seq: round})
      await pause((SECONDS * 1000) / rounds / users.length)
    }
  }
  for (const user of users) {
    await user.until(
      () => user.frames.filter(({type, userId}) => type === 'chat' && userId !== 1000).length === 10 * rounds,
    )
    expect(user.frames.filter(({type}) => type === 'error')).toEqual([])
  }
  isOver.abort()
  await flooding
  expect(server.security.blocks()).toMatchObject([{userId: 1000, rule: 'user_rate'}])
  expect(users.some(({isClosed}) => isClosed)).toBe(false)
  await expectClean(
    server,
    times(200, index => index + 1),
  )
})

test('6000 lines of chat break no rule of content', async () => {
  const {say, api, clock} = await securityWorld()
  for (const line of chatLines(6000)) {
    expect(say(1, chat(line)), line).toBeNull()
    clock.advance(1000)
  }
  expect(api.stats().refusals).toEqual({})
})

test('a client that says hello late, and one that leaves at once, are no attack', async () => {
  const server = await startServer(['127.0.0.1'])
  for (let index = 0; index < 20; index += 1) {
    const client = await RawClient.connect(server.address.port)
    client.write('PROXY TCP4 203.0.113.7 127.0.0.1 1 2\r\n')
    client.socket.end()
    await once(client.socket, 'close')
  }
  expect(server.security.stats()).toMatchObject({refusals: {}, blockedIps: 0})
})
