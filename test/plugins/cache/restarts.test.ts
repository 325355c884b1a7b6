import {copyFileSync, existsSync} from 'node:fs'
import {join} from 'node:path'
import {DatabaseSync} from 'node:sqlite'
import {describe, expect, test} from 'vitest'
import {chess} from '../../../examples/chess/chess-game.js'
import {ManualClock} from '../../helpers/manual-clock.js'
import {tempFolder} from '../../helpers/temp-folder.js'
import {until} from '../../helpers/until.js'
import {cards, type GameWorld, gameEnd, gameWorld} from './game-world.js'

const MINUTE_MS = 60_000
const games = [chess, cards]

/** Moves of a fool's mate, black wins. */
const FOOLS_MATE = ['f3', 'e5', 'g4', 'Qh4#']

/** Moves the clock to the next write, and waits until it is on the disk. */
async function written({server, clock}: GameWorld): Promise<void> {
  const commits = server.storeStatus?.commits ?? 0
  clock.advance(200)
  await until(() => (server.storeStatus?.commits ?? 0) > commits, 'the games to be written')
}

/** What a kill at this moment would leave behind. */
function remains(dataDir: string): string {
  const copy = tempFolder()
  for (const name of ['gs.db', 'gs.db-wal']) {
    if (existsSync(join(dataDir, name))) copyFileSync(join(dataDir, name), join(copy, name))
  }
  return copy
}

/** A later server on the same data, whose clock went on. */
function laterWorld(dataDir: string, {clock}: GameWorld, afterMs: number, options = {}): Promise<GameWorld> {
  const later = new ManualClock()
  later.stall(clock.nowMs() - later.nowMs() + afterMs)
  return gameWorld({games, dataDir, ...options}, later)
}

async function playChess(world: GameWorld, moves: readonly string[]): Promise<void> {
  const [white, black] = [await world.enter(1), await world.enter(2)]
  await white.startGame(1, 'chess')
  for (const [index, move] of moves.entries()) await (index % 2 === 0 ? white : black).act(1, {move})
}

describe('a game of chess', () => {
  test.each(['a stop', 'a kill'])('goes on after %s and ten minutes, and ends with its winner', async how => {
    const dataDir = tempFolder()
    const before = await gameWorld({games, dataDir})
    await playChess(before, FOOLS_MATE.slice(0, 2))
    if (how === 'a stop') await before.stop()
    else await written(before)
    const world = await laterWorld(how === 'a stop' ? dataDir : remains(dataDir), before, 10 * MINUTE_MS)

    const {cache} = world.server
    expect(cache.has('game_state:1')).toBe(false)
    expect(await cache.peekKept('game_state:1')).toMatchObject({game: 'chess', state: {moves: ['f3', 'e5']}})
    expect(await cache.peekKept('user_game:2')).toEqual([{roomId: 1, game: 'chess', seat: 1}])
    for (const key of ['game_state:2', 'user_game:3', 'game_state:x', 'other']) {
      expect(await cache.peekKept(key)).toBeUndefined()
    }
    const white = await world.connect(1)
    expect(white.welcome.games).toEqual([{roomId: 1, game: 'chess', seat: 0}])
    const joined = await white.joinRoom(1)
    expect(joined.game).toMatchObject({name: 'chess', phase: 'playing', players: [1, 2], state: {moves: ['f3', 'e5']}})
    await white.act(1, {move: 'g4'})
    const black = await world.enter(2)
    const ended = gameEnd(white)
    await black.act(1, {move: 'Qh4#'})
    expect(await ended).toMatchObject({game: 'chess', outcome: 'finished', winner: 2})
    expect(world.server.counters.gamesStarted).toBe(0)
    await world.stop()

    const last = await laterWorld(how === 'a stop' ? dataDir : remains(dataDir), world, MINUTE_MS)
    if (how === 'a stop') expect((await last.connect(1)).welcome.games).toEqual([])
  })

  test('is over when the time to live has passed, the time without a server included', async () => {
    const dataDir = tempFolder()
    const cache = {gameTtlMs: 60 * MINUTE_MS}
    const before = await gameWorld({games, dataDir, cache})
    await playChess(before, ['e4'])
    await before.stop()
    const early = await laterWorld(dataDir, before, 59 * MINUTE_MS, {cache})
    expect((await early.connect(1)).welcome.games).toHaveLength(1)
    await early.stop()
    const late = await laterWorld(dataDir, before, 60 * MINUTE_MS, {cache})
    expect((await late.connect(1)).welcome.games).toEqual([])
    await late.enter(2)
    expect(late.server.rooms.get(1)?.game).toBeNull()
  })

  test('survives several stops in a row without anybody playing', async () => {
    const dataDir = tempFolder()
    let world = await gameWorld({games, dataDir})
    await playChess(world, ['e4'])
    for (let stop = 0; stop < 3; stop += 1) {
      await world.stop()
      world = await laterWorld(dataDir, world, MINUTE_MS)
    }
    expect((await (await world.connect(2)).joinRoom(1)).game).toMatchObject({state: {moves: ['e4']}})
  })

  test('is read from the store when the cache has lost it', async () => {
    const world = await gameWorld({games, dataDir: tempFolder(), cache: {l1Entries: 4, l2Entries: 4}})
    await playChess(world, ['e4'])
    for (const userId of [1, 2]) world.server.users.get(userId)
    await written(world)
    await world.server.disconnect({userId: 1, reason: 'heartbeat_timeout'})
    await world.server.disconnect({userId: 2, reason: 'heartbeat_timeout'})
    await until(() => world.server.users.count === 0, 'both to be gone')
    world.closeRoom()
    world.server.cache.clear()
    expect(world.server.cache.has('game_state:1')).toBe(false)
    const back = await world.connect(1)
    expect((await back.joinRoom(1)).game).toMatchObject({name: 'chess', state: {moves: ['e4']}})
    expect(world.server.cache.stats()).toMatchObject({games: 1, gamesLost: 0})
  })
})

test('hidden cards stay hidden after a restart', async () => {
  const dataDir = tempFolder()
  const before = await gameWorld({games, dataDir})
  const [one, two] = [await before.enter(1), await before.enter(2)]
  await one.startGame(1, 'cards')
  await two.act(1, 'draw')
  await before.stop()
  const world = await laterWorld(dataDir, before, MINUTE_MS)
  const seen = []
  for (const userId of [3, 2, 1]) seen.push((await (await world.connect(userId)).joinRoom(1)).game?.state)
  expect(seen).toEqual([
    {drawn: 1, hand: 'hidden'},
    {drawn: 1, hand: 'of 2'},
    {drawn: 1, hand: 'of 1'},
  ])
})

describe('games in the store', () => {
  test('are forgotten with the game, with the user, and by deletion', async () => {
    const dataDir = tempFolder()
    const before = await gameWorld({games, dataDir})
    for (const roomId of [1, 2, 3, 4]) {
      const client = await before.enter(roomId * 10, roomId)
      await client.startGame(roomId, 'relay')
      if (roomId === 1) await client.endGame(roomId)
    }
    await before.stop()
    const world = await laterWorld(dataDir, before, 0)
    expect(world.server.cache.stats().games).toBe(3)
    expect(await world.server.cache.forgetUser(20)).toBe(1)
    expect(world.server.cache.delete('game_state:3')).toBe(true)
    await world.stop()
    const last = await laterWorld(dataDir, world, 0)
    const seats = []
    for (const userId of [10, 20, 30, 40]) seats.push((await last.connect(userId)).welcome.games.length)
    expect(seats).toEqual([0, 0, 0, 1])
  })

  test.each([
    ['no JSON', '{"game":'],
    ['JSON that is no game', '{"game":"chess"}'],
    ['a game that is not its own', '{"game":"chess","players":[1,2],"state":{},"startedAtMs":"x"}'],
  ])('that turn out to be %s are counted as lost, and the room opens without', async (_, saved) => {
    const dataDir = tempFolder()
    const before = await gameWorld({games, dataDir})
    await playChess(before, ['e4'])
    await before.stop()
    const file = new DatabaseSync(join(dataDir, 'gs.db'))
    file.prepare('UPDATE cache_games SET saved = ?').run(saved)
    file.close()
    const world = await laterWorld(dataDir, before, 0)
    if (saved === '{"game":') expect(await world.server.cache.peekKept('game_state:1')).toBeUndefined()
    expect((await (await world.connect(1)).joinRoom(1)).game).toBeNull()
    expect(world.server.cache.stats()).toMatchObject({games: 0, gamesLost: 1})
    expect(world.logged).toContain('a game that was kept is lost')
  })

  test('are not there when data is kept in memory, or persist is off', async () => {
    const world = await gameWorld()
    expect(world.server.storeStatus).toBeNull()
    const dataDir = tempFolder()
    const other = await gameWorld({games, dataDir, cache: {persist: false}})
    await playChess(other, ['e4'])
    await other.stop()
    expect(existsSync(join(dataDir, 'gs.db'))).toBe(false)
  })

  test('of a server that goes on without the cache are given up', async () => {
    const dataDir = tempFolder()
    const before = await gameWorld({games, dataDir})
    await playChess(before, ['e4'])
    await before.server.disablePlugin('cache')
    await before.stop()
    const world = await laterWorld(dataDir, before, 0)
    expect((await world.connect(1)).welcome.games).toEqual([])
  })
})
