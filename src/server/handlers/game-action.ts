import type {GameActionMessage} from '../../contract/messages.js'
import {accept, notInRoom} from './answers.js'
import type {Handler} from './handler.js'

/** [protocol 3] `game_action`. */
export const handleGameAction: Handler<GameActionMessage> = ({rooms, games}, session, {roomId, action, seq}) => {
  const member = rooms.memberOf(session, roomId)
  if (member === undefined) return notInRoom(roomId)
  const objection = games.act(member.room, session.userId, action)
  if (objection === null) accept(member.room, session, seq)
  return objection
}
