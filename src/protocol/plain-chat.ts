import type {ChatMessage} from '../contract/messages.js'
import {MAX_ID} from './limits.js'

/** The fields in the order of the documentation, and a text in which nothing is escaped. */
const PLAIN_CHAT =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: JSON allows none of them in a string
  /^\{"type":"chat","roomId":([1-9]\d{0,9}),"message":("[^"\\\x00-\x1f]+")(?:,"seq":(0|[1-9]\d{0,14}))?\}$/

/** A chat message that remembers its text as a JSON string, so that passing it on takes no encoding. */
class PlainChat implements ChatMessage {
  readonly type = 'chat'
  readonly roomId: number
  readonly message: string
  declare readonly seq?: number
  readonly #literal: string

  constructor(roomId: number, literal: string, seq: string | undefined) {
    this.roomId = roomId
    this.message = literal.slice(1, -1)
    if (seq !== undefined) this.seq = Number(seq)
    this.#literal = literal
  }

  static literalOf(chat: ChatMessage): string {
    return #literal in chat ? chat.#literal : JSON.stringify(chat.message)
  }
}

/**
 * Reads the chat line that nearly every client sends nearly always, at a third of the price of parsing JSON and checking
 * what came out. Null: it is another line, or perhaps a wrong one; the parser decides.
 *
 * @param line well-formed text: lone surrogates cannot be in it.
 * @param maxCharacters of the message; only one that cannot have more is read here.
 */
export function readPlainChat(line: string, maxCharacters: number): ChatMessage | null {
  const found = PLAIN_CHAT.exec(line)
  if (found === null) return null
  const roomId = Number(found[1])
  const literal = found[2] as string
  if (roomId > MAX_ID || literal.length - 2 > maxCharacters) return null
  return new PlainChat(roomId, literal, found[3])
}

/** The text of a chat message as JSON. */
export const chatLiteral = PlainChat.literalOf
