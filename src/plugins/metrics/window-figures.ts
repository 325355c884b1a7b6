import type {ServerMetrics} from '../../contract/metrics.js'
import type {Reading} from './reading.js'

const MS_PER_S = 1000

/** What two readings say of the time between them. */
export function windowFigures(from: Reading, to: Reading) {
  const elapsedMs = to.atMs - from.atMs
  const perSecond = (pick: (totals: Reading['totals']) => number) =>
    ratio((pick(to.totals) - pick(from.totals)) * MS_PER_S, elapsedMs)
  const messages = to.totals.messages - from.totals.messages
  const activeMs = to.loopActiveMs - from.loopActiveMs
  const responses = to.responses.count - from.responses.count
  return {
    messagesPerSecond: perSecond(({messages}) => messages),
    deliveriesPerSecond: perSecond(({deliveries}) => deliveries),
    bytesInPerSecond: perSecond(({bytesIn}) => bytesIn),
    bytesOutPerSecond: perSecond(({bytesOut}) => bytesOut),
    avgResponseTimeMs: ratio(to.responses.sumMs - from.responses.sumMs, responses),
    errorRatePercent: percent(to.totals.errors - from.totals.errors, messages),
    cpuUsagePercent: percent(to.cpuMs - from.cpuMs, elapsedMs),
    eventLoopUtilizationPercent: percent(activeMs, activeMs + to.loopIdleMs - from.loopIdleMs),
  }
}

/** What of the counts by reason, rule, type and code is new. */
export function newCounts(from: Reading, to: Reading): ServerMetrics['recent'] {
  return {
    closeReasons: difference(from.closeReasons, to.closeReasons),
    refusals: difference(from.refusals, to.refusals),
    messageTypes: difference(from.messageTypes, to.messageTypes),
    errors: difference(from.errors, to.errors),
  }
}

/** 0 when there was nothing, or no time. */
export function ratio(part: number, whole: number): number {
  return whole > 0 ? part / whole : 0
}

function percent(part: number, whole: number): number {
  return 100 * ratio(part, whole)
}

function difference(
  from: Readonly<Record<string, number>>,
  to: Readonly<Record<string, number>>,
): Record<string, number> {
  const grown: Record<string, number> = {}
  for (const [name, count] of Object.entries(to)) {
    const growth = count - (from[name] ?? 0)
    if (growth > 0) grown[name] = growth
  }
  return grown
}
