import type {UserMessage} from '../../contract/messages.js'
import {handleChat} from './chat.js'
import {handleGameAction} from './game-action.js'
import {handleGameEnd} from './game-end.js'
import {handleGameStart} from './game-start.js'
import type {Handler} from './handler.js'
import {handleHeartbeat} from './heartbeat.js'
import {handleJoinRoom} from './join-room.js'
import {handleLeaveRoom} from './leave-room.js'
import {handleListRooms} from './list-rooms.js'

type Handlers = {readonly [Type in UserMessage['type']]: Handler<Extract<UserMessage, {type: Type}>>}

const HANDLERS: Handlers = {
  join_room: handleJoinRoom,
  leave_room: handleLeaveRoom,
  chat: handleChat,
  heartbeat: handleHeartbeat,
  list_rooms: handleListRooms,
  game_start: handleGameStart,
  game_action: handleGameAction,
  game_end: handleGameEnd,
}

/** Hands a message to its handler. Its type was checked by the parser. */
export const dispatch: Handler<UserMessage> = (services, session, message, read) =>
  // The usual one by its name: a name that varies has to be looked up.
  message.type === 'chat'
    ? handleChat(services, session, message, read)
    : (HANDLERS[message.type] as Handler<UserMessage>)(services, session, message, read)
