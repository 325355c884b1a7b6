import type {Usage} from '../../contract/admin.js'
import type {TopNumbers} from './top-sample.js'

/** Two looks that are closer than this say little about the time between them. */
const MIN_ELAPSED_MS = 50

/**
 * What the time between two looks was like. Without an earlier one, or when the server was started anew in between, rates
 * are null.
 */
export function ratesBetween(earlier: Usage | undefined, later: Usage): TopNumbers {
  const elapsedMs = earlier === undefined ? 0 : later.uptimeMs - earlier.uptimeMs
  if (earlier === undefined || elapsedMs < MIN_ELAPSED_MS) return withoutRates(later)
  const perSecond = (sum: 'messages' | 'deliveries' | 'bytesIn' | 'bytesOut') =>
    ((later[sum] - earlier[sum]) / elapsedMs) * 1000
  const messages = later.messages - earlier.messages
  return {
    messagesPerSecond: perSecond('messages'),
    deliveriesPerSecond: perSecond('deliveries'),
    bytesInPerSecond: perSecond('bytesIn'),
    bytesOutPerSecond: perSecond('bytesOut'),
    errorRatePercent: messages === 0 ? 0 : ((later.errors - earlier.errors) / messages) * 100,
    ...unmeasured,
    cpuUsagePercent: ((later.cpuMs - earlier.cpuMs) / elapsedMs) * 100,
    eventLoopUtilizationPercent: ((later.eventLoopActiveMs - earlier.eventLoopActiveMs) / elapsedMs) * 100,
    eventLoopDelayP99Ms: later.eventLoopDelayP99Ms,
  }
}

/** What the core does not measure by itself. */
const unmeasured = {avgResponseTimeMs: null, p50ResponseTimeMs: null, p99ResponseTimeMs: null, memoryLimitMb: null}

function withoutRates({eventLoopDelayP99Ms}: Usage): TopNumbers {
  return {
    messagesPerSecond: null,
    deliveriesPerSecond: null,
    bytesInPerSecond: null,
    bytesOutPerSecond: null,
    errorRatePercent: null,
    ...unmeasured,
    cpuUsagePercent: null,
    eventLoopUtilizationPercent: null,
    eventLoopDelayP99Ms,
  }
}
