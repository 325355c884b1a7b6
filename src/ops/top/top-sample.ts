import type {
  ClosedSummary,
  InstanceStatus,
  Listing,
  RoomDetails,
  UserDetails,
  UserSummary,
} from '../../contract/admin.js'
import type {CacheStats} from '../../contract/cache.js'
import type {MetricsSample, RoomMetrics, RoomStats, ServerMetrics, UserMetrics} from '../../contract/metrics.js'
import type {BlockListing, SecurityStats, UserSecurity} from '../../contract/security.js'

/**
 * What the head of a dashboard shows: from the metrics plugin, or without it from what the core counts. Null: nobody
 * measures it, or not yet.
 */
export interface TopNumbers {
  readonly messagesPerSecond: number | null
  readonly deliveriesPerSecond: number | null
  readonly bytesInPerSecond: number | null
  readonly bytesOutPerSecond: number | null
  readonly errorRatePercent: number | null
  readonly avgResponseTimeMs: number | null
  readonly p50ResponseTimeMs: number | null
  readonly p99ResponseTimeMs: number | null
  /** Of one core, all threads together. */
  readonly cpuUsagePercent: number | null
  readonly memoryUsageMb: number
  /** Of the whole process; over 90 % of it counts as overload. */
  readonly memoryLimitMb: number | null
  readonly eventLoopUtilizationPercent: number | null
  readonly eventLoopDelayP99Ms: number
  readonly slowConsumers: number | null
}

/** Sums since the start of the server. */
export interface TopTotals {
  readonly messages: number
  readonly errors: number
  readonly deliveries: number
  readonly bytesIn: number
  readonly bytesOut: number
}

/** Rates are null without the metrics plugin; so is what only it knows. */
export type TopRoom = Omit<RoomStats, 'messagesPerMinute'> & {readonly messagesPerMinute: number | null}

/** A list to ask for; the server sorts, filters and cuts it. */
export interface TopListQuery {
  readonly sort: string
  readonly isReversed: boolean
  /** Part of a name or id; empty: all. */
  readonly filter: string
  readonly limit: number
}

/** What a frame shows, and so what is asked for. Left out: not shown. */
export interface TopQuery {
  readonly rooms?: TopListQuery
  readonly users?: TopListQuery
  readonly closed?: {readonly limit: number}
  /** Curves in at most so many points. */
  readonly history?: {readonly points: number}
  readonly roomId?: number
  readonly userId?: number
  /** Statistics, and where they are listed the blocks. */
  readonly security?: {readonly blocks: TopListQuery | null}
  readonly cache?: true
}

/** One look at a server. Parts that were not asked for are undefined; null: there is no such thing. */
export interface TopSample {
  /** When it was taken, by the clock of the one who looks, in milliseconds since the epoch. */
  readonly takenAtMs: number
  readonly status: InstanceStatus
  readonly numbers: TopNumbers
  readonly totals: TopTotals
  /** What the metrics plugin says; null when it does not run. */
  readonly metrics: ServerMetrics | null
  /** Seconds that were not seen yet, oldest first. `isWhole`: as far back as the server remembers. */
  readonly history?: {readonly samples: readonly MetricsSample[]; readonly isWhole: boolean}
  /** `sort`: the column it is really sorted by. */
  readonly rooms?: Listing<TopRoom> & {readonly sort: string}
  readonly users?: Listing<UserSummary>
  readonly closed?: Listing<ClosedSummary>
  readonly room?: RoomMetrics | RoomDetails | null
  readonly user?: UserMetrics | UserDetails | null
  /** Asked for with `user`. */
  readonly userSecurity?: UserSecurity | null
  /** Null: the plugin does not run. */
  readonly security?: SecurityStats | null
  /** They can be looked at while the plugin is off. */
  readonly blocks?: BlockListing
  readonly cache?: CacheStats | null
}
