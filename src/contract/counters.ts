import type {CloseReason, WireErrorCode} from './codes.js'
import type {ClientMessageType} from './messages.js'

/** What the core counts from its start. Every number only grows, so differences over time are rates. */
export interface Counters {
  connectionsOpened: number
  /** By the reason of the close. */
  connectionsClosed: Record<CloseReason, number>
  bytesIn: number
  bytesOut: number
  /** Frames after `hello`, by `type`; `invalid` for those that were not understood. */
  messages: Record<ClientMessageType | 'invalid', number>
  /** Messages that were answered with an error, by code. */
  errors: Record<WireErrorCode, number>
  /** Refusals by plugins, by rule. Rules are named by plugins, not by clients; at most 256 of them, the rest is `other`. */
  refusals: Map<string, number>
  /** Room frames handed to members' sockets. */
  deliveries: number
  roomsCreated: number
  gamesStarted: number
  /** Failures of plugin hooks that were contained. */
  hookFailures: number
  /** Times the event loop stood still for over half a second. */
  stalls: number
}
