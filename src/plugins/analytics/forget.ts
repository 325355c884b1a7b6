import {createHash, randomBytes} from 'node:crypto'
import type {Clock} from '../../contract/clock.js'
import type {Store} from '../../contract/store.js'

/** Ids that are looked through at a time: events are not found by their user, so all are read once, in parts. */
const IDS_A_STEP = 50_000

/** Tables in which a user's rows are found by the user. */
const BY_USER = [
  'analytics_users',
  'analytics_user_hours',
  'analytics_user_rooms',
  'analytics_sessions',
  'analytics_visits',
] as const

/** Found by reading all of them, a month, a day or an hour at a time. */
const BY_TIME = [
  {table: 'analytics_user_days', time: 'day'},
  {table: 'analytics_user_months', time: 'month'},
  {table: 'analytics_present', time: 'hour_ms'},
  {table: 'analytics_message_counts', time: 'minute_ms'},
] as const

const ROWS_A_STEP = 50_000

export interface ForgetOptions {
  readonly store: Store
  readonly clock: Clock
  readonly userId: number
  readonly actor: string
}

/**
 * Deletes every row of a user, in steps, and notes it in the audit under a salted hash whose salt is kept nowhere. Returns
 * how many rows that were; 0 leaves no note.
 */
export async function forgetStored({store, clock, userId, actor}: ForgetOptions): Promise<number> {
  let rows = 0
  const remove = async (where: string, params: readonly number[]) => {
    const [found] = await store.query<{rows: number}>(`SELECT count(*) AS rows FROM ${where}`, params)
    if (found === undefined || found.rows === 0) return
    await store.write([{sql: `DELETE FROM ${where}`, params}])
    rows += found.rows
  }
  for (const table of BY_USER) await remove(`${table} WHERE user_id = ?`, [userId])
  for (const {table, time} of BY_TIME) {
    for await (const [from, to] of spans(store, table, time)) {
      await remove(`${table} WHERE ${time} >= ? AND ${time} < ? AND user_id = ?`, [from, to, userId])
    }
  }
  const [ids] = await store.query<{first: number | null; last: number | null}>(
    'SELECT min(id) AS first, max(id) AS last FROM analytics_events',
  )
  for (let id = ids?.first ?? 1; id <= (ids?.last ?? 0); id += IDS_A_STEP) {
    await remove('analytics_events WHERE id BETWEEN ? AND ? AND user_id = ?', [id, id + IDS_A_STEP - 1, userId])
  }
  if (rows > 0) await noteInAudit({store, clock, userId, actor}, rows)
  return rows
}

/** Stretches of time with about `ROWS_A_STEP` rows each. */
async function* spans(store: Store, table: string, time: string): AsyncGenerator<[from: number, to: number]> {
  const next = `SELECT ${time} AS time FROM ${table} WHERE ${time} >= ? ORDER BY ${time} LIMIT 1 OFFSET ?`
  const [first] = await store.query<{time: number}>(next, [0, 0])
  let from = first?.time
  while (from !== undefined) {
    const [row] = await store.query<{time: number}>(next, [from, ROWS_A_STEP])
    // All rows may have the same time.
    const to: number | undefined = row === undefined ? undefined : Math.max(row.time, from + 1)
    yield [from, to ?? Number.MAX_SAFE_INTEGER]
    from = to
  }
}

async function noteInAudit({store, clock, userId, actor}: ForgetOptions, rows: number): Promise<void> {
  const hash = createHash('sha256').update(randomBytes(16)).update(String(userId)).digest('hex')
  await store.write([
    {
      sql: 'INSERT INTO audit (at_ms, actor, action, target, details) VALUES (?, ?, ?, ?, ?)',
      params: [clock.nowMs(), actor, 'analytics.forget', `user:sha256:${hash}`, JSON.stringify({rows})],
    },
  ])
}
