import type {LeaveRoomMessage} from '../../contract/messages.js'
import {notInRoom} from './answers.js'
import type {Handler} from './handler.js'

/** [protocol 3] `leave_room`: for good, also from a game that is being played. */
export const handleLeaveRoom: Handler<LeaveRoomMessage> = ({rooms}, session, {roomId, seq}) => {
  const member = rooms.memberOf(session, roomId)
  if (member === undefined) return notInRoom(roomId)
  rooms.leave(session, member.room, 'left', seq)
  return null
}
