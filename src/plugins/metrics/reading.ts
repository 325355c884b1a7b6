import {getHeapStatistics} from 'node:v8'

import type {CloseReason, WireErrorCode} from '../../contract/codes.js'
import type {ClientMessageType} from '../../contract/messages.js'
import type {MetricsTotals} from '../../contract/metrics.js'
import type {PluginHost} from '../../contract/plugins.js'
import {type HookTimes, readHookTimes} from './hook-times.js'
import type {DurationSums} from './message-durations.js'

const US_PER_MS = 1000
const BYTES_PER_MB = 1e6

/** All that only grows, as it stood at one moment. The difference of two readings is what came between them. */
export interface Reading {
  /** Monotonic, in milliseconds. */
  readonly atMs: number
  readonly totals: MetricsTotals
  readonly closeReasons: Readonly<Record<CloseReason, number>>
  readonly refusals: Readonly<Record<string, number>>
  readonly messageTypes: Readonly<Record<ClientMessageType | 'invalid', number>>
  readonly errors: Readonly<Record<WireErrorCode, number>>
  readonly responses: DurationSums
  readonly hookTimes: HookTimes
  /** Of the process, all threads. */
  readonly cpuMs: number
  readonly loopActiveMs: number
  readonly loopIdleMs: number
  /** Over the second before. */
  readonly loopDelayP99Ms: number
}

export function takeReading({clock, counters, vitals}: PluginHost, responses: DurationSums): Reading {
  const {user, system} = process.cpuUsage()
  const {active, idle} = performance.eventLoopUtilization()
  return {
    atMs: clock.monotonicMs(),
    totals: {
      connectionsOpened: counters.connectionsOpened,
      connectionsClosed: sumOf(counters.connectionsClosed),
      messages: sumOf(counters.messages),
      errors: sumOf(counters.errors),
      deliveries: counters.deliveries,
      bytesIn: counters.bytesIn,
      bytesOut: counters.bytesOut,
      roomsCreated: counters.roomsCreated,
      gamesStarted: counters.gamesStarted,
      hookFailures: counters.hookFailures,
    },
    closeReasons: {...counters.connectionsClosed},
    refusals: Object.fromEntries(counters.refusals),
    messageTypes: {...counters.messages},
    errors: {...counters.errors},
    responses,
    hookTimes: readHookTimes(vitals.plugins),
    cpuMs: (user + system) / US_PER_MS,
    loopActiveMs: active,
    loopIdleMs: idle,
    loopDelayP99Ms: vitals.eventLoopDelayP99Ms,
  }
}

/** What stands at one moment and does not add up. */
export function readGauges({vitals, users, rooms}: PluginHost) {
  const heap = getHeapStatistics()
  return {
    connections: vitals.connectionCount,
    users: users.count,
    rooms: rooms.count,
    memoryUsageMb: process.memoryUsage.rss() / BYTES_PER_MB,
    heapUsedMb: heap.used_heap_size / BYTES_PER_MB,
    heapLimitMb: heap.heap_size_limit / BYTES_PER_MB,
    unsentBytes: vitals.unsentBytes,
  }
}

export function sumOf(counts: Readonly<Record<string, number>>): number {
  let sum = 0
  for (const name in counts) sum += counts[name] as number
  return sum
}
