import type {ChatMessage} from '../../contract/messages.js'
import {escapedText} from '../../protocol/plain-chat.js'
import {chatTail} from '../chat-tail.js'
import {accept, notInRoom} from './answers.js'
import type {Handler} from './handler.js'

/** [protocol 3] `chat`. The hot path: one encoding, one addition to the room's segment. */
export const handleChat: Handler<ChatMessage> = ({rooms}, session, chat, read) => {
  const {roomId, seq} = chat
  const membership = rooms.membership(session, roomId)
  if (membership === undefined) return notInRoom(roomId)
  const {room, member} = membership
  room.send(member.chatHead + escapedText(chat) + chatTail(read.atMs), read.atMs)
  accept(room, session, seq)
  return null
}
