import {describe, expect, test} from 'vitest'
import {type ChessState, chess} from '../../examples/chess/chess-game.js'
import type {GsClient} from '../../src/client/game-client.js'
import type {ConfigInput} from '../../src/config/schema.js'
import type {ServerMessage} from '../../src/contract/messages.js'
import type {ServerEventName, ServerEvents} from '../../src/contract/plugins.js'
import {refuse} from '../../src/errors.js'
import {defineGame} from '../../src/games/define-game.js'
import {createTestServer} from '../../src/ops/create-test-server.js'
import {ManualClock} from '../helpers/manual-clock.js'
import {RawClient} from '../helpers/raw-client.js'
import {until} from '../helpers/until.js'

/** A server in a time of its own, and clients that keep what they are sent. */
async function createWorld(options: ConfigInput = {}) {
  const clock = new ManualClock()
  const testServer = await createTestServer(options, {clock})
  const {server} = testServer
  const heard = new Map<GsClient, ServerMessage[]>()
  const clients: GsClient[] = []
  const world = {
    clock,
    server,
    async connect(userId: number): Promise<GsClient> {
      const client = await testServer.connect({userId})
      clients.push(client)
      heard.set(client, [])
      client.on('message', message => void heard.get(client)?.push(message))
      return client
    },
    async enter(userId: number, roomId = 1): Promise<GsClient> {
      const client = await world.connect(userId)
      await client.joinRoom(roomId)
      return client
    },
    /** Frames to a client's rooms since the last call, up to now. */
    async frames(client: GsClient): Promise<ServerMessage[]> {
      await client.heartbeat()
      const replies = ['ack', 'heartbeat', 'room_joined', 'room_left', 'welcome', 'room_list']
      return (heard.get(client) ?? [])
        .splice(0)
        .filter(message => !replies.includes(message.type) && !(message.type === 'error' && message.seq !== undefined))
    },
    /** Breaks a connection off, and waits until the server knows. */
    async lose(client: GsClient): Promise<void> {
      const {userId} = client
      await client.close()
      await until(() => server.users.get(userId) === undefined, `user ${userId} to be gone`)
    },
    events<Name extends ServerEventName>(name: Name): ServerEvents[Name][] {
      const events: ServerEvents[Name][] = []
      server.on(name, event => void events.push(event))
      return events
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(clients.map(client => client.close()))
      await until(() => server.connectionCount === 0, 'everybody to be gone')
      await testServer.close()
    },
  }
  return world
}

/** A game whose state is what was said last; the parts under test replace the rest. */
function echo(parts: object = {}) {
  return defineGame({
    name: 'echo',
    minPlayers: 1,
    maxPlayers: 2,
    setup: () => ({said: 'nothing' as unknown}),
    onAction: (_state: {said: unknown}, {action}) => ({said: action}),
    onLeave: (state: {said: unknown}) => state,
    outcome: () => undefined,
    ...parts,
  })
}

const types = (frames: readonly ServerMessage[]) => frames.map(({type}) => type)

describe('tictactoe', () => {
  test('is played to a winner, over a lost connection, and everybody sees the same', async () => {
    await using world = await createWorld()
    const ended = world.events('gameEnded')
    const [x, first, onlooker] = [await world.enter(1), await world.enter(2), await world.enter(3)]
    await world.frames(x)
    await x.startGame(1, 'tictactoe')
    for (const client of [x, first, onlooker]) {
      const frames = (await world.frames(client)).filter(({type}) => type !== 'member_joined')
      expect(frames).toMatchObject([{type: 'game_started', game: 'tictactoe', players: [1, 2], state: {next: 1}}])
    }
    await x.act(1, {cell: 0})
    await first.act(1, {cell: 3})
    await world.lose(first)
    await expect(x.act(1, {cell: 0})).rejects.toMatchObject({code: 'bad_action'})
    await x.act(1, {cell: 1})

    const o = await world.connect(2)
    expect(o.welcome.games).toEqual([{roomId: 1, game: 'tictactoe', seat: 1}])
    expect(await o.joinRoom(1)).toMatchObject({
      game: {name: 'tictactoe', phase: 'playing', players: [1, 2], state: {next: 2}},
    })
    await world.frames(x)
    await o.act(1, {cell: 4})
    await x.act(1, {cell: 2})
    for (const client of [x, o, onlooker]) {
      expect((await world.frames(client)).slice(-3)).toMatchObject([
        {type: 'game_state', userId: 2, state: {next: 1}},
        {type: 'game_state', userId: 1, state: {next: null, winner: 1, line: [0, 1, 2]}},
        {type: 'game_ended', game: 'tictactoe', outcome: 'finished', winner: 1},
      ])
    }
    expect(ended).toMatchObject([{roomId: 1, game: 'tictactoe', players: [1, 2], outcome: 'finished', winner: 1}])
    await expect(x.act(1, {cell: 5})).rejects.toMatchObject({code: 'no_game'})
    const late = await world.connect(4)
    expect(await late.joinRoom(1)).toMatchObject({game: {phase: 'ended', state: {winner: 1}}})
    await o.startGame(1, 'tictactoe')
    expect((await world.frames(onlooker)).at(-1)).toMatchObject({type: 'game_started', players: [2, 1]})
  })

  test('is refused to those who look on, out of turn, while another is played, and to one alone', async () => {
    await using world = await createWorld()
    const x = await world.enter(1)
    await expect(x.startGame(1, 'tictactoe')).rejects.toMatchObject({code: 'not_enough_players'})
    await expect(x.startGame(1, 'checkers')).rejects.toMatchObject({code: 'game_not_found'})
    await expect(x.act(1, {cell: 1})).rejects.toMatchObject({code: 'no_game'})
    const [o, onlooker] = [await world.enter(2), await world.enter(3)]
    await x.startGame(1, 'tictactoe')
    await expect(o.act(1, {cell: 1})).rejects.toMatchObject({code: 'bad_action', message: 'it is not your turn'})
    await expect(onlooker.act(1, {cell: 1})).rejects.toMatchObject({code: 'not_allowed'})
    await expect(onlooker.startGame(1, 'relay')).rejects.toMatchObject({code: 'game_in_progress'})
    await expect(x.endGame(1)).rejects.toMatchObject({code: 'not_allowed'})
    const stranger = await world.connect(4)
    await expect(stranger.act(1, {cell: 1})).rejects.toMatchObject({code: 'not_in_room'})
    await expect(stranger.startGame(1, 'relay')).rejects.toMatchObject({code: 'not_in_room'})
    await expect(stranger.endGame(1)).rejects.toMatchObject({code: 'not_in_room'})
  })
})

describe('a seat', () => {
  test('is kept for exactly the hold after a lost connection; then the game decides', async () => {
    await using world = await createWorld()
    const [x, o] = [await world.enter(1), await world.enter(2)]
    await x.startGame(1, 'tictactoe')
    await world.lose(o)
    await world.frames(x)
    world.clock.advance(119_999)
    expect(await world.frames(x)).toEqual([])
    world.clock.advance(1)
    expect(await world.frames(x)).toMatchObject([
      {type: 'game_state', userId: 2, state: {winner: 1}},
      {type: 'game_ended', outcome: 'finished', winner: 1, durationMs: 120_000},
    ])
    const back = await world.connect(2)
    expect(back.welcome.games).toEqual([])
  })

  test('that nobody comes back to ends a game without onLeave as abandoned', async () => {
    await using world = await createWorld({games: [echo({onLeave: undefined})], game: {seatHoldMs: 5000}})
    const [one, two] = [await world.enter(1), await world.enter(2)]
    await one.startGame(1, 'echo')
    await world.lose(two)
    await world.frames(one)
    world.clock.advance(5000)
    expect(await world.frames(one)).toMatchObject([{type: 'game_ended', outcome: 'abandoned', winner: null}])
  })

  test('that was taken up again does not expire', async () => {
    await using world = await createWorld({game: {seatHoldMs: 5000}})
    const [x, o] = [await world.enter(1), await world.enter(2)]
    await x.startGame(1, 'tictactoe')
    await world.lose(o)
    world.clock.advance(4999)
    const back = await world.enter(2)
    await world.frames(x)
    world.clock.advance(60_000)
    expect(await world.frames(x)).toEqual([])
    await x.act(1, {cell: 0})
    await back.act(1, {cell: 1})
  })

  test('is not taken up by a welcome alone: the user must be in the room', async () => {
    await using world = await createWorld({game: {seatHoldMs: 5000}})
    const [x, o] = [await world.enter(1), await world.enter(2)]
    await x.startGame(1, 'tictactoe')
    await world.lose(o)
    await world.connect(2)
    world.clock.advance(5000)
    expect((await world.frames(x)).at(-1)).toMatchObject({type: 'game_ended', winner: 1})
  })

  test.each(['leaves the room', 'is kicked'])('is given up at once by one who %s', async how => {
    await using world = await createWorld()
    const [x, o] = [await world.enter(1), await world.enter(2)]
    await x.startGame(1, 'tictactoe')
    await world.frames(x)
    if (how === 'is kicked') world.server.users.kick(2)
    else await o.leaveRoom(1)
    expect(await world.frames(x)).toMatchObject([
      {type: 'member_left', userId: 2},
      {type: 'game_state', userId: 2, state: {winner: 1}},
      {type: 'game_ended', outcome: 'finished', winner: 1},
    ])
    if (how === 'leaves the room') expect(types(await world.frames(o))).not.toContain('game_ended')
  })

  test('stays with a user who connected again from elsewhere', async () => {
    await using world = await createWorld()
    const [x, o] = [await world.enter(1), await world.enter(2)]
    await x.startGame(1, 'tictactoe')
    const again = await world.connect(2)
    expect(again.welcome.games).toEqual([{roomId: 1, game: 'tictactoe', seat: 1}])
    await until(() => o.state === 'closed', 'the first one to be closed')
    expect(again.rooms.size).toBe(0)
    await again.joinRoom(1)
    await x.act(1, {cell: 0})
    await again.act(1, {cell: 1})
    expect(types(await world.frames(x)).slice(-2)).toEqual(['game_state', 'game_state'])
  })

  test('in several rooms is told for each of them', async () => {
    await using world = await createWorld()
    const one = await world.enter(1, 5)
    await one.joinRoom(6)
    await one.startGame(5, 'relay')
    await one.startGame(6, 'relay')
    await world.lose(one)
    const again = await world.connect(1)
    expect(again.welcome.games).toEqual([
      {roomId: 5, game: 'relay', seat: 0},
      {roomId: 6, game: 'relay', seat: 0},
    ])
  })
})

describe('relay', () => {
  test('passes on what any member does, and any member ends it', async () => {
    await using world = await createWorld()
    const [starter, member] = [await world.enter(1), await world.enter(2)]
    await starter.startGame(1, 'relay')
    const late = await world.enter(3)
    await world.frames(starter)
    await late.act(1, {move: [1, 2], deep: {er: null}})
    await expect(member.endGame(1, 99)).rejects.toMatchObject({code: 'bad_message'})
    await expect(member.endGame(1, 3)).rejects.toMatchObject({code: 'bad_message'})
    await late.endGame(1, 2)
    const nowMs = world.clock.nowMs()
    expect(await world.frames(starter)).toEqual([
      {type: 'game_action', roomId: 1, userId: 3, action: {move: [1, 2], deep: {er: null}}, timestamp: nowMs},
      {type: 'game_ended', roomId: 1, game: 'relay', outcome: 'finished', winner: 2, durationMs: 0},
    ])
    await expect(late.endGame(1)).rejects.toMatchObject({code: 'no_game'})
    await expect(late.act(1, 1)).rejects.toMatchObject({code: 'no_game'})
  })

  test('may end without a winner', async () => {
    await using world = await createWorld()
    const starter = await world.enter(1)
    await starter.startGame(1, 'relay')
    await starter.endGame(1)
    expect((await world.frames(starter)).at(-1)).toMatchObject({type: 'game_ended', winner: null})
  })

  test('goes on when its starter leaves, and ends when all its players have', async () => {
    await using world = await createWorld()
    const [starter, member] = [await world.enter(1), await world.enter(2)]
    await starter.startGame(1, 'relay')
    const onlooker = await world.enter(3)
    await starter.leaveRoom(1)
    await member.act(1, 'still here')
    await world.frames(onlooker)
    await member.leaveRoom(1)
    expect(await world.frames(onlooker)).toMatchObject([
      {type: 'member_left', userId: 2},
      {type: 'game_ended', outcome: 'abandoned'},
    ])
  })
})

describe('views', () => {
  const cards = defineGame({
    name: 'cards',
    minPlayers: 2,
    maxPlayers: 2,
    setup: ({players}) => ({players: [...players], drawn: 0}),
    onAction: state => ({...state, drawn: state.drawn + 1}),
    onLeave: state => state,
    outcome: () => undefined,
    view: ({drawn}, userId) => ({drawn, hand: userId === null ? 'hidden' : `of ${userId}`}),
  })

  test('each player sees the own, all others the shared one, and all at the same place', async () => {
    await using world = await createWorld({games: [cards]})
    const everybody = [await world.enter(1), await world.enter(2), await world.enter(3), await world.enter(4)] as const
    const [one, two, , four] = everybody
    for (const client of everybody) await world.frames(client)
    await one.startGame(1, 'cards')
    await Promise.all([four.chat(1, 'before'), two.act(1, 'draw'), one.chat(1, 'after')])
    const hands = ['of 1', 'of 2', 'hidden', 'hidden']
    const orders = new Set<string>()
    for (const [index, client] of everybody.entries()) {
      const frames = await world.frames(client)
      orders.add(frames.map(frame => (frame.type === 'chat' ? frame.message : frame.type)).join())
      const states = frames.filter(frame => frame.type === 'game_started' || frame.type === 'game_state')
      expect(states).toMatchObject([{state: {drawn: 0, hand: hands[index]}}, {state: {drawn: 1, hand: hands[index]}}])
    }
    expect([...orders]).toHaveLength(1)
  })

  test('one who joins finds the own: the player who comes back, and the onlooker', async () => {
    await using world = await createWorld({games: [cards]})
    const [one, two] = [await world.enter(1), await world.enter(2)]
    await one.startGame(1, 'cards')
    await world.lose(two)
    const [back, late] = [await world.connect(2), await world.connect(3)]
    expect((await back.joinRoom(1)).game).toMatchObject({players: [1, 2], state: {hand: 'of 2'}})
    expect((await late.joinRoom(1)).game).toMatchObject({state: {hand: 'hidden'}})
    await back.leaveRoom(1)
    expect((await back.joinRoom(1)).game).toMatchObject({players: [1, 2], state: {hand: 'hidden'}})
  })
})

describe('a game at fault', () => {
  const faulty = echo({
    onAction(_state: unknown, {action}: {action: unknown}) {
      if (action === 'throw') throw new TypeError('a bug')
      if (action === 'refuse') throw refuse('not like that')
      if (action === 'huge') return {said: 'x'.repeat(300_000)}
      return {said: action}
    },
  })

  test('fails before its own room, and the game of another room goes on', async () => {
    await using world = await createWorld({games: [faulty]})
    const ended = world.events('gameEnded')
    const [one, two] = [await world.enter(1, 1), await world.enter(2, 1)]
    const other = await world.enter(3, 2)
    await one.startGame(1, 'echo')
    await other.startGame(2, 'echo')
    for (const client of [one, two, other]) await world.frames(client)
    await one.act(1, 'throw')
    for (const client of [one, two]) {
      expect(await world.frames(client)).toMatchObject([
        {type: 'error', code: 'game_failed', roomId: 1},
        {type: 'game_ended', roomId: 1, outcome: 'failed', winner: null},
      ])
    }
    await other.act(2, 'still fine')
    expect(await world.frames(other)).toMatchObject([{type: 'game_state', roomId: 2, state: {said: 'still fine'}}])
    expect(ended).toMatchObject([{roomId: 1, outcome: 'failed'}])
    expect(world.server.counters.connectionsClosed.internal).toBe(0)
    await two.startGame(1, 'echo')
  })

  test('whose state would not fit in a frame refuses the action, and stays as it was', async () => {
    await using world = await createWorld({games: [faulty]})
    const one = await world.enter(1)
    await one.startGame(1, 'echo')
    await one.act(1, 'small')
    await expect(one.act(1, 'huge')).rejects.toMatchObject({code: 'message_too_large'})
    await expect(one.act(1, 'refuse')).rejects.toMatchObject({code: 'bad_action', message: 'not like that'})
    expect((await world.frames(one)).at(-1)).toMatchObject({type: 'game_state', state: {said: 'small'}})
    const late = await world.connect(2)
    expect((await late.joinRoom(1)).game).toMatchObject({phase: 'playing', state: {said: 'small'}})
  })

  test('that fails or refuses in its setup does not begin', async () => {
    const setup = ({options}: {options: unknown}) => {
      if (options === 'refuse') throw refuse('no such option')
      throw new TypeError('a bug')
    }
    await using world = await createWorld({games: [echo({setup})]})
    const one = await world.enter(1)
    await expect(one.startGame(1, 'echo', 'refuse')).rejects.toMatchObject({code: 'bad_action'})
    await expect(one.startGame(1, 'echo')).rejects.toMatchObject({code: 'game_failed'})
    expect(await world.frames(one)).toEqual([])
    expect(world.server.rooms.get(1)?.game).toBeNull()
    await one.startGame(1, 'relay')
  })
})

describe('a timer', () => {
  const clockwork = echo({
    setup: () => ({said: 0}),
    onTimer: ({said}: {said: number}) => ({said: said + 1}),
    timerMs: 100,
    outcome: ({said}: {said: number}) => (said === 3 ? {winner: null} : undefined),
  })

  test('changes the state in its interval, in nobody’s name, until the game ends', async () => {
    await using world = await createWorld({games: [clockwork]})
    const one = await world.enter(1)
    await one.startGame(1, 'echo')
    await world.frames(one)
    world.clock.advance(99)
    expect(await world.frames(one)).toEqual([])
    world.clock.advance(1)
    expect(await world.frames(one)).toMatchObject([{type: 'game_state', userId: null, state: {said: 1}}])
    world.clock.advance(1000)
    expect(await world.frames(one)).toMatchObject([
      {type: 'game_state', state: {said: 2}},
      {type: 'game_state', state: {said: 3}},
      {type: 'game_ended', outcome: 'finished', winner: null},
    ])
    await one.startGame(1, 'echo')
    await world.frames(one)
    world.clock.advance(100)
    expect(await world.frames(one)).toMatchObject([{state: {said: 1}}])
  })

  test('that changes nothing sends nothing', async () => {
    const idle = echo({onTimer: (state: unknown) => state, timerMs: 100})
    await using world = await createWorld({games: [idle]})
    const changes = world.events('gameChanged')
    const one = await world.enter(1)
    await one.startGame(1, 'echo')
    await world.frames(one)
    changes.length = 0
    world.clock.advance(1000)
    expect(await world.frames(one)).toEqual([])
    expect(changes).toEqual([])
  })
})

describe('a room that is closed', () => {
  test('ends its game first, and then itself; nobody is in it any more', async () => {
    await using world = await createWorld()
    const closed = world.events('roomClosed')
    const [one, two] = [await world.enter(1), await world.enter(2)]
    await one.startGame(1, 'relay')
    for (const client of [one, two]) await world.frames(client)
    expect(world.server.rooms.close(1, 'the inn is closing')).toBe(true)
    for (const client of [one, two]) {
      expect(await world.frames(client)).toEqual([
        {type: 'game_ended', roomId: 1, game: 'relay', outcome: 'room_closed', winner: null, durationMs: 0},
        {type: 'room_closed', roomId: 1, message: 'the inn is closing'},
      ])
    }
    await expect(one.chat(1, 'anybody?')).rejects.toMatchObject({code: 'not_in_room'})
    expect(world.server.users.get(1)?.roomIds).toEqual([])
    expect(closed).toHaveLength(1)
    expect(world.server.rooms.close(1)).toBe(false)
    expect((await one.joinRoom(1)).game).toBeNull()
  })
})

describe('gameChanged', () => {
  test('comes at the start, and then once a turn, with the last state of it', async () => {
    await using world = await createWorld({games: [echo()]})
    const changes = world.events('gameChanged')
    const [one, two] = [await world.enter(1), await world.enter(2)]
    await one.startGame(1, 'echo')
    await world.frames(one)
    expect(changes.splice(0)).toMatchObject([
      {roomId: 1, saved: {game: 'echo', players: [1, 2], state: {said: 'nothing'}}},
    ])
    await using raw = await RawClient.login(world.server.address.port, 3)
    await one.leaveRoom(1)
    await two.leaveRoom(1)
    raw.send({type: 'join_room', roomId: 1}, {type: 'game_start', roomId: 1, game: 'echo'})
    await raw.take('game_started')
    await two.joinRoom(1)
    await world.frames(two)
    changes.length = 0
    // One write, hence one read and one turn.
    raw.send(...Array.from({length: 20}, (_, action) => ({type: 'game_action', roomId: 1, action, seq: action})))
    await raw.until(() => raw.frames.some(({seq}) => seq === 19))
    await world.frames(two)
    expect(changes.splice(0)).toMatchObject([{saved: {state: {said: 19}}}])
  })

  test('tells who gave up the seat, though the state stays the same', async () => {
    await using world = await createWorld({games: [echo()]})
    const changes = world.events('gameChanged')
    const [one, two] = [await world.enter(1), await world.enter(2)]
    await one.startGame(1, 'echo')
    await world.frames(one)
    changes.length = 0
    await two.leaveRoom(1)
    await world.frames(one)
    expect(changes).toMatchObject([{saved: {departed: [2], state: {said: 'nothing'}}}])
  })

  test('does not come after the end: gameEnded is the last that is heard of a game', async () => {
    await using world = await createWorld()
    const order: string[] = []
    for (const name of ['gameStarted', 'gameChanged', 'gameEnded'] as const) {
      world.server.on(name, () => void order.push(name))
    }
    const [x, o] = [await world.enter(1), await world.enter(2)]
    await x.startGame(1, 'tictactoe')
    await o.leaveRoom(1)
    await world.frames(x)
    expect(order.at(-1)).toBe('gameEnded')
    expect(order.filter(name => name === 'gameEnded')).toHaveLength(1)
  })
})

test('chess ends with the fool’s mate, in which the second player wins', async () => {
  await using world = await createWorld({games: [chess]})
  const [white, black] = [await world.enter(1), await world.enter(2)]
  await white.startGame(1, 'chess')
  await expect(black.act(1, {move: 'e7e5'})).rejects.toMatchObject({code: 'bad_action', message: 'it is not your turn'})
  await white.act(1, {move: 'f2f3'})
  await black.act(1, {move: 'e7e5'})
  await white.act(1, {move: 'g2g4'})
  await expect(white.act(1, {move: 'a2a3'})).rejects.toMatchObject({code: 'bad_action'})
  await black.act(1, {move: 'd8h4'})
  for (const client of [white, black]) {
    const [state, end] = (await world.frames(client)).slice(-2)
    expect(state).toMatchObject({type: 'game_state', userId: 2})
    const board = (state as {state: unknown}).state as ChessState
    expect(board).toMatchObject({moves: ['f3', 'e5', 'g4', 'Qh4#'], result: {winner: 2, reason: 'checkmate'}})
    expect(end).toMatchObject({type: 'game_ended', game: 'chess', outcome: 'finished', winner: 2})
  }
})
