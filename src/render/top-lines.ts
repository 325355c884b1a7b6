import type {TopRecord} from '../ops/top/top-record.js'
import type {TopRoom} from '../ops/top/top-sample.js'
import {formatSize} from '../units.js'
import {visibleText} from '../util/visible-text.js'
import {inSeconds} from './listing.js'

/** One look at a server as plain lines, each of which begins with the time of the look. */
export function renderTopLines(record: TopRecord): string {
  const {time, instance, state, overload, uptimeMs, host, port, version} = record
  const lines = [
    fields('server', {
      name: visibleText(instance),
      state,
      ...(overload !== null && {'short-of': overload}),
      up: inSeconds(uptimeMs).replace(' ', ''),
      address: `${host}:${port}`,
      version,
    }),
    fields('load', {
      cpu: percent(record.cpuUsagePercent),
      memory: `${record.memoryUsageMb.toFixed(1)}MB`,
      limit: record.memoryLimitMb === null ? '-' : `${record.memoryLimitMb}MB`,
      delay: milliseconds(record.eventLoopDelayP99Ms),
      unsent: size(record.unsentBytes),
    }),
    fields('flow', {
      messages: perSecond(record.messagesPerSecond),
      deliveries: perSecond(record.deliveriesPerSecond),
      in: size(record.bytesInPerSecond, '/s'),
      out: size(record.bytesOutPerSecond, '/s'),
      errors: percent(record.errorRatePercent),
      p50: milliseconds(record.p50ResponseTimeMs),
      p99: milliseconds(record.p99ResponseTimeMs),
    }),
    fields('here', {
      connections: String(record.connections),
      users: String(record.users),
      rooms: String(record.rooms),
    }),
    ...record.roomStats.map(room => roomLine(room, Date.parse(time))),
  ]
  return lines.map(line => `${time} ${line}`).join('\n')
}

function roomLine(
  {roomId, userCount, messagesPerMinute, lastActivity, game, gameState}: TopRoom,
  nowMs: number,
): string {
  return fields('room', {
    id: String(roomId),
    users: String(userCount),
    rate: messagesPerMinute === null ? '-' : `${messagesPerMinute.toFixed(1)}/min`,
    active: inSeconds(Math.max(0, nowMs - Date.parse(lastActivity))).replace(' ', ''),
    game: game === null ? '-' : visibleText(game),
    state: gameState ?? '-',
  })
}

function fields(head: string, values: Readonly<Record<string, string>>): string {
  return [head, ...Object.entries(values).map(([name, value]) => `${name}=${value}`)].join(' ')
}

function perSecond(value: number | null): string {
  return value === null ? '-' : `${value.toFixed(1)}/s`
}

function percent(value: number | null): string {
  return value === null ? '-' : `${value.toFixed(1)}%`
}

function milliseconds(value: number | null): string {
  return value === null ? '-' : `${value.toFixed(2)}ms`
}

function size(value: number | null, per = ''): string {
  return value === null ? '-' : `${formatSize(value).replace(' ', '')}${per}`
}
