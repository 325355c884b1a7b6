import type {GameDefinition} from '../contract/games.js'
import {refuse} from '../errors.js'

/** Everything a client needs to draw the board, without remembering anything from before. */
export type TicTacToeState = {
  /** User id of the player with the crosses, who moves first: seat 0. */
  readonly x: number
  /** User id of the player with the noughts: seat 1. */
  readonly o: number
  /** Nine cells, row by row from the top left: the user id of the mark's owner, or null. */
  readonly board: Array<number | null>
  /** Whose move it is; null when the game is over. */
  readonly next: number | null
  /** Null while the game runs, and after a draw. */
  readonly winner: number | null
  /** The three cells that won; null without them. */
  readonly line: number[] | null
}

const CELLS = 9

const LINES = [
  [0, 1, 2],
  [3, 4, 5],
  [6, 7, 8],
  [0, 3, 6],
  [1, 4, 7],
  [2, 5, 8],
  [0, 4, 8],
  [2, 4, 6],
] as const

/** Three in a row. An action is `{"cell": 0..8}`; whoever leaves loses. */
export const tictactoe: GameDefinition<TicTacToeState, unknown> = {
  name: 'tictactoe',
  minPlayers: 2,
  maxPlayers: 2,

  setup({players}) {
    const [x, o] = players as [number, number]
    return {x, o, board: Array<number | null>(CELLS).fill(null), next: x, winner: null, line: null}
  },

  onAction(state, {userId, action}) {
    if (state.next !== userId) throw refuse('it is not your turn')
    const cell = cellOf(action)
    if (state.board[cell] !== null) throw refuse(`cell ${cell} is taken`)

    const board = state.board.with(cell, userId)
    const line = LINES.find(cells => cells.every(index => board[index] === userId))
    if (line !== undefined) return {...state, board, next: null, winner: userId, line: [...line]}
    return {...state, board, next: board.includes(null) ? opponentOf(state, userId) : null}
  },

  onLeave: (state, {userId}) => ({...state, next: null, winner: opponentOf(state, userId)}),

  outcome: ({next, winner}) => (next === null ? {winner} : undefined),
}

function cellOf(action: unknown): number {
  if (typeof action !== 'object' || action === null || Array.isArray(action) || !Object.hasOwn(action, 'cell')) {
    throw refuse('an action is {"cell": n}, n from 0 to 8')
  }
  const {cell} = action as {cell: unknown}
  if (typeof cell !== 'number' || !Number.isInteger(cell) || cell < 0 || cell >= CELLS) {
    throw refuse('cell must be an integer from 0 to 8')
  }
  return cell
}

function opponentOf({x, o}: TicTacToeState, userId: number): number {
  return userId === x ? o : x
}
