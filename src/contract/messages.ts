import type {CloseReason, GameOutcomeKind, WireErrorCode} from './codes.js'

/**
 * The game protocol, version 1, as types. Every client message may carry `seq` (integer, 0 to 2^53-1); the direct reply
 * or the error to it carries the same one.
 */

/** Any value that JSON can carry. */
export type JsonValue = null | boolean | number | string | JsonValue[] | {[key: string]: JsonValue}

interface Numbered {
  readonly seq?: number
}

export interface HelloMessage extends Numbered {
  readonly type: 'hello'
  /** 1 to 4 294 967 295. Left out: a guest, with an id of the server's choice. */
  readonly userId?: number
  /** 1 to 32 characters, no control or bidi-override characters. */
  readonly nickname?: string
  /** A JWT (HS256; `sub` is the user id, `exp` is required) where the server asks for one. */
  readonly token?: string
  readonly protocol?: number
}

export interface JoinRoomMessage extends Numbered {
  readonly type: 'join_room'
  readonly roomId: number
}

export interface LeaveRoomMessage extends Numbered {
  readonly type: 'leave_room'
  readonly roomId: number
}

export interface ChatMessage extends Numbered {
  readonly type: 'chat'
  readonly roomId: number
  readonly message: string
}

export interface HeartbeatMessage extends Numbered {
  readonly type: 'heartbeat'
}

export interface ListRoomsMessage extends Numbered {
  readonly type: 'list_rooms'
  /** 1 to 100. */
  readonly limit?: number
}

export interface GameStartMessage extends Numbered {
  readonly type: 'game_start'
  readonly roomId: number
  readonly game: string
  readonly options?: JsonValue
}

export interface GameActionMessage extends Numbered {
  readonly type: 'game_action'
  readonly roomId: number
  readonly action: JsonValue
}

export interface GameEndMessage extends Numbered {
  readonly type: 'game_end'
  readonly roomId: number
  /** One of the game's players. */
  readonly winner?: number
}

/** A message of a user who has been welcomed. */
export type UserMessage =
  | JoinRoomMessage
  | LeaveRoomMessage
  | ChatMessage
  | HeartbeatMessage
  | ListRoomsMessage
  | GameStartMessage
  | GameActionMessage
  | GameEndMessage

export type ClientMessage = HelloMessage | UserMessage

export type ClientMessageType = ClientMessage['type']

export interface MemberInfo {
  readonly userId: number
  readonly nickname?: string
}

export type GamePhase = 'playing' | 'ended'

/** A room's game as a joiner finds it. */
export interface GameInfo {
  readonly name: string
  readonly phase: GamePhase
  /** User ids in seat order. */
  readonly players: readonly number[]
  /** The receiver's view. */
  readonly state: JsonValue
}

/** A seat that a user still holds and can go back to by joining the room. */
export interface HeldSeat {
  readonly roomId: number
  readonly game: string
  /** Index in the game's `players`, from 0. */
  readonly seat: number
}

export interface RoomListEntry {
  readonly roomId: number
  readonly userCount: number
  /** Name of the game being played, or null. */
  readonly game: string | null
}

export interface WelcomeFrame extends Numbered {
  readonly type: 'welcome'
  readonly userId: number
  readonly sessionId: string
  readonly server: string
  readonly version: string
  readonly protocol: 1
  readonly heartbeatIntervalMs: number
  readonly maxFrameBytes: number
  readonly games: readonly HeldSeat[]
}

export interface ErrorFrame extends Numbered {
  readonly type: 'error'
  readonly code: WireErrorCode
  readonly message: string
  /** The `type` of the message that was refused, where it is a known one. */
  readonly messageType?: ClientMessageType
  readonly roomId?: number
  readonly rule?: string
  readonly retryAfterMs?: number
  /** How many like it were refused without an answer since the last answer. */
  readonly suppressed?: number
}

export type ServerMessage =
  | WelcomeFrame
  | ErrorFrame
  | (Numbered & {
      readonly type: 'room_joined'
      readonly roomId: number
      readonly userCount: number
      /** At most 200, the joiner included. */
      readonly members: readonly MemberInfo[]
      readonly game: GameInfo | null
    })
  | (Numbered & {readonly type: 'room_left'; readonly roomId: number; readonly message?: string})
  | {readonly type: 'room_closed'; readonly roomId: number; readonly message?: string}
  | ({readonly type: 'member_joined' | 'member_left'; readonly roomId: number} & MemberInfo)
  | {
      readonly type: 'members_changed'
      readonly roomId: number
      /** How many joined since the last such frame. */
      readonly joined: number
      /** How many left since the last such frame. */
      readonly left: number
      readonly userCount: number
    }
  | ({
      readonly type: 'chat'
      readonly roomId: number
      readonly message: string
      readonly timestamp: number
    } & MemberInfo)
  | {
      readonly type: 'game_started'
      readonly roomId: number
      readonly game: string
      readonly players: readonly number[]
      readonly state: JsonValue
    }
  | {
      readonly type: 'game_action'
      readonly roomId: number
      readonly userId: number
      readonly action: JsonValue
      readonly timestamp: number
    }
  | {
      readonly type: 'game_state'
      readonly roomId: number
      /** Who acted; null: the server. */
      readonly userId: number | null
      readonly state: JsonValue
    }
  | {
      readonly type: 'game_ended'
      readonly roomId: number
      readonly game: string
      readonly outcome: GameOutcomeKind
      readonly winner: number | null
      readonly durationMs: number
    }
  | (Numbered & {readonly type: 'room_list'; readonly rooms: readonly RoomListEntry[]})
  | (Numbered & {readonly type: 'heartbeat'; readonly timestamp: number})
  | (Numbered & {readonly type: 'ack'})
  | {readonly type: 'notice'; readonly message: string}
  | {
      readonly type: 'goodbye'
      readonly reason: CloseReason
      readonly message?: string
      readonly retryAfterMs?: number
    }
