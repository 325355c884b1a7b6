import type {SlowMessage} from '../contract/metrics.js'
import type {Terminal} from '../util/terminal.js'
import {inSeconds} from './listing.js'
import {formatMs} from './numbers.js'
import {renderTable} from './table.js'

const COLUMNS = [
  {title: 'TOOK', align: 'right'},
  {title: 'OWN', align: 'right'},
  {title: 'WHEN'},
  {title: 'USER', align: 'right'},
  {title: 'ROOM', align: 'right'},
  {title: 'TYPE'},
  {title: 'SIZE', align: 'right'},
  {title: 'ERROR'},
  {title: 'IN PLUGINS'},
] as const

/** Slow messages as a table; the time in plugins is not known of every one. */
export function renderSlow(
  messages: readonly SlowMessage[],
  {terminal, nowMs}: {terminal: Terminal; nowMs: number},
): string {
  if (messages.length === 0) return 'no message took long'
  const rows = messages.map(
    ({timestamp, durationMs, handlingMs, userId, roomId, type, sizeBytes, error, rule, plugins}) => [
      formatMs(durationMs),
      formatMs(handlingMs),
      `${inSeconds(Math.max(0, nowMs - Date.parse(timestamp)))} ago`,
      String(userId),
      roomId === null ? '-' : String(roomId),
      type ?? '-',
      `${sizeBytes} B`,
      rule ?? error ?? '-',
      describePlugins(plugins),
    ],
  )
  return renderTable(COLUMNS, rows, terminal)
}

function describePlugins(plugins: SlowMessage['plugins']): string {
  if (plugins === null || plugins.length === 0) return '-'
  const slowestFirst = plugins.toSorted((one, other) => other.durationMs - one.durationMs)
  return slowestFirst.map(({plugin, durationMs}) => `${plugin} ${formatMs(durationMs)}`).join(', ')
}
