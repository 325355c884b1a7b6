import {defineGame, refuse} from '@gsrv/gs'
import {Chess, type Move} from 'chess.js'

/** A game of chess as clients see it. `fen` is enough to draw the board. */
export interface ChessState {
  /** User id of seat 0, who moves first. */
  white: number
  /** User id of seat 1. */
  black: number
  /** The position. */
  fen: string
  /** Every move so far, in standard notation: `["e4", "e5", "Nf3"]`. */
  moves: string[]
  /** Whose move it is; null when the game is over. */
  turn: number | null
  inCheck: boolean
  /** Null while the game runs; a draw has no winner. */
  result: {winner: number | null; reason: ChessEnd} | null
  /** The position after the last capture or pawn move, and how many moves led there: no earlier one can come again. */
  since: {fen: string; moves: number}
}

export type ChessEnd =
  | 'checkmate'
  | 'stalemate'
  | 'insufficient material'
  | 'threefold repetition'
  | 'fifty moves'
  | 'resignation'
  | 'left'

/**
 * Chess, with its rules left to chess.js. An action is `{"move": "e2e4"}` (or `"e4"`, `"e7e8q"`, `"O-O"`) or
 * `{"resign": true}`. Draws come by themselves. Whoever gives up the seat loses.
 */
export const chess = defineGame({
  name: 'chess',
  minPlayers: 2,
  maxPlayers: 2,

  setup({players: [white = 0, black = 0]}): ChessState {
    const fen = new Chess().fen()
    return {white, black, fen, moves: [], turn: white, inCheck: false, result: null, since: {fen, moves: 0}}
  },

  onAction(state: ChessState, {userId, action}): ChessState {
    const {move, resign} = wishOf(action)
    if (resign) return ended(state, {winner: opponentOf(state, userId), reason: 'resignation'})
    if (userId !== state.turn) throw refuse('it is not your turn')

    const game = replay(state)
    const made = play(game, move)
    const moves = [...state.moves, made.san]
    const isFresh = made.piece === 'p' || made.isCapture()
    const next: ChessState = {
      ...state,
      fen: game.fen(),
      moves,
      turn: opponentOf(state, userId),
      inCheck: game.inCheck(),
      since: isFresh ? {fen: game.fen(), moves: moves.length} : state.since,
    }
    const reason = endOf(game)
    if (reason === undefined) return next
    return ended(next, {winner: reason === 'checkmate' ? userId : null, reason})
  },

  onLeave: (state: ChessState, {userId}) => ended(state, {winner: opponentOf(state, userId), reason: 'left'}),

  outcome: ({result}: ChessState) => (result === null ? undefined : {winner: result.winner}),
})

/** So that `games: ["./chess-game.ts"]` in a configuration finds it. */
export {chess as game}

/** What clients send can be anything. */
function wishOf(action: unknown): {move: string; resign: false} | {move: null; resign: true} {
  if (typeof action === 'object' && action !== null) {
    const {move, resign} = action as {move?: unknown; resign?: unknown}
    if (typeof move === 'string' && resign === undefined) return {move, resign: false}
    if (resign === true && move === undefined) return {move: null, resign: true}
  }
  throw refuse('an action is {"move": "e2e4"} or {"resign": true}')
}

/** The moves since the last capture or pawn move are played again, for chess.js to notice a repetition. */
function replay({since, moves}: ChessState): Chess {
  const game = new Chess(since.fen)
  for (const san of moves.slice(since.moves)) game.move(san)
  return game
}

function play(game: Chess, text: string): Move {
  if (text.length > 10) throw refuse('that is too long for a move')
  let move: Move
  try {
    move = game.move(text)
  } catch {
    // chess.js throws for whatever is no move here.
    throw refuse(`${text} is not a legal move`)
  }
  // chess.js knows a move that passes the turn; chess does not.
  if (move.san === '--') throw refuse('passing is not a legal move')
  // Without the piece chess.js would choose one, and not the queen.
  if (
    move.promotion &&
    !text
      .replace(/[+#=!?]+$/, '')
      .toLowerCase()
      .endsWith(move.promotion)
  ) {
    throw refuse(`say which piece the pawn becomes: ${move.from}${move.to}q, r, b or n`)
  }
  return move
}

function endOf(game: Chess): ChessEnd | undefined {
  if (game.isCheckmate()) return 'checkmate'
  if (game.isStalemate()) return 'stalemate'
  if (game.isInsufficientMaterial()) return 'insufficient material'
  if (game.isThreefoldRepetition()) return 'threefold repetition'
  if (game.isDrawByFiftyMoves()) return 'fifty moves'
  return undefined
}

function ended(state: ChessState, result: NonNullable<ChessState['result']>): ChessState {
  return {...state, turn: null, result}
}

function opponentOf({white, black}: ChessState, userId: number): number {
  return userId === white ? black : white
}
