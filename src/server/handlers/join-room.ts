import type {JoinRoomMessage} from '../../contract/messages.js'
import {serverBusy} from './answers.js'
import type {Handler} from './handler.js'

/** [protocol 3] `join_room`. */
export const handleJoinRoom: Handler<JoinRoomMessage> = ({rooms, isOverloaded}, session, {roomId, seq}) =>
  isOverloaded() ? serverBusy() : rooms.join(session, roomId, seq)
