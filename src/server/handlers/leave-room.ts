import type {LeaveRoomMessage} from '../../contract/messages.js'
import {notInRoom} from './answers.js'
import type {Handler} from './handler.js'

/** [protocol 3] `leave_room`: for good, also from a game that is being played. */
export const handleLeaveRoom: Handler<LeaveRoomMessage> = ({rooms}, session, {roomId, seq}) => {
  const membership = rooms.membership(session, roomId)
  if (membership === undefined) return notInRoom(roomId)
  rooms.leave(session, membership.room, 'left', seq)
  return null
}
