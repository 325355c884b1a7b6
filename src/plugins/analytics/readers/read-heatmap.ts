import type {Heatmap, HeatmapQuery} from '../../../contract/analytics.js'
import {WHOLE_SERVER} from '../presence.js'
import {dayOf, HOUR_MS, hourStart} from '../utc.js'
import {dateOf, type Reading} from './reading.js'

const DAYS_A_WEEK = 7
const HOURS_A_WEEK = 168
/** The epoch was a Thursday. */
const EPOCH_WEEKDAY = 3

const SUMS = `
  SELECT (hour_ms / 86400000 + ${EPOCH_WEEKDAY}) % 7 AS weekday, hour_ms / 3600000 % 24 AS hour, sum(users) AS users
  FROM analytics_room_hours WHERE room_id = ? AND hour_ms >= ? GROUP BY 1, 2`

/** From the first hour that anybody was there. */
const FIRST = 'SELECT min(hour_ms) AS first_ms FROM analytics_room_hours WHERE room_id = ? AND hour_ms >= ?'

export async function readHeatmap(
  {query, nowMs}: Reading,
  {roomId, sinceMs = null}: HeatmapQuery = {},
): Promise<Heatmap> {
  const fromMs = sinceMs === null ? 0 : hourStart(sinceMs)
  const key = [roomId ?? WHOLE_SERVER, fromMs]
  const [first] = await query<{first_ms: number | null}>(FIRST, key)
  const sums = await query<{weekday: number; hour: number; users: number}>(SUMS, key)
  const cells = Array.from({length: DAYS_A_WEEK}, () => new Array<number>(24).fill(0))
  const firstMs = first?.first_ms ?? nowMs
  for (const {weekday, hour, users} of sums) {
    const row = cells[weekday]
    if (row !== undefined) row[hour] = users / hoursBetween(firstMs, nowMs, weekday, hour)
  }
  return {roomId: roomId ?? null, since: sinceMs === null ? null : dateOf(dayOf(sinceMs)), cells}
}

/** How often there was this hour of the week, from one time to another, both included. */
function hoursBetween(fromMs: number, toMs: number, weekday: number, hour: number): number {
  const from = Math.floor(fromMs / HOUR_MS)
  const to = Math.floor(toMs / HOUR_MS)
  const wanted = ((((weekday - EPOCH_WEEKDAY) * 24 + hour) % HOURS_A_WEEK) + HOURS_A_WEEK) % HOURS_A_WEEK
  const first = from + ((wanted - (from % HOURS_A_WEEK) + HOURS_A_WEEK) % HOURS_A_WEEK)
  return first > to ? 1 : Math.floor((to - first) / HOURS_A_WEEK) + 1
}
