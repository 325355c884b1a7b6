import type {RoomAnalytics} from '../../../contract/analytics.js'
import {isoTime} from '../../../util/iso-time.js'
import {byHour, type Reading} from './reading.js'

type RoomRow = {
  first_seen_ms: number
  last_seen_ms: number
  visits: number
  ended_visits: number
  visit_ms: number
  peak_users: number
  messages: number
  games_played: number
}

const ROOM = `
  SELECT first_seen_ms, last_seen_ms, visits, ended_visits, visit_ms, peak_users, messages, games_played
  FROM analytics_rooms WHERE room_id = ?`

const HOURS = `
  SELECT hour_ms / 3600000 % 24 AS hour, sum(users) AS value FROM analytics_room_hours WHERE room_id = ? GROUP BY 1`

/** Undefined: nobody has ever been in the room. */
export async function readRoom({query}: Reading, roomId: number): Promise<RoomAnalytics | undefined> {
  const [room] = await query<RoomRow>(ROOM, [roomId])
  if (room === undefined) return undefined
  const hours = await query<{hour: number; value: number}>(HOURS, [roomId])
  return {
    roomId,
    totalSessions: room.visits,
    peakUsers: room.peak_users,
    totalMessages: room.messages,
    gamesPlayed: room.games_played,
    avgSessionDurationMs: room.ended_visits === 0 ? 0 : room.visit_ms / room.ended_visits,
    popularTimes: byHour(hours),
    firstSeen: isoTime(room.first_seen_ms),
    lastSeen: isoTime(room.last_seen_ms),
  }
}
