import type {Ranking} from '../../contract/analytics.js'
import {inSeconds} from '../listing.js'
import {renderTable} from '../table.js'
import {bar, type ChartLook} from './bars.js'

const BAR_WIDTH = 24

/** A ranking as a table with bars. */
export function renderRanking(
  {by, since, entries}: Ranking,
  {isOfRooms, look}: {isOfRooms: boolean; look: ChartLook},
): string {
  const period = since === null ? 'since ever' : `since ${since}`
  if (entries.length === 0) return `no ${isOfRooms ? 'room' : 'user'} has any ${by} ${period}`
  const most = entries[0]?.value ?? 0
  const rows = entries.map(({rank, id, value}) => [
    String(rank),
    String(id),
    by === 'playtime' ? inSeconds(value) : String(value),
    bar(value, most, {width: BAR_WIDTH, isUtf8: look.isUtf8}),
  ])
  const columns = [
    {title: '#', align: 'right'},
    {title: isOfRooms ? 'ROOM' : 'USER', align: 'right'},
    {title: by.toUpperCase(), align: 'right'},
    {title: period},
  ] as const
  return renderTable(columns, rows, {...look, isTerminal: true})
}
