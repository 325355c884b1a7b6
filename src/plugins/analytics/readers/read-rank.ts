import type {Ranking, RankKey, RankQuery} from '../../../contract/analytics.js'
import {GsError} from '../../../errors.js'
import {DAY_MS, dayOf} from '../utc.js'
import {periodSums} from './period-sums.js'
import {dateOf, type Reading} from './reading.js'

const DEFAULT_LIMIT = 20
const MAX_LIMIT = 1000

const USER_COLUMNS: {readonly [Key in RankKey]?: string} = {
  playtime: 'playtime_ms',
  messages: 'messages',
  sessions: 'sessions',
  games: 'games_played',
  wins: 'games_won',
}

const ROOM_COLUMNS: {readonly [Key in RankKey]?: string} = {
  playtime: 'visit_ms',
  messages: 'messages',
  sessions: 'visits',
  games: 'games_played',
  peak: 'peak_users',
}

/** @throws {GsError} usage for what users or rooms are not ranked by. */
export async function readRank(reading: Reading, query: RankQuery): Promise<Ranking> {
  const {by, isOfRooms = false, sinceMs = null, limit = DEFAULT_LIMIT} = query
  const column = (isOfRooms ? ROOM_COLUMNS : USER_COLUMNS)[by]
  if (column === undefined) {
    const hint = isOfRooms ? 'Wins are of users: leave --rooms out.' : 'A peak is of rooms: add --rooms.'
    throw new GsError('usage', `${isOfRooms ? 'rooms' : 'users'} are not ranked by ${by}`, {hint})
  }
  const day = sinceMs === null ? null : dayOf(sinceMs)
  const sql = isOfRooms ? roomSql(by, column, day) : userSql(by, column, day, reading.nowMs)
  const rows = await reading.query<{id: number; value: number}>(sql.text, [...sql.params, Math.min(limit, MAX_LIMIT)])
  return {
    by,
    since: day === null ? null : dateOf(day),
    entries: rows.map(({id, value}, index) => ({rank: index + 1, id, value})),
  }
}

interface RankSql {
  readonly text: string
  readonly params: readonly number[]
}

const ORDER = 'HAVING value > 0 ORDER BY value DESC, id LIMIT ?'

function userSql(by: RankKey, column: string, day: number | null, nowMs: number): RankSql {
  const {sql, params} = day === null ? {sql: 'SELECT * FROM analytics_users', params: []} : periodSums('user', day)
  const ended = `SELECT user_id AS id, ${column} AS part FROM (${sql})`
  if (by !== 'playtime') return {text: `SELECT id, sum(part) AS value FROM (${ended}) GROUP BY id ${ORDER}`, params}
  const open = 'SELECT user_id, max(0, ? - max(started_ms, ?)) FROM analytics_sessions WHERE ended_ms IS NULL'
  return {
    text: `SELECT id, sum(part) AS value FROM (${ended} UNION ALL ${open}) GROUP BY id ${ORDER}`,
    params: [...params, nowMs, day === null ? 0 : day * DAY_MS],
  }
}

function roomSql(by: RankKey, column: string, day: number | null): RankSql {
  const {sql, params} = day === null ? {sql: 'SELECT * FROM analytics_rooms', params: []} : periodSums('room', day)
  const sum = by === 'peak' ? 'max' : 'sum'
  return {text: `SELECT room_id AS id, ${sum}(${column}) AS value FROM (${sql}) GROUP BY id ${ORDER}`, params}
}
