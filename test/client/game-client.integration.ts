import {describe, expect, onTestFinished, test} from 'vitest'
import type {GsClientOptions} from '../../src/client/client-options.js'
import {GsClient} from '../../src/client/game-client.js'
import {createServer} from '../../src/ops/create-server.js'

async function gameServer(port = 0) {
  const server = await createServer({server: {port}, log: {level: 'silent'}})
  onTestFinished(async () => {
    await server.close()
  })
  return server
}

async function connected(options: GsClientOptions) {
  const client = await GsClient.connect(options)
  onTestFinished(() => client.close())
  return client
}

describe.each(['ndjson', 'length-prefixed'] as const)('against a real server in %s framing', framing => {
  test('two clients chat and play to the end', async () => {
    const {port} = (await gameServer()).address
    const ann = await connected({port, userId: 2, nickname: 'Ann', framing})
    const bob = await connected({port, userId: 3, framing})
    expect(await ann.joinRoom(7)).toMatchObject({roomId: 7, userCount: 1, game: null})
    const joined = ann.waitFor('member_joined')
    expect(await bob.joinRoom(7)).toMatchObject({members: [{userId: 2, nickname: 'Ann'}, {userId: 3}]})
    expect(await joined).toMatchObject({userId: 3})

    const heard = bob.waitFor('chat')
    await ann.chat(7, 'grüß 日本')
    expect(await heard).toMatchObject({userId: 2, nickname: 'Ann', message: 'grüß 日本'})
    expect((await bob.listRooms()).rooms).toEqual([{roomId: 7, userCount: 2, game: null}])

    await ann.startGame(7, 'tictactoe')
    await expect(bob.act(7, {cell: 0})).rejects.toMatchObject({code: 'bad_action'})
    const ended = bob.waitFor('game_ended')
    for (const [player, cell] of [
      [ann, 0],
      [bob, 3],
      [ann, 1],
      [bob, 4],
      [ann, 2],
    ] as const)
      await player.act(7, {cell})
    expect(await ended).toMatchObject({game: 'tictactoe', outcome: 'finished', winner: 2})

    await expect(ann.joinRoom(7)).rejects.toMatchObject({code: 'already_in_room'})
    await ann.leaveRoom(7)
    await expect(ann.chat(7, 'x')).rejects.toMatchObject({code: 'not_in_room'})
    await ann.heartbeat()
    expect(ann.latencyMs).toBeGreaterThan(0)
  })
})

test('who is replaced stays away', async () => {
  const {port} = (await gameServer()).address
  const first = await connected({port, userId: 2})
  const end = new Promise(resolve => first.on('close', resolve))
  await connected({port, userId: 2})
  expect(await end).toMatchObject({reason: 'replaced'})
  expect(first.state).toBe('closed')
})

test('a server that is started anew gets its client and rooms back', async () => {
  const first = await gameServer()
  const {port} = first.address
  const client = await connected({port, userId: 2, reconnect: {baseDelayMs: 20, maxDelayMs: 50}})
  await client.joinRoom(7)
  const goodbye = client.waitFor('goodbye')
  const reconnecting = new Promise<{delayMs: number}>(resolve => client.on('reconnecting', resolve))
  await first.close()
  expect(await goodbye).toMatchObject({reason: 'server_shutdown'})
  const {retryAfterMs = 0} = await goodbye
  expect((await reconnecting).delayMs).toBeGreaterThanOrEqual(retryAfterMs)

  const rejoined = client.waitFor('room_joined', undefined, {timeoutMs: retryAfterMs + 10_000})
  await gameServer(port)
  expect(await rejoined).toMatchObject({roomId: 7, userCount: 1})
})
