import type {CloseReason} from './codes.js'
import type {GamePhase, MemberInfo} from './messages.js'

/** What went over one connection so far. */
export interface Traffic {
  /** Frames after `hello`. */
  readonly messageCount: number
  readonly bytesIn: number
  readonly bytesOut: number
  /** Accepted for the client and not taken by it yet. */
  readonly unsentBytes: number
  /** Wall time, in milliseconds since the epoch. */
  readonly lastReadAtMs: number
}

/** A connected user, as plugins, embedders and operators see one: a snapshot. */
export interface UserView {
  readonly userId: number
  readonly nickname: string | undefined
  /** The server chose the id. */
  readonly isGuest: boolean
  readonly sessionId: string
  /** Remote address, in canonical form (an IPv4 address is never written as IPv6). */
  readonly address: string
  /** Wall time, in milliseconds since the epoch. */
  readonly connectedAtMs: number
  /** Ids of the rooms the user is in, in the order of joining. */
  readonly roomIds: readonly number[]
  readonly traffic: Traffic
}

/** A room without its members: a snapshot that costs the same whatever the room's size. */
export interface RoomOverview {
  readonly roomId: number
  readonly userCount: number
  /** Wall time, in milliseconds since the epoch. */
  readonly createdAtMs: number
  /** When a frame last went to the room; wall time, in milliseconds since the epoch. */
  readonly lastActivityMs: number
  /** Messages of members to the room that were accepted so far: chat and those of its game. */
  readonly messageCount: number
  readonly game: {
    readonly name: string
    readonly phase: GamePhase
    readonly players: readonly number[]
    readonly startedAtMs: number
  } | null
}

/** A room: a snapshot. */
export interface RoomView extends RoomOverview {
  /** In the order of joining. */
  readonly members: readonly (MemberInfo & {readonly joinedAtMs: number})[]
}

/** One entry of the ledger of closed connections. */
export interface ClosedConnection {
  readonly reason: CloseReason
  readonly address: string
  /** Null when the connection ended before `welcome`. */
  readonly userId: number | null
  readonly sessionId: string | null
  readonly nickname: string | null
  /** Wall time, in milliseconds since the epoch. */
  readonly openedAtMs: number
  readonly closedAtMs: number
  readonly bytesIn: number
  readonly bytesOut: number
  /** Bytes that were accepted for the client and never sent. */
  readonly unsentBytes: number
  readonly messages: number
}

/** Rooms of a running server. */
export interface RoomDirectory {
  /** How many exist, empty ones included. */
  readonly count: number
  get(roomId: number): RoomView | undefined
  /** Fullest first, at most `limit` (default 20). */
  list(limit?: number): RoomView[]
  /** The same without members. */
  overview(limit?: number): RoomOverview[]
  /** Visits each room with its `messageCount`, in no order, and makes no object for it. */
  eachMessageCount(visit: (roomId: number, messageCount: number) => void): void
}

/** Connected users of a running server. */
export interface UserDirectory {
  readonly count: number
  get(userId: number): UserView | undefined
  /** In the order of connecting, at most `limit` (default 20). */
  list(limit?: number): UserView[]
  /** Visits each user with `traffic.messageCount`, in the order of connecting, and makes no object for it. */
  eachMessageCount(visit: (userId: number, messageCount: number) => void): void
}
