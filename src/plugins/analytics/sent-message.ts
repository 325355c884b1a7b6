import type {ClientMessageType, UserMessage} from '../../contract/messages.js'
import type {MessageRecord} from '../../contract/plugins.js'
import {CLIENT_MESSAGE_TYPES} from '../../protocol/message-parser.js'

/** A message that was accepted, as it is counted and kept. */
export interface SentMessage {
  readonly userId: number
  readonly readAtMs: number
  readonly message: UserMessage
}

/** How a type of messages is kept: a number among numbers, and the JSON of an event's own fields. */
export interface MessageKind {
  readonly code: number
  readonly data: string
}

export const MESSAGE_KINDS: ReadonlyMap<ClientMessageType, MessageKind> = new Map(
  CLIENT_MESSAGE_TYPES.map((type, code) => [type, {code, data: JSON.stringify({messageType: type})}]),
)

export function isAccepted(record: MessageRecord): record is MessageRecord & SentMessage {
  return record.message !== undefined && record.error === null
}

/** 0: none. */
export function roomOf(message: UserMessage): number {
  return 'roomId' in message ? message.roomId : 0
}

export function kindOf(type: ClientMessageType): MessageKind {
  return MESSAGE_KINDS.get(type) as MessageKind
}
