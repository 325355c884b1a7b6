import type {InstanceStatus, Listing, RoomDetails, UserDetails, UserSummary} from '../../contract/admin.js'
import type {RoomMetrics, ServerMetrics, UserMetrics} from '../../contract/metrics.js'
import {isoTime} from '../../util/iso-time.js'
import type {TopNumbers, TopRoom, TopSample, TopTotals} from './top-sample.js'

/**
 * One look at a server as `gs top --json` prints it and snapshots hold it: exact numbers, the same as `gs metrics --json`
 * has. Null: not measured, because the metrics plugin does not run or because rates need two looks.
 */
export interface TopRecord extends TopNumbers {
  readonly time: string
  readonly instance: string
  readonly version: string
  readonly host: string
  readonly port: number
  readonly state: InstanceStatus['state']
  readonly overload: InstanceStatus['overload']
  readonly uptimeMs: number
  readonly connections: number
  readonly users: number
  readonly rooms: number
  readonly unsentBytes: number
  /** What the rates cover; null without the metrics plugin: the time between two looks. */
  readonly intervalMs: number | null
  readonly totals: TopTotals
  /** Since the start of the server; null without the metrics plugin. */
  readonly closeReasons: ServerMetrics['closeReasons'] | null
  readonly refusals: ServerMetrics['refusals'] | null
  /** Busiest first, cut by `--limit`. */
  readonly roomStats: readonly TopRoom[]
  readonly plugins: readonly {readonly name: string; readonly state: string}[]
  /** Only in snapshots that show them. */
  readonly userList?: Listing<UserSummary>
  readonly room?: RoomMetrics | RoomDetails
  readonly user?: UserMetrics | UserDetails
}

export function toTopRecord(sample: TopSample): TopRecord {
  const {takenAtMs, status, numbers, totals, metrics, rooms, users, room, user} = sample
  const {name, version, host, port, state, overload, uptimeMs, connections, unsentBytes, plugins} = status
  const counts = {connections, users: status.users, rooms: status.rooms, unsentBytes}
  return {
    time: metrics?.timestamp ?? isoTime(takenAtMs),
    instance: name,
    ...{version, host, port, state, overload, uptimeMs},
    ...(metrics === null ? counts : pickCounts(metrics)),
    intervalMs: metrics?.intervalMs ?? null,
    ...pickNumbers(numbers),
    totals,
    closeReasons: metrics?.closeReasons ?? null,
    refusals: metrics?.refusals ?? null,
    roomStats: rooms?.items ?? [],
    plugins: plugins.map(plugin => ({name: plugin.name, state: plugin.state})),
    ...(users !== undefined && {userList: users}),
    ...(room !== undefined && room !== null && {room}),
    ...(user !== undefined && user !== null && {user}),
  }
}

function pickCounts({connections, users, rooms, unsentBytes}: NonNullable<TopSample['metrics']>) {
  return {connections, users, rooms, unsentBytes}
}

function pickNumbers(numbers: TopNumbers): TopNumbers {
  const {messagesPerSecond, deliveriesPerSecond, bytesInPerSecond, bytesOutPerSecond} = numbers
  const {errorRatePercent, avgResponseTimeMs, p50ResponseTimeMs, p99ResponseTimeMs} = numbers
  const {cpuUsagePercent, memoryUsageMb, memoryLimitMb} = numbers
  const {eventLoopUtilizationPercent, eventLoopDelayP99Ms, slowConsumers} = numbers
  return {
    ...{messagesPerSecond, deliveriesPerSecond, bytesInPerSecond, bytesOutPerSecond},
    ...{errorRatePercent, avgResponseTimeMs, p50ResponseTimeMs, p99ResponseTimeMs},
    ...{cpuUsagePercent, memoryUsageMb, memoryLimitMb},
    ...{eventLoopUtilizationPercent, eventLoopDelayP99Ms, slowConsumers},
  }
}
