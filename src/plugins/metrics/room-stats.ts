import type {RoomStats, RoomStatsOptions, RoomStatsSort} from '../../contract/metrics.js'
import type {RoomOverview} from '../../contract/views.js'
import {isoTime} from '../../util/iso-time.js'
import {LISTING_COLUMNS} from '../../util/listing-columns.js'
import {sortRows} from '../../util/sort-rows.js'

const DEFAULT_LIMIT = 20

type Row = Omit<RoomStats, 'lastActivity'> & {readonly lastActivity: number}

/** Rooms with their rates, filtered, sorted and cut. `rateOf` gives a room's messages a minute. */
export function listRoomStats(
  rooms: readonly RoomOverview[],
  rateOf: (room: RoomOverview) => number,
  {limit = DEFAULT_LIMIT, sort = 'rate', reverse = false, filter}: RoomStatsOptions,
): {roomStats: RoomStats[]; roomStatsTotal: number} {
  const wanted = filter === undefined ? rooms : rooms.filter(room => matches(room, filter))
  if (limit === 0) return {roomStats: [], roomStatsTotal: wanted.length}
  const sorted = sortRows(
    wanted.map(room => toRow(room, rateOf(room))),
    fieldOf(sort),
  )
  if (reverse) sorted.reverse()
  return {roomStats: sorted.slice(0, limit).map(finish), roomStatsTotal: wanted.length}
}

export function describeRoom(room: RoomOverview, messagesPerMinute: number): RoomStats {
  return finish(toRow(room, messagesPerMinute))
}

function matches({roomId, game}: RoomOverview, filter: string): boolean {
  return String(roomId).includes(filter) || (game?.name.includes(filter) ?? false)
}

function fieldOf(sort: RoomStatsSort): string {
  return LISTING_COLUMNS.roomStats[sort]
}

function toRow({roomId, userCount, lastActivityMs, game}: RoomOverview, messagesPerMinute: number): Row {
  return {
    roomId,
    userCount,
    messagesPerMinute,
    lastActivity: lastActivityMs,
    game: game?.name ?? null,
    gameState: game?.phase ?? null,
  }
}

function finish(row: Row): RoomStats {
  return {...row, lastActivity: isoTime(row.lastActivity)}
}
