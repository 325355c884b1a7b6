import type {GameActionMessage} from '../../contract/messages.js'
import {accept, notInRoom} from './answers.js'
import type {Handler} from './handler.js'

/** [protocol 3] `game_action`. */
export const handleGameAction: Handler<GameActionMessage> = ({rooms, games}, session, {roomId, action, seq}) => {
  const membership = rooms.membership(session, roomId)
  if (membership === undefined) return notInRoom(roomId)
  const objection = games.act(membership.room, session.userId, action)
  if (objection === null) accept(membership.room, session, seq)
  return objection
}
