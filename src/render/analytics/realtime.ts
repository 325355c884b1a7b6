import type {RealtimeStats} from '../../contract/analytics.js'
import {countOf} from '../numbers.js'
import {renderTable} from '../table.js'
import {bar, type ChartLook, sparkline} from './bars.js'

const BAR_WIDTH = 20
const NAME_WIDTH = 16

/** The plugin's own numbers, the last minute, and the busiest rooms. */
export function renderRealtime(stats: RealtimeStats, look: ChartLook): string {
  return [realtimeLines(stats, look).join('\n'), ...busiestTable(stats, look)].join('\n\n')
}

/** Name and value of each number. */
export function realtimeLines(stats: RealtimeStats, {isUtf8}: Pick<ChartLook, 'isUtf8'>): string[] {
  const {interruptedRun: interrupted} = stats
  const lost = interrupted?.eventsLost ?? 'an unknown number of'
  const fields: [string, string][] = [
    ['users', `${stats.users} in ${countOf(stats.activeRooms, 'room')}`],
    ['events', `${Math.round(stats.eventsPerMinute)} a minute, ${stats.totalEventsProcessed} since the start`],
    ['last minute', sparkline(stats.eventsBySecond, isUtf8) || '-'],
    ['stored', `${stats.eventsStored}, ${stats.eventsDropped} dropped`],
    ['buffer', `${stats.bufferUtilizationPercent.toFixed(1)} %`],
    ['processing', `${stats.avgProcessingTimeUs.toFixed(2)} us an event`],
    ['readers', `${stats.readers}, ${stats.eventsMissedByReaders} events missed`],
  ]
  if (interrupted !== null) {
    fields.push(['interrupted', `${interrupted.endedAt}: ${lost} events lost, ${interrupted.sessions} sessions closed`])
  }
  return fields.map(([name, value]) => `${name.padEnd(NAME_WIDTH)} ${value}`)
}

function busiestTable({busiestRooms}: RealtimeStats, look: ChartLook): string[] {
  if (busiestRooms.length === 0) return []
  const most = busiestRooms[0]?.messages ?? 0
  const rows = busiestRooms.map(({roomId, userCount, messages}) => [
    String(roomId),
    String(userCount),
    String(messages),
    bar(messages, most, {width: BAR_WIDTH, isUtf8: look.isUtf8}),
  ])
  const columns = [
    {title: 'ROOM', align: 'right'},
    {title: 'USERS', align: 'right'},
    {title: 'MESSAGES/MIN', align: 'right'},
    {title: ''},
  ] as const
  return [renderTable(columns, rows, {...look, isTerminal: true})]
}
