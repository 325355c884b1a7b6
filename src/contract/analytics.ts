import type {Dropped} from './admin.js'
import type {Heatmap, Retention} from './analytics-patterns.js'
import type {AnalyticsReport} from './analytics-report.js'
import type {CloseReason, GameOutcomeKind, WireErrorCode} from './codes.js'
import type {ClientMessageType} from './messages.js'
import type {ExportRequest, QueryRequest} from './row-lines.js'

export type {Cohort, Heatmap, Retention, Returned} from './analytics-patterns.js'
export type {AnalyticsReport, ComparedTotals, ReportComparison, ReportTotals} from './analytics-report.js'
export type {ExportRequest, QueryRequest, RowCell, RowLine} from './row-lines.js'

/** What the analytics plugin tells. Times are ISO 8601, days and hours are those of UTC. */

export type AnalyticsEventType =
  | 'user_connected'
  | 'user_disconnected'
  | 'message_sent'
  | 'game_started'
  | 'game_ended'
  | 'room_created'
  | 'room_joined'
  | 'room_left'
  | 'error'

interface EventBasics<Type extends AnalyticsEventType> {
  /** Grows by one with each event that is kept apart. */
  readonly id: number
  readonly timestamp: string
  readonly type: Type
}

/** One thing that happened. Text of chats is never part of it. */
export type AnalyticsEvent =
  | (EventBasics<'user_connected'> & {readonly userId: number; readonly sessionId: string; readonly isGuest: boolean})
  | (EventBasics<'user_disconnected'> & {
      readonly userId: number
      readonly sessionId: string
      /** From `welcome` to the close of the connection. */
      readonly durationMs: number
      readonly reason: CloseReason
    })
  /** An accepted message, but no heartbeat. */
  | (EventBasics<'message_sent'> & {
      readonly userId: number
      readonly roomId?: number
      readonly messageType: ClientMessageType
    })
  | (EventBasics<'game_started'> & {readonly roomId: number; readonly game: string; readonly playerCount: number})
  | (EventBasics<'game_ended'> & {
      readonly roomId: number
      readonly game: string
      readonly durationMs: number
      readonly outcome: GameOutcomeKind
      readonly winner: number | null
    })
  | (EventBasics<'room_created'> & {readonly roomId: number; readonly creatorId: number})
  | (EventBasics<'room_joined'> & {readonly roomId: number; readonly userId: number; readonly userCount: number})
  | (EventBasics<'room_left'> & {
      readonly roomId: number
      readonly userId: number
      readonly userCount: number
      /** From the join. */
      readonly durationMs: number
    })
  /** A message that was refused. */
  | (EventBasics<'error'> & {
      readonly userId: number
      readonly roomId?: number
      readonly errorType: WireErrorCode
      /** At most 200 characters. */
      readonly message: string
    })

export interface EventFilter {
  /** Left out: all types. */
  readonly types?: readonly AnalyticsEventType[] | undefined
  readonly roomId?: number | undefined
  readonly userId?: number | undefined
}

export interface EventQuery {
  readonly filter?: EventFilter | undefined
  /** Stored events since then, in milliseconds since the epoch. Left out: recent ones, from memory. */
  readonly sinceMs?: number | undefined
  /** Most past events, the newest of them. Default 20; 100 000 at most. */
  readonly limit?: number | undefined
  readonly isFollowed?: boolean | undefined
  readonly signal?: AbortSignal | undefined
}

/** The plugin itself, since its start. */
export interface RealtimeStats {
  /** Of the last 60 s, or of the time since the start, taken up to a minute. */
  readonly eventsPerMinute: number
  /** Messages that are only counted are events, too. */
  readonly totalEventsProcessed: number
  /** On the main thread, of the last 1 000 that were timed; one event in 64 is. 0 without any. */
  readonly avgProcessingTimeUs: number
  /** How much of the room for events that wait to be stored is taken. */
  readonly bufferUtilizationPercent: number
  /** Events of which no row is kept, as the store could not take them; they are part of all sums. */
  readonly eventsDropped: number
  readonly eventsStored: number
  /** Events that were kept back from readers that were too slow. */
  readonly eventsMissedByReaders: number
  readonly readers: number
  /** Connected users. */
  readonly users: number
  /** Rooms with anybody in them. */
  readonly activeRooms: number
  /** The last 60 seconds, oldest first. */
  readonly eventsBySecond: readonly number[]
  /** Most messages in the last minute first, at most 10. */
  readonly busiestRooms: readonly {readonly roomId: number; readonly userCount: number; readonly messages: number}[]
  /** The run before this one ended without a word: what it took in and did not store. Null: it ended well. */
  readonly interruptedRun: {
    readonly endedAt: string
    readonly eventsLost: number | null
    readonly sessions: number
  } | null
}

export interface UserAnalytics {
  readonly userId: number
  readonly totalSessions: number
  /** The present session included. */
  readonly totalPlaytimeMs: number
  /** Accepted ones of every type but `hello` and `heartbeat`. */
  readonly messagesSent: number
  /** Counted at their start. */
  readonly gamesPlayed: number
  /** Counted at their end. */
  readonly gamesWon: number
  /** The 50 most visited, by id: how often the user joined. */
  readonly favoriteRooms: Readonly<Record<string, number>>
  readonly firstSeen: string
  /** The last message that was no heartbeat, refused ones included; null: none yet. */
  readonly lastActive: string | null
  /** Accepted messages and connects in each hour of the day, from 0 to 23. */
  readonly activityPattern: readonly number[]
  readonly isOnline: boolean
}

export interface RoomAnalytics {
  readonly roomId: number
  /** Joins. */
  readonly totalSessions: number
  /** The most members after any join. */
  readonly peakUsers: number
  readonly totalMessages: number
  readonly gamesPlayed: number
  /** From join to leave, of those that have left; 0 without any. */
  readonly avgSessionDurationMs: number
  /** In each hour of the day, from 0 to 23: how many different users were there, summed over days. */
  readonly popularTimes: readonly number[]
  readonly firstSeen: string
  /** Last join, message or game. */
  readonly lastSeen: string
}

/** `wins` is for users, `peak` for rooms. */
export type RankKey = 'playtime' | 'messages' | 'sessions' | 'games' | 'wins' | 'peak'

export interface RankQuery {
  readonly by: RankKey
  /** Of rooms instead of users. */
  readonly isOfRooms?: boolean | undefined
  /** Days from the one that this time is part of; null: since ever. Milliseconds since the epoch. */
  readonly sinceMs?: number | null | undefined
  /** Default 20, at most 1 000. */
  readonly limit?: number | undefined
}

export interface Ranking {
  readonly by: RankKey
  /** First day that counts, as in `2026-01-31`; null: since ever. */
  readonly since: string | null
  /** Largest value first; `id` is of a user or a room. Times are in milliseconds. */
  readonly entries: readonly {readonly rank: number; readonly id: number; readonly value: number}[]
}

export interface HeatmapQuery {
  /** Left out: the whole server. */
  readonly roomId?: number | undefined
  /** Milliseconds since the epoch; null: as long as it is kept. */
  readonly sinceMs?: number | null | undefined
}

export interface Forgotten {
  readonly userId: number
  /** Rows that were taken out of the store. */
  readonly rows: number
}

/** What an operator is told. */
export interface ForgetResult extends Forgotten {
  /** Kept games in which the user had a seat, and which are deleted; null: the cache plugin does not run. */
  readonly cachedGames: number | null
  /** Blocks of the user that stay in force until they end or are lifted; null: the security plugin does not run. */
  readonly activeBlocks: readonly {readonly reason: string | null; readonly until: string | null}[] | null
}

/** `server.analytics`. */
export interface AnalyticsApi {
  stats(): RealtimeStats
  /** Undefined: never seen, or forgotten. */
  user(userId: number): Promise<UserAnalytics | undefined>
  room(roomId: number): Promise<RoomAnalytics | undefined>
  /** @throws {GsError} usage for `wins` of rooms and `peak` of users. */
  rank(query: RankQuery): Promise<Ranking>
  heatmap(query?: HeatmapQuery): Promise<Heatmap>
  retention(query?: {readonly weeks?: number | undefined}): Promise<Retention>
  /**
   * Past events, oldest first, and, if it is followed, those that come until `signal` ends it. A reader who is more than
   * 1 000 behind misses the oldest and is told how many.
   *
   * @throws {GsError} limit_reached for a hundred and first reader that follows.
   */
  events(query?: EventQuery): AsyncIterable<AnalyticsEvent | Dropped>
  /** All that a report says of the days from `sinceMs` on; null: since ever. */
  report(query?: {readonly sinceMs?: number | null | undefined}): Promise<AnalyticsReport>
  /**
   * What SQL finds, as lines of JSON, see `RowLine`. It runs in a process of its own, which is killed when it takes too
   * long and when the loop is left; what is wrong with the SQL is said in the last line.
   *
   * @throws {GsError} limit_reached while four such processes run.
   */
  query(request: QueryRequest, options?: {readonly signal?: AbortSignal}): AsyncIterable<Uint8Array>
  /**
   * All rows of a view, as `query` gives them, without limits.
   *
   * @throws {GsError} not_found for another view, usage for `sinceMs` where a view has no times; as `query`.
   */
  exportRows(request: ExportRequest, options?: {readonly signal?: AbortSignal}): AsyncIterable<Uint8Array>
  /** Resolves when everything so far is stored, or cannot be at the moment. */
  flush(): Promise<void>
  /**
   * Takes a user out of everything that is kept here; of sums over rooms and hours nobody can be told from. One who is
   * connected begins anew. The audit names `actor` and a salted hash of the id. Undefined: nothing was known.
   */
  forget(userId: number, actor: string): Promise<Forgotten | undefined>
}
