import type {GameEndMessage} from '../../contract/messages.js'
import {accept, notInRoom} from './answers.js'
import type {Handler} from './handler.js'

/** [protocol 3] `game_end`. */
export const handleGameEnd: Handler<GameEndMessage> = ({rooms, games}, session, {roomId, winner, seq}) => {
  const membership = rooms.membership(session, roomId)
  if (membership === undefined) return notInRoom(roomId)
  const objection = games.end(membership.room, winner ?? null)
  if (objection === null) accept(membership.room, session, seq)
  return objection
}
