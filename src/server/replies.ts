import type {CloseReason} from '../contract/codes.js'
import type {ClientMessageType, ServerMessage} from '../contract/messages.js'
import type {RefusalInfo} from '../contract/plugins.js'
import type {Farewell} from './user-session.js'

/** A server message as a line: its JSON and a newline. */
export function encodeLine(message: ServerMessage): string {
  return `${JSON.stringify(message)}\n`
}

/** A refusal that the core itself makes. */
export function refusal(code: RefusalInfo['code'], message: string, retryAfterMs?: number): RefusalInfo {
  return {code, message, rule: undefined, retryAfterMs}
}

/** What an error frame says of the message it answers. */
export interface Refused {
  readonly seq: number | undefined
  readonly messageType: ClientMessageType | undefined
  readonly roomId: number | undefined
}

/** A frame of which nothing could be read. */
export const NO_MESSAGE: Refused = {seq: undefined, messageType: undefined, roomId: undefined}

export function notText(): RefusalInfo {
  return refusal('bad_message', 'not valid UTF-8')
}

export function errorLine({code, message, rule, retryAfterMs, suppressed}: RefusalInfo, refused: Refused): string {
  const {seq, messageType, roomId} = refused
  return `${JSON.stringify({type: 'error', seq, code, message, messageType, roomId, rule, retryAfterMs, suppressed})}\n`
}

export function goodbyeLine(reason: CloseReason, {message, retryAfterMs}: Farewell): string {
  return `${JSON.stringify({type: 'goodbye', reason, message, retryAfterMs})}\n`
}

/** `,"seq":…` for the end of a hand-made frame; empty without one. */
export function seqJson(seq: number | undefined): string {
  return seq === undefined ? '' : `,"seq":${seq}`
}
