import type {RoomAnalytics, UserAnalytics} from '../../contract/analytics.js'
import {inSeconds, showField} from '../listing.js'
import {renderTable} from '../table.js'
import {bar, type ChartLook, hoursChart} from './bars.js'

const SHOWN_ROOMS = 10
const BAR_WIDTH = 20
const NAME_WIDTH = 16

interface Surroundings {
  readonly look: ChartLook
  readonly nowMs: number
}

/** What one user has done, with bars of hours and favourite rooms. */
export function renderUserCard(user: UserAnalytics, {look, nowMs}: Surroundings): string {
  const {userId, isOnline, firstSeen, lastActive, favoriteRooms, activityPattern} = user
  const lines = fieldLines([
    ['user', isOnline ? `${userId}, online` : String(userId)],
    ['playtime', inSeconds(user.totalPlaytimeMs)],
    ['sessions', String(user.totalSessions)],
    ['messages', String(user.messagesSent)],
    ['games', `${user.gamesPlayed} played, ${user.gamesWon} won`],
    ['first seen', `${firstSeen} (${showField('seenAt', firstSeen, nowMs)})`],
    ['last active', lastActive === null ? '-' : `${lastActive} (${showField('seenAt', lastActive, nowMs)})`],
  ])
  const hours = `Activity by hour of the day (UTC)\n${hoursChart(activityPattern, look.isUtf8)}`
  return [lines, hours, ...favoriteTable(favoriteRooms, look)].join('\n\n')
}

/** What has happened in one room, with bars of its hours. */
export function renderRoomCard(room: RoomAnalytics, {look, nowMs}: Surroundings): string {
  const {firstSeen, lastSeen} = room
  const lines = fieldLines([
    ['room', String(room.roomId)],
    ['sessions', String(room.totalSessions)],
    ['average session', inSeconds(room.avgSessionDurationMs)],
    ['peak users', String(room.peakUsers)],
    ['messages', String(room.totalMessages)],
    ['games', String(room.gamesPlayed)],
    ['first seen', `${firstSeen} (${showField('seenAt', firstSeen, nowMs)})`],
    ['last seen', `${lastSeen} (${showField('seenAt', lastSeen, nowMs)})`],
  ])
  return `${lines}\n\nUsers by hour of the day (UTC)\n${hoursChart(room.popularTimes, look.isUtf8)}`
}

function fieldLines(fields: readonly (readonly [name: string, value: string])[]): string {
  return fields.map(([name, value]) => `${name.padEnd(NAME_WIDTH)} ${value}`).join('\n')
}

function favoriteTable(rooms: Readonly<Record<string, number>>, look: ChartLook): string[] {
  const sorted = Object.entries(rooms).sort(([, one], [, other]) => other - one)
  if (sorted.length === 0) return []
  const most = sorted[0]?.[1] ?? 0
  const rows = sorted
    .slice(0, SHOWN_ROOMS)
    .map(([roomId, visits]) => [roomId, String(visits), bar(visits, most, {width: BAR_WIDTH, isUtf8: look.isUtf8})])
  const columns = [{title: 'ROOM', align: 'right'}, {title: 'VISITS', align: 'right'}, {title: ''}] as const
  const rest = sorted.length > SHOWN_ROOMS ? [`and ${sorted.length - SHOWN_ROOMS} more`] : []
  return [[renderTable(columns, rows, {...look, isTerminal: true}), ...rest].join('\n')]
}
