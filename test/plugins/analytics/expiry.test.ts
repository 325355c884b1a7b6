import {expect, onTestFinished, test} from 'vitest'
import type {Store} from '../../../src/contract/store.js'
import {Expiry, type ExpiryLimits} from '../../../src/plugins/analytics/expiry.js'
import {ANALYTICS_STEPS} from '../../../src/plugins/analytics/schema.js'
import {monthOf} from '../../../src/plugins/analytics/utc.js'
import {openStore} from '../../../src/store/open-store.js'
import {systemClock} from '../../../src/util/system-clock.js'
import {ManualClock} from '../../helpers/manual-clock.js'

const DAY_MS = 86_400_000
const log = {debug() {}, info() {}, warn() {}, error() {}}

/** A store with a row a day in each table, for 500 days. */
async function createWorld(limits: Partial<ExpiryLimits> = {}) {
  const clock = new ManualClock()
  const store = await openStore({directory: null, clock: systemClock, log})
  onTestFinished(() => store.close())
  await store.migrate('analytics', ANALYTICS_STEPS)
  const days = Array.from({length: 500}, (_, age) => {
    const atMs = clock.nowMs() - age * DAY_MS
    return {age, atMs, day: Math.floor(atMs / DAY_MS)}
  })
  const months = [...new Set(days.map(({day}) => monthOf(day)))]
  const insert = (table: string, toRow: (day: (typeof days)[number]) => (string | number | null)[]) => {
    const rows = days.map(toRow)
    return {sql: `INSERT INTO ${table} VALUES (${rows[0]?.map(() => '?').join()})`, rows}
  }
  await store.write([
    insert('analytics_events', ({age, atMs}) => [1000 - age, atMs, 'error', 1, 7, null]),
    insert('analytics_message_counts', ({atMs}) => [atMs, 1, 7, 'chat', 1]),
    insert('analytics_sessions', ({age, atMs}) => [1, atMs, `s${age}`, age === 400 ? null : atMs + 5, 'x']),
    insert('analytics_hours', ({atMs}) => [atMs, 'error', 1]),
    insert('analytics_room_hours', ({atMs}) => [7, atMs, 1]),
    insert('analytics_user_days', ({day}) => [day, 1, 1, 1, 1, 1, 1]),
    insert('analytics_room_days', ({day}) => [day, 7, 1, 1, 1, 1, 1, 1]),
    {
      sql: `INSERT INTO analytics_user_months (month, user_id) SELECT value, 1 FROM json_each(?)`,
      params: [JSON.stringify(months)],
    },
    {
      sql: `INSERT INTO analytics_room_months (month, room_id) SELECT value, 7 FROM json_each(?)`,
      params: [JSON.stringify(months)],
    },
    insert('analytics_users', ({age, atMs}) => [age + 1, atMs, atMs, null, 1, 1, 1, 1, 1, 0]),
    insert('analytics_user_hours', ({age}) => [age + 1, 12, 1]),
    insert('analytics_user_rooms', ({age, day}) => [age + 1, 7, 1, day]),
  ])
  const all = {rawRetentionDays: 30, rollupRetentionDays: 400, maxBytes: 1e12, ...limits}
  const expiry = new Expiry({store, clock, log, limits: () => all})
  return {store, expiry, limits: all}
}

async function count(store: Store, table: string): Promise<number> {
  const [row] = await store.query<{rows: number}>(`SELECT count(*) AS rows FROM ${table}`)
  return row?.rows ?? 0
}

test('what is too old goes, what is as old as allowed stays, and so does a session that is open', async () => {
  const {store, expiry} = await createWorld()
  await expiry.run()
  expect(await count(store, 'analytics_events')).toBe(31)
  expect(await count(store, 'analytics_message_counts')).toBe(31)
  expect(await count(store, 'analytics_sessions')).toBe(32)
  expect(await count(store, 'analytics_sessions WHERE ended_ms IS NULL')).toBe(1)
  for (const table of ['hours', 'room_hours', 'user_days', 'room_days', 'users', 'user_hours', 'user_rooms']) {
    expect(await count(store, `analytics_${table}`), table).toBe(401)
  }
  // From December 2024, as the first day that stays is 1 December, to January 2026.
  for (const table of ['user_months', 'room_months']) {
    expect(await count(store, `analytics_${table}`), table).toBe(14)
  }
})

test('beyond maxBytes the oldest events go early, and sums stay', async () => {
  const {store, expiry} = await createWorld({rawRetentionDays: 36_500, maxBytes: 1})
  await expiry.run()
  expect(await count(store, 'analytics_events')).toBe(0)
  expect(await count(store, 'analytics_message_counts')).toBe(0)
  expect(await count(store, 'analytics_user_days')).toBe(401)
})

test('a round that is asked for twice is one, and an end stops it', async () => {
  const {store, expiry} = await createWorld()
  expect(expiry.run()).toBe(expiry.run())
  await expiry.run()
  expiry.close()
  await store.write([{sql: "INSERT INTO analytics_events VALUES (9999, 1, 'error', 1, 7, NULL)"}])
  await expiry.run()
  expect(await count(store, 'analytics_events WHERE at_ms = 1')).toBe(1)
})
