import type {CloseReason} from '../contract/codes.js'
import type {ServerMessage} from '../contract/messages.js'
import type {GsError} from '../errors.js'

export type ServerMessageType = ServerMessage['type']

/** The server's message of one type. */
export type ServerMessageOf<Type extends ServerMessageType, Message = ServerMessage> = Message extends {
  readonly type: infer Own
}
  ? Type extends Own
    ? Message & {readonly type: Type}
    : never
  : never

/**
 * `connection_lost`: it broke off without a word, or could not be made again. `hello_refused`: the server took the
 * connection but not the user.
 */
export type ClientCloseReason = CloseReason | 'connection_lost' | 'hello_refused'

/** Why a connection ended, as its client knows it. */
export interface ConnectionEnd {
  readonly reason: ClientCloseReason
  /** What the server said about it. */
  readonly message: string | undefined
  /** How long the server asks to wait, in milliseconds. */
  readonly retryAfterMs: number | undefined
  /** The same as an error; undefined after a `close()` of our own. */
  readonly error: GsError | undefined
}

export interface ReconnectAttempt {
  /** From 1; starts anew once a connection has lasted. */
  readonly attempt: number
  readonly delayMs: number
  /** What ended the last connection, or kept the last attempt from making one. */
  readonly end: ConnectionEnd
}

/** What a client tells its listeners: every message by its type, and these. */
export type ClientEvents = {[Type in ServerMessageType]: ServerMessageOf<Type>} & {
  /** Every message of the server, before the listeners of its type. */
  message: ServerMessage
  /** The connection is gone; another is tried after `delayMs`. Once the new one stands, there is a `welcome`. */
  reconnecting: ReconnectAttempt
  /** The client is finished. Exactly once. */
  close: ConnectionEnd
}
