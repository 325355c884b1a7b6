import type {RefusalInfo} from '../../contract/plugins.js'
import type {LiveRoom} from '../live-room.js'
import {refusal} from '../replies.js'
import type {UserSession} from '../user-session.js'

/** [protocol 3] Counts a message to a room, which has no reply of its own, and acknowledges it if it carried `seq`. */
export function accept(room: LiveRoom, session: UserSession, seq: number | undefined): void {
  room.messageCount += 1
  if (seq !== undefined) session.outbox.add(`{"type":"ack","seq":${seq}}\n`)
}

/** The same for rooms that exist and that do not, so that nobody can probe for rooms. */
export function notInRoom(roomId: number): RefusalInfo {
  return refusal('not_in_room', `you are not in room ${roomId}`)
}

export function serverBusy(): RefusalInfo {
  return refusal('server_busy', 'the server is overloaded; try again later', 5000)
}
