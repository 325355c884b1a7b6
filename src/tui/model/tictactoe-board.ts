import type {JsonValue} from '../../contract/messages.js'

export interface TicTacToeCell {
  readonly mark: 'X' | 'O' | null
  readonly isLastMove: boolean
  readonly isWinning: boolean
}

export interface TicTacToeBoard {
  /** Nine, row by row from the top left. */
  readonly cells: readonly TicTacToeCell[]
  readonly x: number
  readonly o: number
  /** Whose turn it is; null when the game is over. */
  readonly nextUserId: number | null
}

/**
 * Reads the state of the built-in tictactoe. Undefined for anything else: another server may have a game of that name
 * with a state of its own. The last move is what differs from `previous`.
 */
export function readTicTacToe(state: JsonValue, previous?: JsonValue): TicTacToeBoard | undefined {
  if (!isObject(state)) return undefined
  const {x, o, next, line} = state
  const board = boardOf(state)
  if (!board || typeof x !== 'number' || typeof o !== 'number') return undefined
  const earlier = previous === undefined ? undefined : boardOf(previous)
  const winning = new Set(Array.isArray(line) ? line : [])
  return {
    cells: board.map((owner, index) => ({
      mark: owner === x ? 'X' : owner === o ? 'O' : null,
      isLastMove: owner !== null && earlier !== undefined && earlier[index] === null,
      isWinning: winning.has(index),
    })),
    x,
    o,
    nextUserId: typeof next === 'number' ? next : null,
  }
}

function boardOf(state: JsonValue): JsonValue[] | undefined {
  const board = isObject(state) ? state.board : undefined
  return Array.isArray(board) && board.length === 9 ? board : undefined
}

function isObject(value: JsonValue): value is {[key: string]: JsonValue} {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
