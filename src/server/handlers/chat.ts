import type {ChatMessage} from '../../contract/messages.js'
import {escapedText} from '../../protocol/plain-chat.js'
import {accept, notInRoom} from './answers.js'
import type {Handler} from './handler.js'

/** [protocol 3] `chat`. The hot path: one encoding, one addition to the room's segment. */
export const handleChat: Handler<ChatMessage> = ({rooms}, session, chat, read) => {
  const {roomId, seq} = chat
  const room = rooms.get(roomId)
  const member = room?.members.get(session.userId)
  if (room === undefined || member === undefined) return notInRoom(roomId)
  room.send(member.chatHead + escapedText(chat) + read.chatTail, read.atMs)
  accept(room, session, seq)
  return null
}
