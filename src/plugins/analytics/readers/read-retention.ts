import type {Cohort, Retention, Returned} from '../../../contract/analytics.js'
import {dayOf} from '../utc.js'
import {dateOf, type Reading} from './reading.js'

const DEFAULT_WEEKS = 12
/** Days from a Monday to the epoch's Thursday. */
const EPOCH_WEEKDAY = 3

/** Days after the first one, with their bits in `returned`. */
const LATER_DAYS = [
  {days: 1, bit: 1},
  {days: 7, bit: 2},
  {days: 30, bit: 4},
] as const

type CohortRow = {week: number; users: number} & {readonly [column: string]: number}

const COLUMNS = LATER_DAYS.map(
  ({days, bit}) => `
    sum(day + ${days} < :today) AS of_${days},
    sum(day + ${days} < :today AND returned & ${bit} = ${bit}) AS back_${days}`,
)

/** Of users by the week of their first visit, newest first. A day counts for those for whom it is over. */
export async function readRetention(
  {query, nowMs}: Reading,
  {weeks = DEFAULT_WEEKS}: {readonly weeks?: number | undefined} = {},
): Promise<Retention> {
  const today = dayOf(nowMs)
  const firstWeek = weekOf(today) - weeks + 1
  const sql = `
    SELECT (day + ${EPOCH_WEEKDAY}) / 7 AS week, count(*) AS users, ${COLUMNS.join(',')}
    FROM (SELECT first_seen_ms / 86400000 AS day, returned FROM analytics_users WHERE first_seen_ms >= ?)
    GROUP BY 1 ORDER BY 1 DESC`
  const rows = await query<CohortRow>(sql.replaceAll(':today', String(today)), [mondayOf(firstWeek) * 86_400_000])
  return {cohorts: rows.map(toCohort)}
}

function toCohort(row: CohortRow): Cohort {
  const returned = (days: number): Returned => ({of: row[`of_${days}`] ?? 0, users: row[`back_${days}`] ?? 0})
  return {
    week: dateOf(mondayOf(row.week)),
    users: row.users,
    day1: returned(1),
    day7: returned(7),
    day30: returned(30),
  }
}

function weekOf(day: number): number {
  return Math.floor((day + EPOCH_WEEKDAY) / 7)
}

function mondayOf(week: number): number {
  return week * 7 - EPOCH_WEEKDAY
}
