import {describe, expect, test} from 'vitest'
import type {GameDefinition} from '../../src/contract/games.js'
import type {JsonValue} from '../../src/contract/messages.js'
import {GsError, refuse} from '../../src/errors.js'
import {GameSession, type GameStep} from '../../src/games/game-session.js'
import {relay} from '../../src/games/relay.js'
import {tictactoe} from '../../src/games/tictactoe.js'

const MAX_FRAME_BYTES = 262_144
const around = {random: () => 0.25, nowMs: 5000}

/** A game whose state is whatever the players say; the parts under test replace the rest. */
function echo(parts: Partial<GameDefinition> = {}): GameDefinition {
  return {
    name: 'echo',
    minPlayers: 1,
    maxPlayers: 8,
    setup: () => ({said: 'nothing'}),
    onAction: (_state, {action}) => ({said: action}),
    onLeave: state => state,
    outcome: () => undefined,
    ...parts,
  }
}

function begin(definition: GameDefinition, players = [1, 2, 3], options?: JsonValue): GameSession {
  return GameSession.start({definition, players, options, ...around})
}

const act = (session: GameSession, userId: number, action: JsonValue) => session.act({userId, action, ...around})
const leave = (session: GameSession, userId: number) => session.leave({userId, ...around})

/** The error of a step that has one. */
function errorOf(step: GameStep): GsError | undefined {
  return 'error' in step ? step.error : undefined
}

function thrownBy(run: () => unknown): GsError {
  try {
    run()
  } catch (error) {
    if (GsError.is(error)) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

/** What a game's function may do wrong, whichever it is. */
const WRONG: Array<[string, () => never]> = [
  ['throws an error', () => raise(new TypeError('a bug'))],
  ['throws nothing', () => raise(undefined)],
  ['throws an object without a prototype', () => raise(Object.create(null))],
  ['throws another code than bad_action', () => raise(new GsError('rate_limited', 'slow down'))],
  ['returns undefined', () => undefined as never],
  ['returns a function', () => (() => 1) as never],
  ['returns a bigint', () => 1n as never],
  ['returns a promise', () => Promise.resolve({}) as never],
  ['returns a promise that rejects', () => Promise.reject(new Error('later')) as never],
  ['returns a thing with a class', () => new Date(0) as never],
  ['returns a cycle', () => cycle() as never],
  ['returns something with a throwing getter', () => trap() as never],
  ['returns something with a toJSON that throws', () => Object.create(badToJson) as never],
]

function raise(thrown: unknown): never {
  throw thrown
}

function cycle(): object {
  const part: {self?: object} = {}
  part.self = part
  return part
}

function trap(): object {
  return Object.defineProperty({}, 'x', {enumerable: true, get: () => raise(new Error('trap'))})
}

const badToJson = Object.assign(Object.create(null), {toJSON: () => raise(new Error('never'))})

describe('a start', () => {
  test('seats the players in their order and tells the game who, what, when', () => {
    let told: unknown
    const setup: GameDefinition['setup'] = context => {
      told = {...context, random: context.random()}
      return 'ready'
    }
    const session = begin(echo({setup}), [7, 5], {speed: 2})
    expect(told).toEqual({players: [7, 5], options: {speed: 2}, nowMs: 5000, random: 0.25})
    expect(session).toMatchObject({players: [7, 5], startedAtMs: 5000, phase: 'playing', result: undefined})
    expect([session.seatOf(7), session.seatOf(5), session.seatOf(6)]).toEqual([0, 1, undefined])
    expect(session.sharedView()).toBe('"ready"')
  })

  test('that the game refuses throws its refusal', () => {
    const setup = () => {
      throw refuse('no such board')
    }
    expect(thrownBy(() => begin(echo({setup})))).toMatchObject({code: 'bad_action', message: 'no such board'})
  })

  test.each(WRONG)('whose setup %s throws game_failed', (_what, setup) => {
    expect(thrownBy(() => begin(echo({setup}))).code).toBe('game_failed')
  })

  test('keeps what was thrown as the cause, and out of the message that players get', () => {
    const cause = new TypeError('secret of the server')
    const error = thrownBy(() => begin(echo({setup: () => raise(cause)})))
    expect(error.cause).toBe(cause)
    expect(error.message).toBe('the game echo failed: setup threw')
  })

  test('cannot have its players changed by the game', () => {
    const setup: GameDefinition['setup'] = ({players}) => {
      ;(players as number[]).push(99)
      return null
    }
    expect(thrownBy(() => begin(echo({setup}))).code).toBe('game_failed')
  })

  test('may be the end at once', () => {
    const session = begin(echo({outcome: () => ({winner: 2})}))
    expect(session).toMatchObject({phase: 'ended', result: {outcome: 'finished', winner: 2}})
  })

  test('takes null for a state', () => {
    expect(begin(echo({setup: () => null})).sharedView()).toBe('null')
  })
})

describe('a move', () => {
  test('makes a new state, which all see', () => {
    const session = begin(echo())
    expect(act(session, 2, ['hi'])).toEqual({kind: 'changed'})
    expect(session.sharedView()).toBe('{"said":["hi"]}')
    expect(session.viewFor(1)).toBe('{"said":["hi"]}')
  })

  test('that leads to the same state changes nothing', () => {
    const session = begin(echo({onAction: state => state}))
    expect(act(session, 2, 1)).toEqual({kind: 'unchanged'})
  })

  test('of someone without a seat is refused', () => {
    const session = begin(echo())
    expect(errorOf(act(session, 4, 1))?.code).toBe('not_allowed')
    leave(session, 3)
    expect(errorOf(act(session, 3, 1))?.code).toBe('not_allowed')
    expect(session.sharedView()).toBe('{"said":"nothing"}')
  })

  test('that the game refuses leaves the state and the game as they are', () => {
    const onAction = () => raise(refuse('not now'))
    const session = begin(echo({onAction}))
    const step = act(session, 1, 1)
    expect(step.kind).toBe('refused')
    expect(errorOf(step)).toMatchObject({code: 'bad_action', message: 'not now'})
    expect(session).toMatchObject({phase: 'playing'})
    expect(session.sharedView()).toBe('{"said":"nothing"}')
  })

  test('is refused in few words, even if the game quotes all of it', () => {
    const onAction: GameDefinition['onAction'] = (_state, {action}) => raise(refuse(`unknown move ${action}`))
    const error = errorOf(act(begin(echo({onAction})), 1, 'x'.repeat(100_000)))
    expect(error?.code).toBe('bad_action')
    expect(error?.message.length).toBeLessThan(1100)
  })

  test.each(WRONG)('whose onAction %s fails the game, and the last good state stays', (_what, onAction) => {
    const session = begin(echo({onAction}))
    const step = act(session, 1, 1)
    expect(step.kind).toBe('failed')
    expect(errorOf(step)?.code).toBe('game_failed')
    expect(session).toMatchObject({phase: 'ended', result: {outcome: 'failed', winner: null}})
    expect(session.saved().state).toEqual({said: 'nothing'})
    expect(session.sharedView()).toBe('{"said":"nothing"}')
  })

  test('after the end is refused', () => {
    const session = begin(echo())
    session.end({outcome: 'finished', winner: null})
    expect(errorOf(act(session, 1, 1))?.code).toBe('no_game')
    expect(errorOf(leave(session, 1))?.code).toBe('no_game')
    expect(errorOf(session.tick(around))?.code).toBe('no_game')
    expect(errorOf(session.end({outcome: 'finished', winner: null}))?.code).toBe('no_game')
  })
})

describe('an outcome', () => {
  const endingWith = (outcome: unknown) =>
    echo({outcome: (state): never => ((state as {said: JsonValue}).said === 'nothing' ? undefined : outcome) as never})

  test('ends the game with its winner, or with a draw', () => {
    for (const winner of [3, null]) {
      const session = begin(endingWith({winner}))
      expect(act(session, 1, 'done')).toEqual({kind: 'changed'})
      expect(session).toMatchObject({phase: 'ended', result: {outcome: 'finished', winner}})
      expect(session.sharedView()).toBe('{"said":"done"}')
    }
  })

  test.each([{winner: 4}, {winner: '1'}, {winner: undefined}, {}, null, false, 1, Promise.resolve(undefined)])(
    'that is %o fails the game',
    outcome => {
      const session = begin(endingWith(outcome))
      expect(act(session, 1, 'done').kind).toBe('failed')
      expect(session.result).toEqual({outcome: 'failed', winner: null})
      expect(session.sharedView()).toBe('{"said":"nothing"}')
    },
  )

  test('that is thrown, even as a refusal, fails the game', () => {
    const session = begin(
      echo({outcome: state => ((state as {said: JsonValue}).said === 1 ? raise(refuse('no')) : undefined)}),
    )
    expect(act(session, 1, 1).kind).toBe('failed')
  })
})

describe('a seat given up', () => {
  test('ends a game that has no onLeave as abandoned', () => {
    const {onLeave: _, ...definition} = echo()
    const session = begin(definition)
    expect(leave(session, 2)).toEqual({kind: 'unchanged'})
    expect(session).toMatchObject({phase: 'ended', result: {outcome: 'abandoned', winner: null}})
  })

  test('is told to the game, which may decide by it', () => {
    const session = begin(tictactoe as GameDefinition, [1, 2])
    expect(leave(session, 1)).toEqual({kind: 'changed'})
    expect(session.result).toEqual({outcome: 'finished', winner: 2})
  })

  test('stays in the list of players, but is nobody’s', () => {
    const session = begin(echo())
    leave(session, 2)
    expect(session.players).toEqual([1, 2, 3])
    expect([...session.departed]).toEqual([2])
    expect(session.seatOf(2)).toBeUndefined()
    expect(session.seatOf(3)).toBe(2)
  })

  test('cannot be given up twice, nor by others', () => {
    const session = begin(echo())
    leave(session, 2)
    expect(errorOf(leave(session, 2))?.code).toBe('not_allowed')
    expect(errorOf(leave(session, 9))?.code).toBe('not_allowed')
  })

  test('by the last player ends the game as abandoned', () => {
    const session = begin(echo())
    for (const userId of [1, 3]) leave(session, userId)
    expect(session.phase).toBe('playing')
    leave(session, 2)
    expect(session.result).toEqual({outcome: 'abandoned', winner: null})
  })

  test('by the last player can still be a win, if the game says so', () => {
    const session = begin(
      echo({onLeave: () => 'over', outcome: state => (state === 'over' ? {winner: 1} : undefined)}),
      [1],
    )
    leave(session, 1)
    expect(session.result).toEqual({outcome: 'finished', winner: 1})
  })

  test.each([...WRONG, ['refuses', () => raise(refuse('stay'))] as const])(
    'to an onLeave that %s fails the game',
    (_what, onLeave) => {
      const session = begin(echo({onLeave}))
      const step = leave(session, 2)
      expect(step.kind).toBe('failed')
      expect(errorOf(step)?.code).toBe('game_failed')
      expect(session.result).toEqual({outcome: 'failed', winner: null})
      expect(session.isSeated(2)).toBe(false)
    },
  )
})

describe('a tick', () => {
  const timed = (onTimer: GameDefinition['onTimer']) => echo({onTimer: onTimer as never, timerMs: 10})

  test('gives the game the time', () => {
    const session = begin(timed((_state, {nowMs}) => nowMs))
    expect(session.tick({nowMs: 7, random: Math.random})).toEqual({kind: 'changed'})
    expect(session.sharedView()).toBe('7')
  })

  test('that changes nothing sends nothing', () => {
    expect(begin(timed(state => state)).tick(around)).toEqual({kind: 'unchanged'})
    expect(begin(echo()).tick(around)).toEqual({kind: 'unchanged'})
  })

  test.each([...WRONG, ['refuses', () => raise(refuse('no'))] as const])(
    'whose onTimer %s fails the game',
    (_what, onTimer) => {
      const session = begin(timed(onTimer))
      expect(session.tick(around).kind).toBe('failed')
      expect(session.result?.outcome).toBe('failed')
    },
  )
})

describe('an end from outside', () => {
  test('has the outcome and the winner it is given', () => {
    const session = begin(relay as GameDefinition)
    expect(session.end({outcome: 'finished', winner: 3})).toEqual({kind: 'unchanged'})
    expect(session).toMatchObject({phase: 'ended', result: {outcome: 'finished', winner: 3}})
  })

  test('is refused for a winner who does not play', () => {
    const session = begin(relay as GameDefinition)
    expect(errorOf(session.end({outcome: 'finished', winner: 4}))).toMatchObject({
      code: 'bad_action',
      message: 'user 4 is not a player of this game',
    })
    expect(session.phase).toBe('playing')
  })

  test('takes a winner who has left', () => {
    const session = begin(relay as GameDefinition)
    leave(session, 3)
    expect(session.end({outcome: 'finished', winner: 3}).kind).toBe('unchanged')
  })
})

test('relay lets every action and every leave pass without a state', () => {
  const session = begin(relay as GameDefinition)
  expect(act(session, 1, {any: ['thing']})).toEqual({kind: 'unchanged'})
  expect(leave(session, 1)).toEqual({kind: 'unchanged'})
  expect(session).toMatchObject({phase: 'playing'})
  expect(session.sharedView()).toBe('null')
})

describe('a game with views', () => {
  const cards = (parts: Partial<GameDefinition> = {}) =>
    echo({
      setup: ({players}) => ({hands: players.map(userId => [userId, `card of ${userId}`])}),
      view: (state, userId) => {
        const {hands = []} = state as {hands?: Array<[number, string]>}
        return {mine: hands.find(([owner]) => owner === userId)?.[1] ?? null, count: hands.length}
      },
      ...parts,
    })

  test('shows each player their own, and everyone else what onlookers see', () => {
    const session = begin(cards())
    expect(session.hasOwnViews).toBe(true)
    expect(session.viewFor(2)).toBe('{"mine":"card of 2","count":3}')
    expect(session.viewFor(9)).toBe('{"mine":null,"count":3}')
    expect(session.sharedView()).toBe(session.viewFor(9))
  })

  test('takes the own view from those who give up their seat', () => {
    const session = begin(cards())
    leave(session, 2)
    expect(session.viewFor(2)).toBe(session.sharedView())
    expect(session.viewFor(1)).toContain('card of 1')
  })

  test('looks at each state once for each player, however often it is asked', () => {
    let calls = 0
    const session = begin(cards({view: () => ++calls}))
    for (let i = 0; i < 5; i++) session.viewFor(1)
    expect(calls).toBe(4)
  })

  test.each([...WRONG, ['refuses', () => raise(refuse('no'))] as const])('fails when a view %s', (_what, wrong) => {
    expect(thrownBy(() => begin(cards({view: wrong}))).code).toBe('game_failed')
    const session = begin(
      cards({view: (state, userId) => ('said' in (state as object) && userId === 3 ? wrong() : null)}),
    )
    expect(act(session, 1, 1).kind).toBe('failed')
    expect(session.viewFor(3)).toBe('null')
  })

  test('may hide a state that is far larger than a frame, but not without bound', () => {
    const hidden = (megabytes: number) => cards({setup: () => 'x'.repeat(megabytes * 1e6), view: () => null})
    expect(begin(hidden(2)).sharedView()).toBe('null')
    expect(thrownBy(() => begin(hidden(3))).code).toBe('message_too_large')
  })

  test('must have a state that can be saved, whatever it shows', () => {
    expect(thrownBy(() => begin(cards({setup: () => new Map() as never, view: () => null}))).code).toBe('game_failed')
  })

  test('is refused a state if one player’s view of it would not fit', () => {
    const session = begin(cards({view: (state, userId) => (userId === 3 ? state : null)}))
    expect(errorOf(act(session, 1, 'x'.repeat(MAX_FRAME_BYTES)))?.code).toBe('message_too_large')
    expect(session.viewFor(3)).toContain('card of 3')
  })
})

describe('a state that is too large for a frame', () => {
  const large = 'x'.repeat(MAX_FRAME_BYTES)

  test('is refused to the mover, and the old one stays', () => {
    const session = begin(echo())
    const step = act(session, 1, large)
    expect(step.kind).toBe('refused')
    expect(errorOf(step)?.code).toBe('message_too_large')
    expect(session.phase).toBe('playing')
    expect(session.sharedView()).toBe('{"said":"nothing"}')
    expect(act(session, 1, 'short').kind).toBe('changed')
  })

  test('keeps a game from starting', () => {
    expect(thrownBy(() => begin(echo({setup: () => large}))).code).toBe('message_too_large')
  })

  test('fails the game when nobody asked for it', () => {
    const left = begin(echo({onLeave: () => large}))
    expect(errorOf(leave(left, 1))?.code).toBe('game_failed')
    const ticked = begin(echo({onTimer: () => large, timerMs: 10}))
    expect(errorOf(ticked.tick(around))?.code).toBe('game_failed')
    expect(ticked.result?.outcome).toBe('failed')
  })

  test('is measured in bytes, not in characters, and with its escapes', () => {
    expect(errorOf(act(begin(echo()), 1, '한'.repeat(100_000)))?.code).toBe('message_too_large')
    expect(errorOf(act(begin(echo()), 1, '\u0001'.repeat(100_000)))?.code).toBe('message_too_large')
    expect(act(begin(echo()), 1, 'x'.repeat(100_000)).kind).toBe('changed')
  })

  test('is the largest that is accepted, when the fullest room is joined with it', () => {
    const players = Array.from({length: 5000}, (_, index) => 4_294_967_295 - index)
    const session = begin(echo(), players)
    let [fits, exceeds] = [0, MAX_FRAME_BYTES]
    while (exceeds - fits > 1) {
      const size = (fits + exceeds) >> 1
      if (act(session, 4_294_967_295, 'x'.repeat(size)).kind === 'changed') fits = size
      else exceeds = size
    }
    act(session, 4_294_967_295, 'x'.repeat(fits))
    const frame = {
      type: 'room_joined',
      roomId: 4_294_967_295,
      userCount: 5000,
      members: players.slice(0, 200).map(userId => ({userId, nickname: '🎲'.repeat(32)})),
      game: {name: 'n'.repeat(64), phase: 'playing', players, state: JSON.parse(session.sharedView())},
      seq: Number.MAX_SAFE_INTEGER,
    }
    const bytes = Buffer.byteLength(JSON.stringify(frame))
    expect(bytes).toBeLessThanOrEqual(MAX_FRAME_BYTES)
    expect(bytes).toBeGreaterThan(MAX_FRAME_BYTES - 5000)
  })
})

describe('a saved game', () => {
  test('goes on where it was', () => {
    const session = begin(tictactoe as GameDefinition, [1, 2])
    act(session, 1, {cell: 4})
    const saved = JSON.parse(JSON.stringify(session.saved()))
    const restored = GameSession.restore({definition: tictactoe as GameDefinition, saved})
    expect(restored.sharedView()).toBe(session.sharedView())
    expect(restored).toMatchObject({players: [1, 2], startedAtMs: 5000, phase: 'playing'})
    expect(errorOf(act(restored, 1, {cell: 0}))?.message).toBe('it is not your turn')
    expect(act(restored, 2, {cell: 0})).toEqual({kind: 'changed'})
  })

  test('remembers who gave up their seat', () => {
    const session = begin(echo())
    expect(session.saved()).not.toHaveProperty('departed')
    leave(session, 2)
    const restored = GameSession.restore({definition: echo(), saved: session.saved()})
    expect([1, 2, 3].map(userId => restored.isSeated(userId))).toEqual([true, false, true])
  })

  test('without anyone seated, or decided, has ended', () => {
    const saved = {game: 'echo', players: [1, 2], departed: [1, 2], state: null, startedAtMs: 1}
    expect(GameSession.restore({definition: echo(), saved}).result?.outcome).toBe('abandoned')
    const decided = echo({outcome: () => ({winner: 1})})
    expect(GameSession.restore({definition: decided, saved}).result?.outcome).toBe('finished')
  })

  test('does not call setup', () => {
    const definition = echo({setup: () => raise(new Error('again'))})
    const saved = {game: 'echo', players: [1], state: 'kept', startedAtMs: 1}
    expect(GameSession.restore({definition, saved}).sharedView()).toBe('"kept"')
  })

  test.each([
    {game: 'other'},
    {players: []},
    {players: [1, 1]},
    {players: [0]},
    {players: [1.5]},
    {players: '12'},
    {players: [1, 2, 3, 4, 5, 6, 7, 8, 9]},
    {departed: [3]},
    {departed: [1, 1]},
    {state: undefined},
    {state: new Map()},
    {state: 'x'.repeat(MAX_FRAME_BYTES)},
    {startedAtMs: Number.NaN},
    {startedAtMs: undefined},
  ])('with %o is not taken up', fault => {
    const saved = {game: 'echo', players: [1, 2], state: null, startedAtMs: 1, ...fault} as never
    expect(thrownBy(() => GameSession.restore({definition: echo(), saved})).code).toBe('game_failed')
  })

  test('that the game cannot show or judge any more is not taken up', () => {
    const saved = {game: 'echo', players: [1, 2], state: {old: 'shape'}, startedAtMs: 1}
    for (const parts of [{view: () => raise(new Error('x'))}, {outcome: () => raise(new Error('x'))}]) {
      const error = thrownBy(() => GameSession.restore({definition: echo(parts), saved}))
      expect(error.code).toBe('game_failed')
      expect(error.cause).toBeDefined()
    }
  })
})

test('a game that changes its state in place ends no process', () => {
  const onAction: GameDefinition['onAction'] = (state, {action}) => {
    const said = state as {said: JsonValue}
    said.said = action
    return {...said, copy: state}
  }
  const session = begin(echo({onAction}))
  expect(act(session, 1, 'x').kind).toBe('changed')
  expect(act(session, 1, 'y').kind).toBe('changed')
})
