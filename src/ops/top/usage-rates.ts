import type {InstanceStatus, Usage} from '../../contract/admin.js'
import type {TopNumbers} from './top-sample.js'

/** Two looks that are closer than this say little about the time between them. */
const MIN_ELAPSED_MS = 50

/** What the core does not measure by itself. */
const UNMEASURED = {
  avgResponseTimeMs: null,
  p50ResponseTimeMs: null,
  p99ResponseTimeMs: null,
  memoryLimitMb: null,
  slowConsumers: null,
} as const

const WITHOUT_RATES = {
  messagesPerSecond: null,
  deliveriesPerSecond: null,
  bytesInPerSecond: null,
  bytesOutPerSecond: null,
  errorRatePercent: null,
  cpuUsagePercent: null,
  eventLoopUtilizationPercent: null,
} as const

/** What the time between two looks was like, by what the core counts. Without an earlier look, rates are null. */
export function numbersBetween(
  earlier: Usage | undefined,
  later: Usage,
  {memoryUsageMb}: Pick<InstanceStatus, 'memoryUsageMb'>,
): TopNumbers {
  const elapsedMs = earlier === undefined ? 0 : later.uptimeMs - earlier.uptimeMs
  const {eventLoopDelayP99Ms} = later
  const known = {...UNMEASURED, memoryUsageMb, eventLoopDelayP99Ms}
  if (earlier === undefined || elapsedMs < MIN_ELAPSED_MS) return {...WITHOUT_RATES, ...known}
  const risenBy = (sum: Exclude<keyof Usage, 'uptimeMs' | 'eventLoopDelayP99Ms'>) => later[sum] - earlier[sum]
  const messages = risenBy('messages')
  return {
    ...known,
    messagesPerSecond: (messages / elapsedMs) * 1000,
    deliveriesPerSecond: (risenBy('deliveries') / elapsedMs) * 1000,
    bytesInPerSecond: (risenBy('bytesIn') / elapsedMs) * 1000,
    bytesOutPerSecond: (risenBy('bytesOut') / elapsedMs) * 1000,
    errorRatePercent: messages === 0 ? 0 : (risenBy('errors') / messages) * 100,
    cpuUsagePercent: (risenBy('cpuMs') / elapsedMs) * 100,
    eventLoopUtilizationPercent: (risenBy('eventLoopActiveMs') / elapsedMs) * 100,
  }
}
