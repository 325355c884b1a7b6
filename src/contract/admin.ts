import type {CloseReason} from './codes.js'
import type {ClientMessageType, GamePhase, MemberInfo} from './messages.js'
import type {PluginStatus} from './plugins.js'
import type {StoreStatus} from './store.js'

/**
 * What the admin channel carries: the one contract between a server and the commands that steer it. Times are ISO 8601 in
 * UTC, sizes are bytes, and every unit is part of its name. The schemas that check and document these answers live with
 * the server's side, and the compiler holds the two together.
 */

/** Version of the envelope and the routes. A client that speaks another one says so instead of guessing. */
export type AdminVersion = 1

/** What stands around every answer that is no stream. */
export interface Envelope<Data> {
  readonly v: AdminVersion
  readonly instance: string
  readonly data: Data
}

/** What stands in the place of an answer that failed. */
export interface ErrorAnswer {
  readonly error: {readonly code: string; readonly message: string; readonly hint: string | null}
}

/** `<name>.json` beside the socket: who serves it. */
export interface InstanceRecord {
  readonly v: AdminVersion
  readonly name: string
  readonly pid: number
  readonly socket: string
  /** Of the game protocol. */
  readonly host: string
  readonly port: number
  readonly version: string
  readonly startedAt: string
}

/** `GET /v1/`: a route and what it is for. */
export interface RouteInfo {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly summary: string
  /** It answers NDJSON, one event a line, until one side ends it. */
  readonly isStream: boolean
  /** It changes something, so the read-only socket refuses it. */
  readonly isAction: boolean
}

/** `GET /v1/ready` */
export interface Readiness {
  /** False while it drains, stops or is overloaded. */
  readonly ready: boolean
}

/** `POST /v1/backup` */
export interface Backup {
  readonly file: string
  readonly sizeBytes: number
}

/** `GET /v1/status` */
export interface InstanceStatus {
  readonly name: string
  readonly version: string
  readonly pid: number
  readonly startedAt: string
  readonly uptimeMs: number
  readonly host: string
  readonly port: number
  readonly socket: string
  readonly state: 'running' | 'draining' | 'stopping'
  /** What it is short of, or null. */
  readonly overload: 'event_loop' | 'memory' | null
  readonly connections: number
  readonly users: number
  readonly rooms: number
  readonly memoryUsageMb: number
  readonly unsentBytes: number
  readonly plugins: readonly PluginStatus[]
  /** Null: nothing has used it yet. */
  readonly store: StoreStatus | null
}

/** `GET /v1/usage`: sums since the start. Two of them, subtracted, say what the time between them cost. */
export interface Usage {
  readonly uptimeMs: number
  /** Processor time of the process, all threads. */
  readonly cpuMs: number
  /** How long the event loop was not waiting. */
  readonly eventLoopActiveMs: number
  /** How late the event loop was, over the last second. */
  readonly eventLoopDelayP99Ms: number
  /** Frames after `hello`. */
  readonly messages: number
  /** Those that were answered with an error. */
  readonly errors: number
  /** Room frames handed to members' sockets. */
  readonly deliveries: number
  readonly bytesIn: number
  readonly bytesOut: number
}

/** `GET /v1/rooms` */
export interface RoomSummary {
  readonly roomId: number
  readonly userCount: number
  readonly game: string | null
  readonly gameState: GamePhase | null
  readonly createdAt: string
  readonly lastActivity: string
}

/** `GET /v1/rooms/:roomId` */
export interface RoomDetails extends RoomSummary {
  /** User ids in seat order; null without a game. */
  readonly players: readonly number[] | null
  readonly gameStartedAt: string | null
  /** In the order of joining, at most 200. */
  readonly members: readonly (MemberInfo & {readonly joinedAt: string})[]
}

/** `GET /v1/users` */
export interface UserSummary {
  readonly userId: number
  readonly nickname: string | null
  readonly address: string
  readonly connectedAt: string
  readonly rooms: number
  readonly messages: number
  readonly unsentBytes: number
}

/** `GET /v1/users/:userId` */
export interface UserDetails extends UserSummary {
  readonly isGuest: boolean
  readonly sessionId: string
  readonly roomIds: readonly number[]
  readonly bytesIn: number
  readonly bytesOut: number
  readonly lastMessageAt: string
}

/** `GET /v1/closed`: newest first. */
export interface ClosedSummary {
  readonly closedAt: string
  readonly reason: CloseReason
  readonly userId: number | null
  readonly nickname: string | null
  readonly address: string
  readonly durationMs: number
  readonly messages: number
  readonly bytesIn: number
  readonly bytesOut: number
  readonly unsentBytes: number
}

/** A list that the server sorted and cut. */
export interface Listing<Item> {
  readonly items: readonly Item[]
  /** How many there are before the cut. */
  readonly total: number
}

/** `POST /v1/rooms/:roomId/close`, `POST /v1/users/:userId/kick`, `POST /v1/notice`: how many users it reached. */
export interface Reached {
  readonly users: number
}

/** `POST /v1/reload`. Keys as in `server.maxRooms`. */
export interface ReloadResult {
  readonly file: string | null
  readonly applied: readonly string[]
  /** The old value stays in force until a restart. */
  readonly needRestart: readonly string[]
}

/** `GET /v1/logs` */
export interface LogEvent {
  readonly time: string
  readonly level: 'debug' | 'info' | 'warn' | 'error'
  readonly message: string
  readonly fields: {readonly [name: string]: unknown}
}

/** `GET /v1/trace` */
export interface TraceEvent {
  readonly time: string
  readonly userId: number
  readonly address: string
  readonly roomId: number | null
  /** Null: the frame was not understood, or was refused unread. */
  readonly type: ClientMessageType | null
  readonly sizeBytes: number
  /** Null: accepted. */
  readonly error: string | null
  readonly rule: string | null
  /** From the read to the end of handling. */
  readonly durationMs: number
  readonly hooks: readonly {readonly plugin: string; readonly hook: string; readonly durationMs: number}[]
}

/** A line of a stream that stands for those that were dropped because the reader was too slow. */
export interface Dropped {
  readonly dropped: number
}
