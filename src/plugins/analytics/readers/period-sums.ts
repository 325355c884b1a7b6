import {firstDayOf, monthOf} from '../utc.js'

/** Rows that add up to sums over a period: those of its whole months, and of the days before and after them. */
export interface PeriodSums {
  /** Several rows for each user or room. */
  readonly sql: string
  readonly params: readonly number[]
}

const COLUMNS = {
  user: 'user_id, sessions, playtime_ms, messages, games_played, games_won',
  room: 'room_id, visits, ended_visits, visit_ms, peak_users, messages, games_played',
} as const

/** From the beginning of `firstDay` to the end of the day before `endDay`; null: until now. */
export function periodSums(of: keyof typeof COLUMNS, firstDay: number, endDay: number | null = null): PeriodSums {
  const columns = COLUMNS[of]
  const daysSql = `SELECT ${columns} FROM analytics_${of}_days WHERE day >= ? AND day < ?`
  const firstMonth = monthOf(firstDay - 1) + 1
  const endMonth = endDay === null ? Number.MAX_SAFE_INTEGER : monthOf(endDay)
  if (endDay !== null && firstMonth >= endMonth) return {sql: daysSql, params: [firstDay, endDay]}
  const monthsSql = `SELECT ${columns} FROM analytics_${of}_months WHERE month >= ? AND month < ?`
  const before = [firstDay, firstDayOf(firstMonth)]
  const after = endDay === null ? [] : [firstDayOf(endMonth), endDay]
  return {
    sql: [monthsSql, daysSql, ...(endDay === null ? [] : [daysSql])].join(' UNION ALL '),
    params: [firstMonth, endMonth, ...before, ...after],
  }
}
