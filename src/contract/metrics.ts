import type {Dropped} from './admin.js'
import type {CloseReason, WireErrorCode} from './codes.js'
import type {ClientMessageType, GamePhase} from './messages.js'

/**
 * What the metrics plugin provides as `metrics`. Rates and averages cover the last `metrics.intervalMs`, or the time
 * since the plugin started, and are divided by the time that really passed; an average of nothing is 0. Counts by reason,
 * rule and type are sums since the start of the server, so the difference of two answers says what came between them.
 * Times are ISO 8601 in UTC.
 */
export interface MetricsApi {
  /** How the server fares at this moment. */
  server(options?: RoomStatsOptions): ServerMetrics
  /** What was sampled, once a second, over the last `metrics.historyMs`; oldest first. */
  history(options?: HistoryOptions): MetricsHistory
  /** Each sample when it is taken, once a second. A slow reader loses the oldest and is told how many. */
  samples(options?: {readonly signal?: AbortSignal}): AsyncIterableIterator<MetricsSample | Dropped>
  /** The slowest messages of the last 15 minutes, at most 20 of each minute; slowest first. */
  slow(options?: SlowOptions): SlowMessage[]
  /** One room with the rates of its members, at most 200; undefined: there is none. */
  room(roomId: number): RoomMetrics | undefined
  /** One connected user; undefined: there is none. */
  user(userId: number): UserMetrics | undefined
  /** Everything that is counted, as text for monitors. Never a user, an address, or (unless asked for) a room. */
  prometheus(format?: ExpositionFormat): Promise<string>
}

/** `prometheus`: text format 0.0.4. `openmetrics`: OpenMetrics 1.0. */
export type ExpositionFormat = 'prometheus' | 'openmetrics'

/** Which rooms `roomStats` holds. */
export interface RoomStatsOptions {
  /** Most rooms: 0 to 10 000. Default 20. */
  readonly limit?: number | undefined
  /** Default `rate`: busiest first. */
  readonly sort?: RoomStatsSort | undefined
  /** Turns the order around. Default false. */
  readonly reverse?: boolean | undefined
  /** Only rooms whose id, or the name of whose game, has this in it. */
  readonly filter?: string | undefined
}

/** Columns of `roomStats`: room id, members, messages a minute, last activity, name of the game, its phase. */
export type RoomStatsSort = 'room' | 'users' | 'rate' | 'active' | 'game' | 'state'

export interface HistoryOptions {
  /** Only samples after this wall time, in milliseconds since the epoch. */
  readonly sinceMs?: number | undefined
  /** Most points: 1 to 3 600. More samples than that are joined: means of neighbours, and the worst of delays. */
  readonly points?: number | undefined
}

export interface SlowOptions {
  /** Most messages: 1 to 300. Default 20. */
  readonly limit?: number | undefined
  /** Default `duration`: slowest first; `time`: newest first. */
  readonly sort?: 'duration' | 'time' | undefined
}

/** `GET /v1/metrics` */
export interface ServerMetrics {
  readonly timestamp: string
  /** What the rates cover: the time that really passed. */
  readonly intervalMs: number
  /** Open sockets, those before `welcome` included. */
  readonly connections: number
  /** Those who are welcomed. */
  readonly users: number
  readonly rooms: number
  /** Frames after `hello`, malformed and refused ones too. */
  readonly messagesPerSecond: number
  /** Room frames handed to members' sockets. */
  readonly deliveriesPerSecond: number
  readonly bytesInPerSecond: number
  readonly bytesOutPerSecond: number
  /** From the read that completed the frame to the end of its handling; here and below. */
  readonly avgResponseTimeMs: number
  /** At most 1 % too high, as the others. */
  readonly p50ResponseTimeMs: number
  readonly p95ResponseTimeMs: number
  readonly p99ResponseTimeMs: number
  /** Messages that ended in an error, of all that were handled. */
  readonly errorRatePercent: number
  /** Resident memory of the process. */
  readonly memoryUsageMb: number
  /** `server.maxMemoryMb`. */
  readonly memoryLimitMb: number
  readonly heapUsedMb: number
  readonly heapLimitMb: number
  /** Of one core, all threads together; over 100 when several are busy. */
  readonly cpuUsagePercent: number
  /** How late the event loop was, at worst: the highest of the seconds' 99th percentiles. */
  readonly eventLoopDelayP99Ms: number
  /** How much of the time the event loop was not waiting. */
  readonly eventLoopUtilizationPercent: number
  /** What all clients together have not taken yet. */
  readonly unsentBytes: number
  /** Connections with more than `server.unsentSoftBytes` unsent. */
  readonly slowConsumers: number
  /** What the server is short of, or null. */
  readonly overload: 'event_loop' | 'memory' | null
  /** Closed connections since the start, by reason. */
  readonly closeReasons: Readonly<Record<CloseReason, number>>
  /** Refusals by plugins since the start, by rule; rules that never refused are left out. */
  readonly refusals: Readonly<Record<string, number>>
  /** Messages since the start, by type; `invalid` for those that were not understood. */
  readonly messageTypes: Readonly<Record<ClientMessageType | 'invalid', number>>
  /** Errors that answered messages since the start, by code. */
  readonly errors: Readonly<Record<WireErrorCode, number>>
  /** Mean time that the hooks of each plugin take of a message on the main thread, in microseconds; from a sample. */
  readonly hookTimeUs: Readonly<Record<string, number>>
  /** Sums since the start of the server. */
  readonly totals: MetricsTotals
  /** Sums over the interval: what of `closeReasons`, `refusals`, `messageTypes` and `errors` is new; zeros left out. */
  readonly recent: {
    readonly closeReasons: Readonly<Record<string, number>>
    readonly refusals: Readonly<Record<string, number>>
    readonly messageTypes: Readonly<Record<string, number>>
    readonly errors: Readonly<Record<string, number>>
  }
  readonly roomStats: readonly RoomStats[]
  /** How many rooms there are before the cut to `limit`. */
  readonly roomStatsTotal: number
}

export interface MetricsTotals {
  readonly connectionsOpened: number
  readonly connectionsClosed: number
  readonly messages: number
  readonly errors: number
  readonly deliveries: number
  readonly bytesIn: number
  readonly bytesOut: number
  readonly roomsCreated: number
  readonly gamesStarted: number
  readonly hookFailures: number
}

/** A room in `roomStats`. */
export interface RoomStats {
  readonly roomId: number
  readonly userCount: number
  /** Accepted messages of members to the room: chat and those of its game. */
  readonly messagesPerMinute: number
  readonly lastActivity: string
  readonly game: string | null
  readonly gameState: GamePhase | null
}

/** `GET /v1/metrics/rooms/:roomId` */
export interface RoomMetrics extends RoomStats {
  /** Accepted messages since the room was opened. */
  readonly messages: number
  readonly createdAt: string
  /** User ids in seat order; null without a game. */
  readonly players: readonly number[] | null
  readonly gameStartedAt: string | null
  /** In the order of joining, at most 200. */
  readonly members: readonly RoomMemberMetrics[]
}

export interface RoomMemberMetrics {
  readonly userId: number
  readonly nickname: string | null
  readonly joinedAt: string
  /** Frames of the user, to all rooms. */
  readonly messagesPerMinute: number
  readonly messages: number
  readonly unsentBytes: number
}

/** `GET /v1/metrics/users/:userId` */
export interface UserMetrics {
  readonly userId: number
  readonly nickname: string | null
  readonly isGuest: boolean
  readonly address: string
  readonly sessionId: string
  readonly connectedAt: string
  readonly lastMessageAt: string
  /** Frames of the user, refused ones too. */
  readonly messagesPerMinute: number
  /** Since the connection. */
  readonly messages: number
  readonly bytesIn: number
  readonly bytesOut: number
  readonly unsentBytes: number
  /** Rooms the user is in, in the order of joining. */
  readonly rooms: readonly RoomStats[]
}

/** `GET /v1/metrics/history` */
export interface MetricsHistory {
  /** Between two samples. */
  readonly sampleMs: number
  /** Oldest first. */
  readonly samples: readonly MetricsSample[]
}

/** One second of the server, as `ServerMetrics` has it for the interval. */
export interface MetricsSample {
  /** The end of the second. */
  readonly timestamp: string
  readonly connections: number
  readonly users: number
  readonly rooms: number
  readonly messagesPerSecond: number
  readonly deliveriesPerSecond: number
  readonly bytesInPerSecond: number
  readonly bytesOutPerSecond: number
  readonly errorsPerSecond: number
  readonly refusalsPerSecond: number
  readonly avgResponseTimeMs: number
  readonly p50ResponseTimeMs: number
  readonly p95ResponseTimeMs: number
  readonly p99ResponseTimeMs: number
  readonly errorRatePercent: number
  readonly memoryUsageMb: number
  readonly heapUsedMb: number
  readonly cpuUsagePercent: number
  readonly eventLoopDelayP99Ms: number
  readonly eventLoopUtilizationPercent: number
  readonly unsentBytes: number
}

/** A message that took `metrics.slowMs` or more. */
export interface SlowMessage {
  /** When its handling ended. */
  readonly timestamp: string
  readonly durationMs: number
  /** Of that the message's own part; in the rest it waited for others to be handled. */
  readonly handlingMs: number
  readonly userId: number
  readonly roomId: number | null
  /** Null: the frame was not understood, or was refused unread. */
  readonly type: ClientMessageType | null
  readonly sizeBytes: number
  /** Null: accepted. */
  readonly error: string | null
  readonly rule: string | null
  /** Time in the hooks of plugins, waiting included: all, or those that took long. Null: it is not known. */
  readonly plugins: readonly {readonly plugin: string; readonly durationMs: number}[] | null
}
