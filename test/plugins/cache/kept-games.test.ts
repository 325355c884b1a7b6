import {describe, expect, test} from 'vitest'
import type {ServerEventName} from '../../../src/contract/plugins.js'
import {defineGame} from '../../../src/games/define-game.js'
import {until} from '../../helpers/until.js'
import {type GameWorld, gameEnd, gameWorld} from './game-world.js'

const HOUR_MS = 3_600_000

function listen({server}: GameWorld): string[] {
  const heard: string[] = []
  for (const name of ['gameStarted', 'gameEnded', 'gameRestored', 'roomClosed'] satisfies ServerEventName[]) {
    server.on(name, () => void heard.push(name))
  }
  return heard
}

describe('a game whose room emptied', () => {
  test('is found as it was an hour later, and goes on to its winner', async () => {
    const world = await gameWorld()
    const heard = listen(world)
    const [x, o] = [await world.enter(1), await world.enter(2)]
    await x.startGame(1, 'tictactoe')
    await x.act(1, {cell: 0})
    await world.lose(x, o)
    world.closeRoom()
    expect(heard.splice(0)).toEqual(['gameStarted', 'roomClosed'])
    world.clock.stall(HOUR_MS)

    const back = await world.connect(2)
    expect(back.welcome.games).toEqual([{roomId: 1, game: 'tictactoe', seat: 1}])
    expect((await back.joinRoom(1)).game).toMatchObject({name: 'tictactoe', players: [1, 2], state: {next: 2}})
    expect(heard.splice(0)).toEqual(['gameRestored'])
    expect(world.server.counters.gamesStarted).toBe(1)
    await back.act(1, {cell: 3})
    const other = await world.connect(1)
    expect(other.welcome.games).toEqual([{roomId: 1, game: 'tictactoe', seat: 0}])
    expect((await other.joinRoom(1)).game).toMatchObject({state: {next: 1}})
    const ended = gameEnd(other)
    await other.act(1, {cell: 1})
    await back.act(1, {cell: 4})
    await other.act(1, {cell: 2})
    expect(await ended).toMatchObject({outcome: 'finished', winner: 1})
    await world.lose(other, back)
    world.closeRoom()
    expect((await world.connect(1)).welcome.games).toEqual([])
    await world.enter(3)
    expect(world.server.rooms.get(1)?.game).toBeNull()
    expect(world.server.cache.stats()).toMatchObject({games: 0, gamesLost: 0})
  })

  test('does not mind that no seat would have been held so long', async () => {
    const world = await gameWorld({game: {seatHoldMs: 5000}})
    const [x, o] = [await world.enter(1), await world.enter(2)]
    await x.startGame(1, 'tictactoe')
    await world.lose(x, o)
    world.clock.advance(30_000)
    const back = await world.enter(1)
    expect(world.server.rooms.get(1)?.game).toMatchObject({phase: 'playing'})
    // From here on somebody waits for the other, and not for ever.
    const ended = gameEnd(back)
    world.clock.advance(5000)
    expect(await ended).toMatchObject({winner: 1})
  })

  test('sleeps while only others are there, and is kept once more when they go', async () => {
    const world = await gameWorld()
    const [x, o] = [await world.enter(1), await world.enter(2)]
    await x.startGame(1, 'tictactoe')
    await world.lose(x, o)
    world.closeRoom()
    const onlooker = await world.enter(3)
    world.clock.advance(HOUR_MS)
    expect(world.server.rooms.get(1)?.game).toMatchObject({phase: 'playing'})
    await world.lose(onlooker)
    world.closeRoom()
    expect((await world.connect(1)).welcome.games).toHaveLength(1)
    await world.enter(2)
    expect(world.server.rooms.get(1)?.game).toMatchObject({phase: 'playing', players: [1, 2]})
  })

  test('is over after its time to live, counted from the close of the room', async () => {
    const world = await gameWorld({cache: {gameTtlMs: HOUR_MS}})
    const [x, o] = [await world.enter(1), await world.enter(2)]
    await x.startGame(1, 'tictactoe')
    world.clock.advance(3 * HOUR_MS)
    expect(world.server.cache.explain('game_state:1')).toMatchObject({ttlMs: null})
    await world.lose(x, o)
    world.closeRoom()
    world.clock.stall(HOUR_MS - 62_000)
    expect((await world.connect(1)).welcome.games).toHaveLength(1)
    world.clock.stall(62_000)
    expect((await world.connect(2)).welcome.games).toEqual([])
    await world.enter(3)
    expect(world.server.rooms.get(1)?.game).toBeNull()
  })

  test('shows nobody the cards of others when it is taken up', async () => {
    const world = await gameWorld()
    const [one, two] = [await world.enter(1), await world.enter(2)]
    await one.startGame(1, 'cards')
    await two.act(1, 'draw')
    await world.lose(one, two)
    world.closeRoom()
    const hands = []
    for (const userId of [3, 2, 1]) hands.push((await (await world.connect(userId)).joinRoom(1)).game?.state)
    expect(hands).toEqual([
      {drawn: 1, hand: 'hidden'},
      {drawn: 1, hand: 'of 2'},
      {drawn: 1, hand: 'of 1'},
    ])
  })
})

describe('a state', () => {
  const nested = (depth: number): unknown => (depth === 0 ? 0 : [nested(depth - 1)])

  test.each([
    ['as large as a game with views may have', {large: 'x'.repeat(2_000_000)}],
    ['as deep as a game may have', {deep: nested(59)}],
  ])('%s is kept, and the cache does not mind', async (_, secret) => {
    const game = defineGame({
      name: 'secretive',
      minPlayers: 1,
      maxPlayers: 1,
      setup: () => ({secret, turn: 0}) as never,
      onAction: (state: {turn: number}) => ({...state, turn: state.turn + 1}),
      onLeave: state => state,
      outcome: () => undefined,
      view: ({turn}: {turn: number}) => ({turn}),
    })
    const world = await gameWorld({games: [game], cache: {l1Entries: 4}})
    const one = await world.enter(1)
    await one.startGame(1, 'secretive')
    await one.act(1, 'on')
    await world.lose(one)
    world.closeRoom()
    for (let index = 0; index < 10; index += 1) world.server.cache.set(`k:${index}`, index)
    await until(() => world.server.cache.stats().unencoded === 0, 'everything to be encoded')
    expect(world.server.cache.explain('game_state:1')?.tier).toBe('l2')
    const back = await world.connect(1)
    expect((await back.joinRoom(1)).game).toMatchObject({state: {turn: 1}})
    await back.act(1, 'on')
    expect(world.server.plugins).toMatchObject([{name: 'cache', state: 'running', failures: 0}])
  })
})

describe('a game that is not kept on', () => {
  test('ended, by its rules or by the close of its room', async () => {
    const world = await gameWorld()
    const one = await world.enter(1)
    await one.startGame(1, 'relay')
    expect(world.server.cache.stats().games).toBe(1)
    await one.endGame(1)
    expect(world.server.cache.stats().games).toBe(0)
    await one.startGame(1, 'relay')
    await one.heartbeat()
    world.server.rooms.close(1)
    expect(world.server.cache.stats()).toMatchObject({games: 0, gamesLost: 0})
    expect(world.server.cache.has('game_state:1')).toBe(false)
    expect(world.server.cache.has('user_game:1')).toBe(false)
  })

  test('was evicted where no data is kept: that is counted and told', async () => {
    const world = await gameWorld({cache: {l1Entries: 4, l2Entries: 4}})
    const one = await world.enter(1)
    await one.startGame(1, 'relay')
    await world.lose(one)
    world.closeRoom()
    for (let index = 0; index < 50; index += 1) {
      world.server.cache.set(`k:${index}`, index)
      world.server.cache.get(`k:${index}`)
    }
    expect(world.server.cache.stats()).toMatchObject({games: 0, gamesLost: 1})
    expect(world.logged).toContain('a game that was kept is lost')
    expect((await world.connect(1)).welcome.games).toEqual([])
  })

  test('is played on without the cache', async () => {
    const world = await gameWorld()
    const one = await world.enter(1)
    await one.startGame(1, 'cards').catch(() => {})
    const two = await world.enter(2)
    await one.startGame(1, 'cards')
    await world.server.disablePlugin('cache')
    await two.act(1, 'draw')
    expect(world.server.rooms.get(1)?.game).toMatchObject({phase: 'playing'})
  })
})

describe('the entries of games', () => {
  test('show state and seats, as copies', async () => {
    const world = await gameWorld()
    const [x] = [await world.enter(1), await world.enter(2)]
    await x.startGame(1, 'tictactoe')
    await x.act(1, {cell: 4})
    const {cache} = world.server
    const kept = cache.get('game_state:1') as {state: {next: number}}
    expect(kept).toMatchObject({game: 'tictactoe', players: [1, 2], state: {next: 2}})
    kept.state.next = 99
    expect(cache.peek('game_state:1')).toMatchObject({state: {next: 2}})
    expect(cache.get('user_game:2')).toEqual([{roomId: 1, game: 'tictactoe', seat: 1}])
  })

  test('cannot be written by others', async () => {
    const {server} = await gameWorld()
    for (const key of ['game_state:1', 'user_game:1', 'game_state:x']) {
      expect(() => server.cache.set(key, 1)).toThrow(expect.objectContaining({code: 'usage'}))
      expect(() => server.cache.getOrSet(key, () => 1)).toThrow(expect.objectContaining({code: 'usage'}))
    }
  })

  test('may be deleted: a game that waits is forgotten, one that is played comes back', async () => {
    const world = await gameWorld()
    const {cache} = world.server
    const [one, two] = [await world.enter(1, 1), await world.enter(2, 2)]
    await one.startGame(1, 'relay')
    await two.startGame(2, 'relay')
    await two.heartbeat()
    await world.lose(one)
    world.closeRoom(1)
    expect(cache.delete('game_state:1')).toBe(true)
    expect((await world.connect(1)).welcome.games).toEqual([])
    expect(cache.delete('game_state:2')).toBe(true)
    await world.lose(two)
    world.closeRoom(2)
    expect((await world.connect(2)).welcome.games).toHaveLength(1)
    expect(cache.has('game_state:2')).toBe(true)
    expect(cache.deleteByPrefix('game_state:')).toBe(1)
    expect(cache.stats()).toMatchObject({games: 0, gamesLost: 0})
  })

  test('of a user are forgotten on demand, unless they are played', async () => {
    const world = await gameWorld()
    const one = await world.enter(1, 1)
    await one.joinRoom(2)
    await one.startGame(1, 'relay')
    await one.startGame(2, 'relay')
    expect(await world.server.cache.forgetUser(1)).toBe(0)
    await world.lose(one)
    world.clock.advance(61_000)
    expect(await world.server.cache.forgetUser(7)).toBe(0)
    expect(await world.server.cache.forgetUser(1)).toBe(2)
    expect(world.server.cache.stats().games).toBe(0)
  })
})
