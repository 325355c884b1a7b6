import type {UserAnalytics} from '../../../contract/analytics.js'
import {isoTime} from '../../../util/iso-time.js'
import {byHour, type Reading} from './reading.js'

const MAX_FAVORITES = 50

type UserRow = {
  first_seen_ms: number
  last_active_ms: number | null
  sessions: number
  playtime_ms: number
  messages: number
  games_played: number
  games_won: number
}

const USER = `
  SELECT first_seen_ms, last_active_ms, sessions, playtime_ms, messages, games_played, games_won
  FROM analytics_users WHERE user_id = ?`

const OPEN = 'SELECT started_ms FROM analytics_sessions WHERE user_id = ? AND ended_ms IS NULL'

const ROOMS = `
  SELECT room_id, visits FROM analytics_user_rooms WHERE user_id = ? ORDER BY visits DESC, room_id LIMIT ${MAX_FAVORITES}`

const HOURS = 'SELECT hour, activity AS value FROM analytics_user_hours WHERE user_id = ?'

/** Undefined: the user has never been seen. */
export async function readUser({query, nowMs}: Reading, userId: number): Promise<UserAnalytics | undefined> {
  const [user] = await query<UserRow>(USER, [userId])
  if (user === undefined) return undefined
  const open = await query<{started_ms: number}>(OPEN, [userId])
  const rooms = await query<{room_id: number; visits: number}>(ROOMS, [userId])
  const hours = await query<{hour: number; value: number}>(HOURS, [userId])
  return {
    userId,
    totalSessions: user.sessions,
    totalPlaytimeMs: open.reduce((sum, {started_ms}) => sum + Math.max(0, nowMs - started_ms), user.playtime_ms),
    messagesSent: user.messages,
    gamesPlayed: user.games_played,
    gamesWon: user.games_won,
    favoriteRooms: Object.fromEntries(rooms.map(({room_id, visits}) => [room_id, visits])),
    firstSeen: isoTime(user.first_seen_ms),
    lastActive: user.last_active_ms === null ? null : isoTime(user.last_active_ms),
    activityPattern: byHour(hours),
    isOnline: open.length > 0,
  }
}
