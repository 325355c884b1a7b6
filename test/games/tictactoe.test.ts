import {describe, expect, test} from 'vitest'
import type {JsonValue} from '../../src/contract/messages.js'
import {GsError} from '../../src/errors.js'
import {type TicTacToeState, tictactoe} from '../../src/games/tictactoe.js'

const X = 11
const O = 22
const around = {random: () => 0.5, nowMs: 1000}

const fresh = () => tictactoe.setup({players: [X, O], options: undefined, ...around})

/** Moves in turn, crosses first. */
function played(...cells: number[]): TicTacToeState {
  return cells.reduce(
    (state, cell, index) => tictactoe.onAction(state, {userId: index % 2 === 0 ? X : O, action: {cell}, ...around}),
    fresh(),
  )
}

function refusalOf(state: TicTacToeState, userId: number, action: JsonValue): string | undefined {
  try {
    tictactoe.onAction(state, {userId, action, ...around})
  } catch (error) {
    if (GsError.is(error) && error.code === 'bad_action') return error.message
    throw error
  }
  return undefined
}

test('the board starts empty, and seat 0 has the crosses and moves first', () => {
  expect(fresh()).toEqual({x: X, o: O, board: Array(9).fill(null), next: X, winner: null, line: null})
  expect(tictactoe.outcome(fresh())).toBeUndefined()
})

test('a move takes the cell and passes the turn, and leaves the state before it alone', () => {
  const before = played(4)
  const now = tictactoe.onAction(before, {userId: O, action: {cell: 0}, ...around})
  expect(now.board).toEqual([O, null, null, null, X, null, null, null, null])
  expect(now.next).toBe(X)
  expect(before.board[0]).toBeNull()
})

test('three in a row win, and the state says which three', () => {
  const state = played(0, 3, 1, 4, 2)
  expect(state).toMatchObject({winner: X, next: null, line: [0, 1, 2]})
  expect(tictactoe.outcome(state)).toEqual({winner: X})
  expect(played(0, 2, 1, 4, 8, 6)).toMatchObject({winner: O, line: [2, 4, 6]})
})

test('a full board without three in a row is a draw', () => {
  const state = played(0, 1, 2, 4, 3, 5, 7, 6, 8)
  expect(state).toMatchObject({winner: null, next: null, line: null})
  expect(tictactoe.outcome(state)).toEqual({winner: null})
})

test('the last free cell can win', () => {
  expect(played(0, 1, 2, 3, 4, 5, 7, 6, 8)).toMatchObject({winner: X, line: [0, 4, 8]})
})

test('whoever leaves loses, in turn or not', () => {
  for (const [leaver, winner] of [
    [X, O],
    [O, X],
  ] as const) {
    const state = tictactoe.onLeave?.(played(4), {userId: leaver, ...around}) as TicTacToeState
    expect(tictactoe.outcome(state)).toEqual({winner})
    expect(state.next).toBeNull()
  }
})

describe('a move is refused, with the reason, when', () => {
  test('it is the other one who is to move', () => {
    expect(refusalOf(fresh(), O, {cell: 0})).toBe('it is not your turn')
    expect(refusalOf(played(0), X, {cell: 1})).toBe('it is not your turn')
  })

  test('the cell is taken, by whomever', () => {
    expect(refusalOf(played(4), O, {cell: 4})).toBe('cell 4 is taken')
    expect(refusalOf(played(4, 0), X, {cell: 4})).toBe('cell 4 is taken')
  })

  test('the game is over', () => {
    expect(refusalOf(played(0, 3, 1, 4, 2), O, {cell: 8})).toBe('it is not your turn')
  })

  test.each([-1, 9, 1.5, 1e300, '0', null, [0], true])('the cell is %o', cell => {
    expect(refusalOf(fresh(), X, {cell})).toBe('cell must be an integer from 0 to 8')
  })

  test.each([null, 4, 'cell', [4], {}, {Cell: 4}, JSON.parse('{"__proto__": {"cell": 4}}')])(
    'the action is %o',
    action => {
      expect(refusalOf(fresh(), X, action)).toBe('an action is {"cell": n}, n from 0 to 8')
    },
  )
})
