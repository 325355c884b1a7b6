import type {GameStartMessage} from '../../contract/messages.js'
import {accept, notInRoom, serverBusy} from './answers.js'
import type {Handler} from './handler.js'

/** [protocol 3] `game_start`. */
export const handleGameStart: Handler<GameStartMessage> = ({rooms, games, isOverloaded}, session, message) => {
  const membership = rooms.membership(session, message.roomId)
  if (membership === undefined) return notInRoom(message.roomId)
  if (isOverloaded()) return serverBusy()
  const objection = games.start(membership.room, session.userId, message)
  if (objection === null) accept(membership.room, session, message.seq)
  return objection
}
