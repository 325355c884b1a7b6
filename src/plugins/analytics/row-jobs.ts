import type {ExportRequest, QueryRequest} from '../../contract/row-lines.js'
import {GsError} from '../../errors.js'
import type {RowJob} from '../../store/row-job.js'
import {ANALYTICS_VIEWS} from './schema.js'

const TABLE_PREFIX = 'analytics_'

const BEGUN_MONTH = "date >= strftime('%Y-%m-01', ?1 / 1000, 'unixepoch')"

/** What of a view belongs to a period that begins at `?1`; hours, days and months that it begins in are part of it. */
const SINCE: Readonly<Record<string, string>> = {
  v_events: 'at_ms >= ?1',
  v_message_counts: 'minute_ms > ?1 - 60000',
  v_sessions: 'ifnull(ended_ms, ?1) >= ?1',
  v_users: 'ifnull(last_active_ms, first_seen_ms) >= ?1',
  v_user_days: 'day >= CAST(?1 AS INTEGER) / 86400000',
  v_user_months: BEGUN_MONTH,
  v_user_rooms: "last_date >= date(?1 / 1000, 'unixepoch')",
  v_rooms: 'last_seen_ms >= ?1',
  v_room_days: 'day >= CAST(?1 AS INTEGER) / 86400000',
  v_room_months: BEGUN_MONTH,
  v_room_hours: 'hour_ms > ?1 - 3600000',
  v_hours: 'hour_ms > ?1 - 3600000',
  v_online: 'slot_ms > ?1 - 300000',
  v_runs: 'checkpoint_ms >= ?1',
}

/** What somebody's SQL reads from the store in `file`. */
export function queryJob(file: string, {sql, maxRows}: QueryRequest): RowJob {
  return {file, sql, params: [], countSql: null, maxRows, views: ANALYTICS_VIEWS, tablePrefix: TABLE_PREFIX}
}

/** All rows of a view. */
export function exportJob(file: string, {view, sinceMs}: ExportRequest): RowJob {
  checkExport({view, sinceMs})
  const from = `FROM ${view}${sinceMs === undefined ? '' : ` WHERE ${SINCE[view]}`}`
  return {
    file,
    sql: `SELECT * ${from}`,
    params: sinceMs === undefined ? [] : [Math.floor(sinceMs)],
    countSql: `SELECT count(*) ${from}`,
    maxRows: null,
    views: ANALYTICS_VIEWS,
    tablePrefix: TABLE_PREFIX,
  }
}

/** @throws {GsError} not_found for what is no view; usage for `sinceMs` where a view has no times. */
export function checkExport({view, sinceMs}: ExportRequest): void {
  if (!ANALYTICS_VIEWS.includes(view)) {
    throw new GsError('not_found', `there is no view ${view}`, {hint: `There are ${ANALYTICS_VIEWS.join(', ')}.`})
  }
  if (sinceMs === undefined || SINCE[view] !== undefined) return
  throw new GsError('usage', `${view} is of all times: it has none to go by`, {hint: 'Leave --since out.'})
}
