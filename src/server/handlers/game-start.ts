import type {GameStartMessage} from '../../contract/messages.js'
import {accept, notInRoom, serverBusy} from './answers.js'
import type {Handler} from './handler.js'

/** [protocol 3] `game_start`. */
export const handleGameStart: Handler<GameStartMessage> = ({rooms, games, isOverloaded}, session, message) => {
  const member = rooms.memberOf(session, message.roomId)
  if (member === undefined) return notInRoom(message.roomId)
  if (isOverloaded()) return serverBusy()
  const objection = games.start(member.room, session.userId, message)
  if (objection === null) accept(member.room, session, message.seq)
  return objection
}
