import type {ChatMessage} from '../contract/messages.js'
import {MAX_ID} from './limits.js'

const BEFORE_ROOM = '{"type":"chat","roomId":'
const BEFORE_TEXT = ',"message":"'
const BEFORE_SEQ = '","seq":'
const AFTER_TEXT = '"}'
const ZERO = 0x30

/** The fields in the order of the documentation, and a text in which nothing is escaped. */
const PLAIN_CHAT =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: JSON allows none of them in a string
  /^\{"type":"chat","roomId":[1-9]\d{0,9},"message":"[^"\\\x00-\x1f]+"(?:,"seq":(?:0|[1-9]\d{0,14}))?\}$/

/** A chat message whose text is the same within a JSON string, so that passing it on takes no encoding. */
class PlainChat implements ChatMessage {
  readonly type = 'chat'
  readonly roomId: number
  readonly message: string
  declare readonly seq?: number
  readonly #isPlain = true

  constructor(roomId: number, message: string) {
    this.roomId = roomId
    this.message = message
  }

  static is(chat: ChatMessage): boolean {
    return #isPlain in chat
  }
}

/**
 * Reads the chat line that nearly every client sends nearly always, at a fraction of the price of parsing JSON and
 * checking what came out. Null: it is another line, or perhaps a wrong one; the parser decides.
 *
 * @param line well-formed text: lone surrogates cannot be in it.
 * @param maxCharacters of the message; only one that cannot have more is read here.
 */
export function readPlainChat(line: string, maxCharacters: number): ChatMessage | null {
  if (!PLAIN_CHAT.test(line)) return null
  const roomEnd = line.indexOf(',', BEFORE_ROOM.length)
  const roomId = integerAt(line, BEFORE_ROOM.length, roomEnd)
  const start = roomEnd + BEFORE_TEXT.length
  const hasSeq = !line.endsWith(AFTER_TEXT)
  const end = hasSeq ? line.lastIndexOf(BEFORE_SEQ) : line.length - AFTER_TEXT.length
  if (roomId > MAX_ID || end - start > maxCharacters) return null
  const chat: {seq?: number} & PlainChat = new PlainChat(roomId, line.slice(start, end))
  if (hasSeq) chat.seq = integerAt(line, end + BEFORE_SEQ.length, line.length - 1)
  return chat
}

/** The text of a chat message as it stands between the quotes of a JSON string. */
export function escapedText(chat: ChatMessage): string {
  return PlainChat.is(chat) ? chat.message : JSON.stringify(chat.message).slice(1, -1)
}

/** Of digits alone, at most 15. */
function integerAt(text: string, from: number, to: number): number {
  let value = 0
  for (let index = from; index < to; index += 1) value = value * 10 + text.charCodeAt(index) - ZERO
  return value
}
