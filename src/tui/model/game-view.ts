import type {JsonValue} from '../../contract/messages.js'
import {visibleText} from '../../util/visible-text.js'
import {type Conversation, personOf, type RoomPicture, subjectOf} from './conversation.js'
import {readTicTacToe, type TicTacToeBoard} from './tictactoe-board.js'

/** A room's game, ready to be drawn. */
export interface GameView {
  readonly title: string
  /** Whose turn it is, or how it ended. */
  readonly status: string
  readonly isOwnTurn: boolean
  readonly isOver: boolean
  /** One each, with the mark where the game has marks. */
  readonly players: readonly string[]
  /** Undefined for games that are not drawn. */
  readonly board: TicTacToeBoard | undefined
  /** The state of such a game, as short JSON. */
  readonly stateText: string
}

const MAX_STATE_CHARACTERS = 400

export function gameView(conversation: Conversation, room: RoomPicture): GameView | undefined {
  const {game} = room
  if (!game) return undefined
  const isOver = game.ending !== undefined
  const board = game.name === 'tictactoe' ? readTicTacToe(game.state, game.previousState) : undefined
  const isOwnTurn = !isOver && board?.nextUserId === conversation.selfId
  return {
    title: visibleText(game.name),
    status: game.ending === undefined ? turnOf(conversation, board) : visibleText(game.ending),
    isOwnTurn,
    isOver,
    players: game.players.map((userId, seat) => {
      const mark = board ? (userId === board.x ? 'X ' : 'O ') : `${seat + 1}. `
      return `${mark}${personOf(conversation, userId)}`
    }),
    board,
    stateText: board ? '' : shortJson(game.state),
  }
}

function turnOf(conversation: Conversation, board: TicTacToeBoard | undefined): string {
  if (!board) return 'being played'
  if (board.nextUserId === null) return 'the last move is made'
  if (board.nextUserId === conversation.selfId) return 'your turn'
  return `${subjectOf(conversation, board.nextUserId)} to move`
}

function shortJson(state: JsonValue): string {
  const text = visibleText(JSON.stringify(state))
  return text.length <= MAX_STATE_CHARACTERS ? text : `${text.slice(0, MAX_STATE_CHARACTERS).toWellFormed()} ...`
}
