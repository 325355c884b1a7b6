import type {AnalyticsReport} from '../../../contract/analytics-report.js'
import type {Row} from '../../../contract/store.js'
import {isoTime} from '../../../util/iso-time.js'
import {DAY_MS, dayOf} from '../utc.js'
import {type PeriodSums, periodSums} from './period-sums.js'
import {readComparison} from './read-comparison.js'
import {readHeatmap} from './read-heatmap.js'
import {readRetention} from './read-retention.js'
import {readTotals} from './read-totals.js'
import {dateOf, type Reading} from './reading.js'

const MINUTE_MS = 60_000
const SLOT_MS = 5 * MINUTE_MS
const MAX_POINTS = 400
/** How long a point of the curve may be, in slots of five minutes: up to a week. */
const BUCKET_SLOTS = [1, 3, 6, 12, 24, 36, 72, 144, 288, 2016] as const
const SESSION_LIMITS_MS = [1, 5, 15, 30, 60, 120, 240].map(minutes => minutes * MINUTE_MS)
const TOP = 10

const FIRST_DAY = 'SELECT min(day) AS day FROM analytics_user_days'

/** A number that is bound is a floating one, and dividing by it gives fractions. */
const ONLINE = `
  SELECT slot_ms / CAST(?1 AS INTEGER) * CAST(?1 AS INTEGER) AS atMs, max(peak_users) AS peakUsers, sum(user_ms) AS userMs
  FROM analytics_online WHERE slot_ms >= ?2 GROUP BY 1`

const USERS_BY_DAY = 'SELECT day, count(*) AS users FROM analytics_user_days WHERE day >= ? GROUP BY 1'

const NEW_USERS_BY_DAY = `
  SELECT first_seen_ms / ${DAY_MS} AS day, count(*) AS users FROM analytics_users WHERE first_seen_ms >= ? GROUP BY 1`

const TOP_USERS = `
  SELECT user_id AS userId, sum(playtime_ms) AS playtimeMs, sum(sessions) AS sessions, sum(messages) AS messages,
    sum(games_played) AS gamesPlayed, sum(games_won) AS gamesWon`

const TOP_ROOMS = `
  SELECT room_id AS roomId, sum(visit_ms) AS visitMs, sum(visits) AS visits, sum(messages) AS messages,
    sum(games_played) AS gamesPlayed, max(peak_users) AS peakUsers`

/** The number of the first limit that a session is below. */
const LENGTHS = `
  SELECT CASE ${SESSION_LIMITS_MS.map((limit, index) => `WHEN ended_ms - started_ms < ${limit} THEN ${index}`).join(' ')}
    ELSE ${SESSION_LIMITS_MS.length} END AS step, count(*) AS sessions
  FROM analytics_sessions WHERE started_ms >= ? AND ended_ms IS NOT NULL GROUP BY 1`

const GAMES = `
  SELECT ifnull(data ->> 'game', '') AS game, count(*) AS ended, avg(data ->> 'durationMs') AS averageMs
  FROM analytics_events WHERE at_ms >= ? AND type = 'game_ended' GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT ${TOP}`

/** All that a report says; `sinceMs` null: from the first day there is. */
export async function readReport(
  reading: Reading,
  {sinceMs = null}: {readonly sinceMs?: number | null | undefined} = {},
): Promise<AnalyticsReport> {
  const {query, nowMs} = reading
  const today = dayOf(nowMs)
  const [first] = await query<{day: number | null}>(FIRST_DAY)
  const firstKeptDay = first?.day ?? today
  const firstDay = sinceMs === null ? firstKeptDay : Math.min(today, dayOf(sinceMs))
  const startMs = firstDay * DAY_MS
  return {
    since: dateOf(firstDay),
    until: isoTime(nowMs),
    totals: await readTotals(reading, {firstDay, endDay: null}),
    comparison: await readComparison(reading, {firstDay, firstKeptDay}),
    online: await readOnline(reading, startMs),
    days: await readDays(reading, firstDay, today),
    heatmap: await readHeatmap(reading, {sinceMs: startMs}),
    topUsers: await readTop(reading, TOP_USERS, periodSums('user', firstDay)),
    topRooms: await readTop(reading, TOP_ROOMS, periodSums('room', firstDay)),
    retention: await readRetention(reading),
    sessionLengths: await readLengths(reading, startMs),
    games: await query(GAMES, [startMs]),
  }
}

async function readOnline({query, nowMs}: Reading, startMs: number): Promise<AnalyticsReport['online']> {
  const slots = Math.max(1, Math.ceil((nowMs - startMs) / SLOT_MS))
  const bucketMs = SLOT_MS * (BUCKET_SLOTS.find(length => slots / length <= MAX_POINTS) ?? BUCKET_SLOTS.at(-1) ?? 1)
  const rows = await query<{atMs: number; peakUsers: number; userMs: number}>(ONLINE, [bucketMs, startMs])
  const found = new Map(rows.map(row => [row.atMs, row]))
  const points: AnalyticsReport['online']['points'][number][] = []
  for (let atMs = startMs - (startMs % bucketMs); atMs < nowMs; atMs += bucketMs) {
    const {peakUsers = 0, userMs = 0} = found.get(atMs) ?? {}
    // The last one has not lasted as long.
    const lengthMs = Math.min(bucketMs, nowMs - atMs)
    points.push({at: isoTime(atMs), peakUsers, averageUsers: Math.min(peakUsers, userMs / lengthMs)})
  }
  return {bucketMs, points}
}

async function readDays({query}: Reading, firstDay: number, today: number): Promise<AnalyticsReport['days']> {
  const byDay = async (sql: string, from: number) => {
    const rows = await query<{day: number; users: number}>(sql, [from])
    return new Map(rows.map(({day, users}) => [day, users]))
  }
  const users = await byDay(USERS_BY_DAY, firstDay)
  const newUsers = await byDay(NEW_USERS_BY_DAY, firstDay * DAY_MS)
  return Array.from({length: today - firstDay + 1}, (_, index) => {
    const day = firstDay + index
    return {date: dateOf(day), users: users.get(day) ?? 0, newUsers: newUsers.get(day) ?? 0}
  })
}

/** By the second column. */
function readTop<Columns extends Row>(
  {query}: Reading,
  columns: string,
  {sql, params}: PeriodSums,
): Promise<Columns[]> {
  return query<Columns>(`${columns} FROM (${sql}) GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT ${TOP}`, params)
}

async function readLengths({query}: Reading, startMs: number): Promise<AnalyticsReport['sessionLengths']> {
  const rows = await query<{step: number; sessions: number}>(LENGTHS, [startMs])
  const found = new Map(rows.map(({step, sessions}) => [step, sessions]))
  return [...SESSION_LIMITS_MS, null].map((belowMs, step) => ({belowMs, sessions: found.get(step) ?? 0}))
}
