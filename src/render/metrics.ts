import type {ServerMetrics} from '../contract/metrics.js'
import {formatSize} from '../units.js'
import type {Terminal} from '../util/terminal.js'
import {visibleText} from '../util/visible-text.js'
import {renderListing} from './listing.js'
import {countOf, formatCount, formatMs, formatPercent, formatRate} from './numbers.js'

const BYTES_PER_MB = 1e6

/** How a server fares, a line for each matter, and the rooms as a table. */
export function renderMetrics(metrics: ServerMetrics, {terminal, nowMs}: {terminal: Terminal; nowMs: number}): string {
  const lines = [
    ['over', `the last ${formatMs(metrics.intervalMs)}`],
    ['connections', describeConnections(metrics)],
    ['messages', `${formatRate(metrics.messagesPerSecond)}/s, ${formatPercent(metrics.errorRatePercent)} in error`],
    ['deliveries', `${formatRate(metrics.deliveriesPerSecond)}/s`],
    ['response', describeResponse(metrics)],
    ['traffic', describeTraffic(metrics)],
    ['processor', describeProcessor(metrics)],
    ['memory', describeMemory(metrics)],
    ['types', describeCounts(metrics.messageTypes)],
    ['errors', describeCounts(metrics.errors)],
    ['refusals', describeCounts(metrics.refusals)],
    ['closed', describeCounts(metrics.closeReasons)],
    ['plugins', describePlugins(metrics)],
  ] as const
  const width = Math.max(...lines.map(([name]) => name.length))
  const text = lines.map(([name, value]) => `${name.padEnd(width)}  ${visibleText(value)}`).join('\n')
  if (metrics.roomStats.length === 0) return text
  const listing = {items: metrics.roomStats.map(withWholeRate), total: metrics.roomStatsTotal}
  return `${text}\n\n${renderListing('roomStats', listing, {terminal, nowMs})}`
}

function describeConnections({connections, users, rooms, slowConsumers, overload}: ServerMetrics): string {
  const parts = [formatCount(connections), countOf(users, 'user'), countOf(rooms, 'room')]
  if (slowConsumers > 0) parts.push(countOf(slowConsumers, 'slow reader'))
  if (overload !== null) parts.push(`overloaded (${overload === 'memory' ? 'memory' : 'event loop'})`)
  return parts.join(', ')
}

function describeResponse(metrics: ServerMetrics): string {
  const {avgResponseTimeMs, p50ResponseTimeMs, p95ResponseTimeMs, p99ResponseTimeMs} = metrics
  const percentiles = [p50ResponseTimeMs, p95ResponseTimeMs, p99ResponseTimeMs].map(formatMs)
  return `avg ${formatMs(avgResponseTimeMs)}, p50 ${percentiles[0]}, p95 ${percentiles[1]}, p99 ${percentiles[2]}`
}

function describeTraffic({bytesInPerSecond, bytesOutPerSecond, unsentBytes}: ServerMetrics): string {
  return `in ${formatSize(bytesInPerSecond)}/s, out ${formatSize(bytesOutPerSecond)}/s, ${formatSize(unsentBytes)} unsent`
}

function describeProcessor(metrics: ServerMetrics): string {
  const {cpuUsagePercent, eventLoopUtilizationPercent, eventLoopDelayP99Ms} = metrics
  const loop = `event loop busy ${formatPercent(eventLoopUtilizationPercent)}, late ${formatMs(eventLoopDelayP99Ms)} (p99)`
  return `${formatPercent(cpuUsagePercent)} of a core, ${loop}`
}

function describeMemory({memoryUsageMb, memoryLimitMb, heapUsedMb, heapLimitMb}: ServerMetrics): string {
  const [memory, limit, heap, heapLimit] = [memoryUsageMb, memoryLimitMb, heapUsedMb, heapLimitMb].map(megabytes =>
    formatSize(megabytes * BYTES_PER_MB),
  )
  return `${memory} of ${limit}, heap ${heap} of ${heapLimit}`
}

/** Largest first; zeros are left out. */
function describeCounts(counts: Readonly<Record<string, number>>): string {
  const parts = Object.entries(counts)
    .filter(([, count]) => count > 0)
    .sort(([, one], [, other]) => other - one)
    .map(([name, count]) => `${name} ${formatCount(count)}`)
  return parts.length === 0 ? 'none' : parts.join(', ')
}

function describePlugins({hookTimeUs}: ServerMetrics): string {
  const parts = Object.entries(hookTimeUs).map(([name, us]) => `${name} ${us.toFixed(2)} µs`)
  return `${parts.join(', ')} a message`
}

function withWholeRate(room: ServerMetrics['roomStats'][number]): object {
  return {...room, messagesPerMinute: Number(formatRate(room.messagesPerMinute).replaceAll(' ', ''))}
}
