import type {ServerMetrics} from '../../contract/metrics.js'
import {GsError} from '../../errors.js'
import {visibleText} from '../../util/visible-text.js'
import type {CheckUnit} from './threshold.js'

/** A number that has flags of its own. */
export interface CheckedNumber {
  readonly unit: CheckUnit
  /** For help, as in "how many connections". */
  readonly description: string
  read(metrics: ServerMetrics): number
}

/** By the name that flags and results carry. */
export const CHECKED_NUMBERS = {
  connections: {unit: 'count', description: 'open connections', read: metrics => metrics.connections},
  users: {unit: 'count', description: 'connected users', read: metrics => metrics.users},
  rooms: {unit: 'count', description: 'open rooms', read: metrics => metrics.rooms},
  messages: {unit: 'perSecond', description: 'messages a second', read: metrics => metrics.messagesPerSecond},
  deliveries: {unit: 'perSecond', description: 'deliveries a second', read: metrics => metrics.deliveriesPerSecond},
  'bytes-in': {unit: 'bytes', description: 'bytes a second from clients', read: metrics => metrics.bytesInPerSecond},
  'bytes-out': {unit: 'bytes', description: 'bytes a second to clients', read: metrics => metrics.bytesOutPerSecond},
  avg: {unit: 'ms', description: 'mean response time', read: metrics => metrics.avgResponseTimeMs},
  p50: {unit: 'ms', description: 'median response time', read: metrics => metrics.p50ResponseTimeMs},
  p95: {unit: 'ms', description: '95th percentile of response times', read: metrics => metrics.p95ResponseTimeMs},
  p99: {unit: 'ms', description: '99th percentile of response times', read: metrics => metrics.p99ResponseTimeMs},
  errors: {unit: 'percent', description: 'messages that end in an error', read: metrics => metrics.errorRatePercent},
  cpu: {unit: 'percent', description: 'processor time, of one core', read: metrics => metrics.cpuUsagePercent},
  memory: {unit: 'mb', description: 'resident memory', read: metrics => metrics.memoryUsageMb},
  heap: {unit: 'mb', description: 'heap of JavaScript in use', read: metrics => metrics.heapUsedMb},
  'loop-delay': {unit: 'ms', description: 'lateness of the event loop', read: metrics => metrics.eventLoopDelayP99Ms},
  'loop-busy': {
    unit: 'percent',
    description: 'time the event loop is busy',
    read: metrics => metrics.eventLoopUtilizationPercent,
  },
  unsent: {unit: 'bytes', description: 'bytes that clients have not taken', read: metrics => metrics.unsentBytes},
  'slow-consumers': {unit: 'count', description: 'clients that fall behind', read: metrics => metrics.slowConsumers},
  closed: {
    unit: 'count',
    description: 'connections that ended in the last interval',
    read: ({recent}) => sumOf(recent.closeReasons),
  },
  refusals: {
    unit: 'count',
    description: 'refusals by plugins in the last interval',
    read: ({recent}) => sumOf(recent.refusals),
  },
  'hook-time': {
    unit: 'us',
    description: 'time of a message in the slowest plugin',
    read: ({hookTimeUs}) => Math.max(0, ...Object.values(hookTimeUs)),
  },
} as const satisfies Record<string, CheckedNumber>

export type CheckedName = keyof typeof CHECKED_NUMBERS

/** The objects whose members come and go: one that is not there is 0. */
const OPEN_OBJECTS: ReadonlySet<string> = new Set([
  'closeReasons',
  'refusals',
  'messageTypes',
  'errors',
  'hookTimeUs',
  'recent.closeReasons',
  'recent.refusals',
  'recent.messageTypes',
  'recent.errors',
])

/**
 * A number of `gs metrics --json` by its path, as in `closeReasons.slow_consumer`.
 *
 * @throws {GsError} usage when there is none.
 */
export function readByPath(metrics: ServerMetrics, path: string): number {
  const dot = path.lastIndexOf('.')
  const owner = path.slice(0, Math.max(dot, 0))
  const value = path
    .split('.')
    .reduce<unknown>(
      (inner, name) => (isObject(inner) && Object.hasOwn(inner, name) ? inner[name] : undefined),
      metrics,
    )
  if (typeof value === 'number') return value
  if (value === undefined && OPEN_OBJECTS.has(owner)) return 0
  throw new GsError('usage', `no such number: ${visibleText(path)}`, {
    hint: 'gs metrics --json prints all; write those inside an object as in closeReasons.slow_consumer.',
  })
}

/** By the end of the name. */
export function unitOfPath(path: string): CheckUnit {
  if (path.endsWith('Ms')) return 'ms'
  if (path.endsWith('Mb')) return 'mb'
  if (path.endsWith('Percent')) return 'percent'
  if (path.startsWith('hookTimeUs.')) return 'us'
  if (/bytes/i.test(path)) return 'bytes'
  return path.endsWith('PerSecond') ? 'perSecond' : 'count'
}

function sumOf(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0)
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
