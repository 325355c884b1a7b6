import {describe, expect, test} from 'vitest'
import {type ChessState, chess} from '../../../examples/chess/chess-game.js'
import type {GameDefinition} from '../../../src/contract/games.js'
import {GsError} from '../../../src/errors.js'
import {checkGame} from '../../../src/games/define-game.js'
import {GameSession} from '../../../src/games/game-session.js'

const WHITE = 7
const BLACK = 5
const around = {random: () => 0, nowMs: 0}

const definition: GameDefinition = checkGame(chess, 'chess')

const begin = () => GameSession.start({definition, players: [WHITE, BLACK], ...around})

const stateOf = (session: GameSession): ChessState => JSON.parse(session.sharedView())

const play = (session: GameSession, userId: number, move: string) => session.act({userId, action: {move}, ...around})

/** A session after these moves, white first. */
function played(...moves: string[]): GameSession {
  const session = begin()
  for (const [index, move] of moves.entries()) {
    expect([move, play(session, index % 2 === 0 ? WHITE : BLACK, move)]).toEqual([move, {kind: 'changed'}])
  }
  return session
}

/** A session in a position, as a saved game. */
function at(fen: string): GameSession {
  const turn = fen.split(' ')[1] === 'w' ? WHITE : BLACK
  const state: ChessState = {...stateOf(begin()), fen, turn, since: {fen, moves: 0}}
  const saved = {game: 'chess', players: [WHITE, BLACK], state: JSON.parse(JSON.stringify(state)), startedAtMs: 0}
  return GameSession.restore({definition, saved})
}

function refusalOf(session: GameSession, userId: number, action: unknown): string {
  const before = session.sharedView()
  const step = session.act({userId, action: action as never, ...around})
  if (step.kind !== 'refused' || !GsError.is(step.error)) throw new Error(`not refused but ${step.kind}`)
  expect(session.sharedView()).toBe(before)
  return step.error.message
}

test('white is seat 0 and moves first', () => {
  expect(stateOf(begin())).toMatchObject({white: WHITE, black: BLACK, turn: WHITE, moves: [], result: null})
  expect(refusalOf(begin(), BLACK, {move: 'e7e5'})).toBe('it is not your turn')
})

test('scholar’s mate ends the game for white', () => {
  const session = played('e2e4', 'e7e5', 'Qh5', 'b8c6', 'f1c4', 'Nf6')
  expect(stateOf(session)).toMatchObject({turn: WHITE, inCheck: false, result: null})
  play(session, WHITE, 'h5f7')
  expect(session.result).toEqual({outcome: 'finished', winner: WHITE})
  expect(stateOf(session)).toMatchObject({
    moves: ['e4', 'e5', 'Qh5', 'Nc6', 'Bc4', 'Nf6', 'Qxf7#'],
    turn: null,
    inCheck: true,
    result: {winner: WHITE, reason: 'checkmate'},
  })
})

test('black can win, too', () => {
  expect(played('f3', 'e5', 'g4', 'Qh4#').result).toEqual({outcome: 'finished', winner: BLACK})
})

test('castling, taking in passing and promotion are moves like others', () => {
  const castled = played('e4', 'e5', 'Nf3', 'Nf6', 'Be2', 'Be7', 'e1g1', 'O-O')
  expect(stateOf(castled).moves.slice(-2)).toEqual(['O-O', 'O-O'])
  expect(stateOf(played('e4', 'a6', 'e5', 'd5', 'e5d6')).moves.at(-1)).toBe('exd6')
  const promoted = at('8/P6k/8/8/8/8/8/K7 w - - 0 1')
  play(promoted, WHITE, 'a7a8n')
  expect(stateOf(promoted).moves).toEqual(['a8=N'])
})

describe('a draw comes by itself', () => {
  const draw = (session: GameSession, reason: string) => {
    expect(session.result).toEqual({outcome: 'finished', winner: null})
    expect(stateOf(session).result).toEqual({winner: null, reason})
  }

  test('when a position is there for the third time', () => {
    const shuffle = ['Nf3', 'Nf6', 'Ng1', 'Ng8']
    draw(played(...shuffle, ...shuffle), 'threefold repetition')
    draw(played('e4', 'e5', ...shuffle, ...shuffle), 'threefold repetition')
  })

  test('only if it is really the third time', () => {
    expect(played('Nf3', 'Nf6', 'Ng1', 'Ng8', 'Nf3', 'Nf6', 'Ng1').phase).toBe('playing')
  })

  test('when the one to move cannot', () => {
    const session = at('7k/8/6K1/8/8/8/8/5Q2 w - - 0 1')
    play(session, WHITE, 'Qf7')
    draw(session, 'stalemate')
  })

  test('when nobody can win any more', () => {
    const session = at('7k/8/8/8/8/8/1p6/K7 w - - 0 1')
    play(session, WHITE, 'Kxb2')
    draw(session, 'insufficient material')
  })

  test('after fifty moves without a capture or a pawn move', () => {
    const session = at('7k/8/8/8/8/8/R7/K7 w - - 99 90')
    play(session, WHITE, 'Ra3')
    draw(session, 'fifty moves')
  })
})

test('either side can resign, in turn or not', () => {
  for (const [loser, winner] of [
    [WHITE, BLACK],
    [BLACK, WHITE],
  ] as const) {
    const session = played('e4', 'e5')
    session.act({userId: loser, action: {resign: true}, ...around})
    expect(session.result).toEqual({outcome: 'finished', winner})
    expect(stateOf(session).result?.reason).toBe('resignation')
  }
})

test('whoever leaves loses', () => {
  const session = played('e4')
  session.leave({userId: WHITE, ...around})
  expect(session.result).toEqual({outcome: 'finished', winner: BLACK})
})

test('a saved game goes on, repetitions included', () => {
  const session = played('e4', 'e5', 'Nf3', 'Nf6', 'Ng1', 'Ng8', 'Nf3', 'Nf6', 'Ng1')
  const restored = GameSession.restore({definition, saved: JSON.parse(JSON.stringify(session.saved()))})
  play(restored, BLACK, 'Ng8')
  expect(stateOf(restored).result?.reason).toBe('threefold repetition')
})

describe('an action is refused when', () => {
  test.each([
    'e2e5',
    'Ke2',
    'O-O',
    'e7e5',
    'a1a1',
    '',
    ' ',
    'resign',
    '__proto__',
    '--',
    '=--',
    '--+',
    'e4'.repeat(99),
  ])('its move is %o', move => {
    expect(refusalOf(begin(), WHITE, {move})).toMatch(/not a legal move|too long/)
  })

  test.each([
    null,
    'e4',
    ['e4'],
    {},
    {move: 4},
    {move: {from: 'e2', to: 'e4'}},
    {resign: false},
    {move: 'e4', resign: true},
  ])('it is %o', action => {
    expect(refusalOf(begin(), WHITE, action)).toBe('an action is {"move": "e2e4"} or {"resign": true}')
  })

  test.each(['a7a8', 'a8', 'Pa7-a8', 'a7a8+'])('it does not say what a pawn becomes: %o', move => {
    const session = at('8/P6k/8/8/8/8/8/K7 w - - 0 1')
    expect(refusalOf(session, WHITE, {move})).toMatch(/say which piece|not a legal move/)
    expect(play(session, WHITE, 'a7a8q').kind).toBe('changed')
  })
})
