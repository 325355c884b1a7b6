import type {ListRoomsMessage} from '../../contract/messages.js'
import {DEFAULT_LISTED_ROOMS} from '../../protocol/limits.js'
import {seqJson} from '../replies.js'
import type {Handler} from './handler.js'

/** [protocol 3] `list_rooms`: fullest first. */
export const handleListRooms: Handler<ListRoomsMessage> = ({rooms}, session, {limit, seq}) => {
  const entries = rooms.fullest(limit ?? DEFAULT_LISTED_ROOMS).map(room => ({
    roomId: room.id,
    userCount: room.members.size,
    game: room.playing,
  }))
  session.outbox.add(`{"type":"room_list","rooms":${JSON.stringify(entries)}${seqJson(seq)}}\n`)
  return null
}
