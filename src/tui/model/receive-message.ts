import {closeWords} from '../../client/close-words.js'
import type {ServerMessage} from '../../contract/messages.js'
import {
  addLine,
  addMember,
  type Conversation,
  forgetRoom,
  type LineKind,
  learnNames,
  nameOf,
  openRoom,
  personOf,
  removeMember,
  subjectOf,
  updateRoom,
} from './conversation.js'
import {errorWords, waitWords} from './error-words.js'
import {readTicTacToe} from './tictactoe-board.js'

/** Members that are named when one joins; more are counted. */
const MAX_GREETED = 8

/** What a message of the server makes of a conversation. `atMs` is wall time. */
export function receiveMessage(conversation: Conversation, message: ServerMessage, atMs: number): Conversation {
  const say = (next: Conversation, kind: LineKind, text: string, roomId: number | null = null) =>
    addLine(next, {kind, text, roomId, atMs})

  switch (message.type) {
    case 'welcome': {
      const next = {...conversation, selfId: message.userId}
      return message.games.reduce((known, {roomId, game}) => {
        if (known.rooms.has(roomId)) return known
        return say(known, 'game', `You still have a seat at ${game} in room ${roomId}: /join ${roomId}`)
      }, next)
    }
    case 'room_joined': {
      const next = openRoom(conversation, message)
      const {roomId, game} = message
      const again = conversation.rooms.has(roomId) ? ' again' : ''
      const joined = say(next, 'joined', `You are in room ${roomId}${again}${companyOf(next, roomId)}`, roomId)
      return game?.phase === 'playing' ? say(joined, 'game', gameOpening(joined, roomId), roomId) : joined
    }
    case 'room_left':
      return say(forgetRoom(conversation, message.roomId), 'left', `You left room ${message.roomId}${said(message)}`)
    case 'room_closed':
      return say(forgetRoom(conversation, message.roomId), 'left', `Room ${message.roomId} was closed${said(message)}`)
    case 'member_joined': {
      const next = addMember(conversation, message.roomId, message)
      return say(next, 'joined', `${nameOf(next, message.userId)} joined`, message.roomId)
    }
    case 'member_left': {
      const next = removeMember(conversation, message.roomId, message)
      return say(next, 'left', `${nameOf(next, message.userId)} left`, message.roomId)
    }
    case 'members_changed': {
      const {roomId, joined, left, userCount} = message
      const next = updateRoom(conversation, roomId, () => ({userCount}))
      return say(next, 'joined', `${joined} joined, ${left} left, ${userCount} are here`, roomId)
    }
    case 'chat': {
      const next = learnNames(conversation, [message])
      const {userId, roomId} = message
      const kind = userId === next.selfId ? 'own' : 'chat'
      const author = {userId, name: nameOf(next, userId)}
      return addLine(next, {kind, text: message.message, roomId, author, atMs})
    }
    case 'game_started': {
      const {roomId, game, players, state} = message
      const next = updateRoom(conversation, roomId, () => ({
        game: {name: game, players, state, previousState: undefined, ending: undefined},
      }))
      return say(next, 'game', gameOpening(next, roomId), roomId)
    }
    case 'game_state':
      return updateRoom(conversation, message.roomId, ({game}) => ({
        game: game && {...game, state: message.state, previousState: game.state},
      }))
    case 'game_action': {
      const action = JSON.stringify(message.action)
      return say(conversation, 'game', `${subjectOf(conversation, message.userId)}: ${action}`, message.roomId)
    }
    case 'game_ended': {
      const ending = endingOf(conversation, message)
      const next = updateRoom(conversation, message.roomId, ({game}) => ({game: game && {...game, ending}}))
      const text = `${message.game} is over after ${waitWords(message.durationMs)}: ${ending}`
      return say(next, 'game', text, message.roomId)
    }
    case 'room_list':
      return say(conversation, 'info', roomListWords(message))
    case 'notice':
      return say(conversation, 'notice', `From the operator: ${message.message}`)
    case 'error':
      // A room that could not be joined again after a lost connection is no room of ours any more.
      if (message.messageType === 'join_room' && message.roomId !== undefined && message.code !== 'already_in_room') {
        return say(forgetRoom(conversation, message.roomId), 'error', errorWords(message))
      }
      return say(conversation, 'error', errorWords(message), message.roomId ?? null)
    case 'goodbye':
      return say(
        conversation,
        'status',
        `Goodbye from the server: ${message.message || closeWords(message.reason).text}`,
      )
    default:
      // Heartbeats and acks say nothing to people, and a newer server may have messages of its own.
      return conversation
  }
}

/** Who is here, for people. */
export function companyOf(conversation: Conversation, roomId: number): string {
  const room = conversation.rooms.get(roomId)
  if (!room) return ''
  const others = [...room.members].filter(userId => userId !== conversation.selfId)
  if (others.length === 0) return room.userCount > 1 ? ` with ${room.userCount - 1} others` : ', alone so far'
  const named = others.slice(0, MAX_GREETED).map(userId => nameOf(conversation, userId))
  const unnamed = Math.max(0, room.userCount - 1 - named.length)
  return ` with ${named.join(', ')}${unnamed > 0 ? ` and ${unnamed} more` : ''}`
}

function gameOpening(conversation: Conversation, roomId: number): string {
  const game = conversation.rooms.get(roomId)?.game
  if (!game) return ''
  const marks = readTicTacToe(game.state) ? ['X ', 'O '] : []
  const players = game.players.map((userId, seat) => `${marks[seat] ?? ''}${personOf(conversation, userId)}`)
  const watching = game.players.includes(conversation.selfId) ? '' : '. You watch'
  return `${game.name}: ${players.join(', ')}${watching}`
}

function endingOf(conversation: Conversation, ended: ServerMessage & {type: 'game_ended'}): string {
  switch (ended.outcome) {
    case 'finished':
      return ended.winner === null ? 'a draw' : `${subjectOf(conversation, ended.winner)} won`
    case 'abandoned':
      return ended.winner === null ? 'abandoned' : `abandoned, ${subjectOf(conversation, ended.winner)} won`
    case 'failed':
      return 'the game had a fault'
    case 'room_closed':
      return 'the room was closed'
    default:
      return String(ended.outcome)
  }
}

function roomListWords({rooms}: ServerMessage & {type: 'room_list'}): string {
  if (rooms.length === 0) return 'There are no rooms yet. /join 1 opens one.'
  const entries = rooms.map(({roomId, userCount, game}) => {
    return `${roomId} (${userCount}${game === null ? '' : `, ${game}`})`
  })
  return `Rooms, fullest first: ${entries.join(', ')}`
}

function said({message}: {readonly message?: string}): string {
  return message ? `: ${message}` : ''
}
