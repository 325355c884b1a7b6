import type {GameEndMessage} from '../../contract/messages.js'
import {accept, notInRoom} from './answers.js'
import type {Handler} from './handler.js'

/** [protocol 3] `game_end`. */
export const handleGameEnd: Handler<GameEndMessage> = ({rooms, games}, session, {roomId, winner, seq}) => {
  const member = rooms.memberOf(session, roomId)
  if (member === undefined) return notInRoom(roomId)
  const objection = games.end(member.room, winner ?? null)
  if (objection === null) accept(member.room, session, seq)
  return objection
}
