import type {ReportTotals} from '../../../contract/analytics-report.js'
import {DAY_MS} from '../utc.js'
import {periodSums} from './period-sums.js'
import type {Reading} from './reading.js'

/** Whole days; `endDay` is the first one after it, null: until now. */
export interface DayPeriod {
  readonly firstDay: number
  readonly endDay: number | null
}

type Sums<Column extends keyof ReportTotals> = Pick<ReportTotals, Column>

const OTHERS = `
  SELECT (SELECT count(*) FROM analytics_users WHERE first_seen_ms >= ?1 AND first_seen_ms < ?2) AS newUsers,
    (SELECT ifnull(avg(ended_ms - started_ms), 0) FROM analytics_sessions
      WHERE started_ms >= ?1 AND started_ms < ?2) AS averageSessionMs,
    (SELECT ifnull(max(peak_users), 0) FROM analytics_online WHERE slot_ms >= ?1 AND slot_ms < ?2) AS peakUsers`

/** The key numbers of a period. */
export async function readTotals({query}: Reading, {firstDay, endDay}: DayPeriod): Promise<ReportTotals> {
  const users = periodSums('user', firstDay, endDay)
  const [ofUsers] = await query<Sums<'users' | 'sessions' | 'playtimeMs' | 'messages'>>(
    `SELECT count(DISTINCT user_id) AS users, ifnull(sum(sessions), 0) AS sessions,
       ifnull(sum(playtime_ms), 0) AS playtimeMs, ifnull(sum(messages), 0) AS messages
     FROM (${users.sql})`,
    users.params,
  )
  const rooms = periodSums('room', firstDay, endDay)
  const [ofRooms] = await query<Sums<'gamesPlayed'>>(
    `SELECT ifnull(sum(games_played), 0) AS gamesPlayed FROM (${rooms.sql})`,
    rooms.params,
  )
  const endMs = endDay === null ? Number.MAX_SAFE_INTEGER : endDay * DAY_MS
  const [others] = await query<Sums<'newUsers' | 'averageSessionMs' | 'peakUsers'>>(OTHERS, [firstDay * DAY_MS, endMs])
  return {...ofUsers, ...ofRooms, ...others} as ReportTotals
}
