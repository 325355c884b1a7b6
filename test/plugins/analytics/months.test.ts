import {expect, onTestFinished, test} from 'vitest'
import type {Store} from '../../../src/contract/store.js'
import {openAnalytics} from '../../../src/ops/analytics/open-analytics.js'
import {periodSums} from '../../../src/plugins/analytics/readers/period-sums.js'
import {readRank} from '../../../src/plugins/analytics/readers/read-rank.js'
import {readTotals} from '../../../src/plugins/analytics/readers/read-totals.js'
import {Rollups} from '../../../src/plugins/analytics/rollups.js'
import {ANALYTICS_STEPS} from '../../../src/plugins/analytics/schema.js'
import {DAY_MS, dayOf, firstDayOf, HOUR_MS, monthOf} from '../../../src/plugins/analytics/utc.js'
import {openStore} from '../../../src/store/open-store.js'
import {SeededRandom} from '../../../src/util/seeded-random.js'
import {systemClock} from '../../../src/util/system-clock.js'
import {tempFolder} from '../../helpers/temp-folder.js'

const log = {debug() {}, info() {}, warn() {}, error() {}}
const FIRST_MS = Date.parse('2024-11-17T00:00:00Z')
const NOW_MS = Date.parse('2026-03-15T12:00:00Z')
const STEPS_WITHOUT_MONTHS = ANALYTICS_STEPS.slice(0, 2)

async function openTables(steps = ANALYTICS_STEPS, directory: string | null = null): Promise<Store> {
  const store = await openStore({directory, clock: systemClock, log})
  onTestFinished(() => store.close())
  await store.migrate('analytics', steps)
  return store
}

/** Some users and rooms on each day, some sessions from one day, month or year into the next; in several batches. */
async function fillMonths(store: Store): Promise<void> {
  const random = new SeededRandom(5)
  for (let batch = 0; batch < 4; batch += 1) {
    const rollups = new Rollups()
    for (let dayMs = FIRST_MS; dayMs < NOW_MS; dayMs += DAY_MS) {
      const startMs = Math.min(NOW_MS, dayMs + random.below(DAY_MS))
      const endedMs = startMs + random.below(30 * HOUR_MS)
      const userId = 1 + random.below(20)
      const user = rollups.hour(startMs).user(userId, startMs)
      user.sessions += 1
      user.messages += random.below(50)
      user.gamesPlayed += random.below(3)
      user.gamesWon += random.below(2)
      rollups.noteSession({
        sessionId: `${batch}-${dayMs}`,
        userId,
        startedMs: startMs,
        endedMs,
        reason: 'client_closed',
      })
      const room = rollups.hour(startMs).room(1 + random.below(5), startMs)
      room.visits += 1
      room.endedVisits += 1
      room.visitMs += random.below(HOUR_MS)
      room.peakUsers = random.below(40)
      room.messages += random.below(50)
      room.gamesPlayed += random.below(3)
    }
    await store.write(rollups.statements())
  }
}

const MONTHS = {
  user: 'SELECT month, user_id, sessions, playtime_ms, messages, games_played, games_won FROM v_user_months ORDER BY 1, 2',
  room: `SELECT month, room_id, visits, ended_visits, visit_ms, peak_users, messages, games_played FROM v_room_months
    ORDER BY 1, 2`,
}

/** What months must be: SQLite's own idea of the month of a day. */
async function sumDays(store: Store, of: 'user' | 'room'): Promise<object[]> {
  const rows = await store.query<{date: string; [column: string]: string | number}>(`SELECT * FROM v_${of}_days`)
  const sums = new Map<string, {[column: string]: number}>()
  for (const {date, day: _, ...values} of rows) {
    const month = (Number(date.slice(0, 4)) - 1970) * 12 + Number(date.slice(5, 7)) - 1
    const {[`${of}_id`]: id, ...counts} = values
    const sum = sums.get(`${month} ${id}`) ?? {month, [`${of}_id`]: Number(id)}
    for (const [column, value] of Object.entries(counts)) {
      const before = sum[column] ?? 0
      sum[column] = column === 'peak_users' ? Math.max(before, Number(value)) : before + Number(value)
    }
    sums.set(`${month} ${id}`, sum)
  }
  const id = `${of}_id`
  return [...sums.values()].sort(
    (one, two) => Number(one.month) - Number(two.month) || Number(one[id]) - Number(two[id]),
  )
}

test('a month begins with its first day, whatever lies before the epoch or after a leap day', () => {
  for (const [date, month] of [
    ['1970-01-01', 0],
    ['1970-02-01', 1],
    ['1969-12-31', -1],
    ['2024-02-29', 649],
    ['2024-03-01', 650],
    ['2026-12-31', 683],
  ] as const) {
    const day = dayOf(Date.parse(date))
    expect(monthOf(day), date).toBe(month)
    expect(firstDayOf(month) <= day && day < firstDayOf(month + 1), date).toBe(true)
  }
})

test('months are the sums of their days, also over sessions that go on into the next', async () => {
  const store = await openTables()
  await fillMonths(store)
  for (const of of ['user', 'room'] as const) {
    const months = await store.query(MONTHS[of])
    expect(months.length, of).toBeGreaterThan(70)
    expect(months, of).toEqual(await sumDays(store, of))
  }
  const [first] = await store.query('SELECT date, month FROM v_user_months ORDER BY month LIMIT 1')
  expect(first).toEqual({date: '2024-11-01', month: 658})
})

test('a file from before there were months has them after the next start, and until then says what to do', async () => {
  const directory = tempFolder()
  const before = await openStore({directory, clock: systemClock, log})
  await before.migrate('analytics', ANALYTICS_STEPS)
  await fillMonths(before)
  const expected = [await before.query(MONTHS.user), await before.query(MONTHS.room)]
  await before.write([
    {sql: 'DROP VIEW v_user_months'},
    {sql: 'DROP VIEW v_room_months'},
    {sql: 'DROP TABLE analytics_user_months'},
    {sql: 'DROP TABLE analytics_room_months'},
    {sql: 'UPDATE plugin_schemas SET version = ?', params: [STEPS_WITHOUT_MONTHS.length]},
  ])
  await before.close()
  await expect(openAnalytics(directory)).rejects.toMatchObject({
    code: 'store_unavailable',
    message: expect.stringContaining('are of an older gs: version 2 of 4'),
  })
  const after = await openTables(ANALYTICS_STEPS, directory)
  expect([await after.query(MONTHS.user), await after.query(MONTHS.room)]).toEqual(expected)
})

test('a period has the same sums whether it is asked of months or of days', async () => {
  const store = await openTables()
  await fillMonths(store)
  const sum = async (of: 'user' | 'room', from: string, params: readonly number[]) => {
    const values =
      of === 'user'
        ? 'sum(playtime_ms) AS time, sum(games_won) AS wins'
        : 'sum(visit_ms) AS time, max(peak_users) AS peak'
    return store.query(`SELECT ${of}_id AS id, ${values} FROM (${from}) GROUP BY 1 ORDER BY 1`, params)
  }
  const days = [
    '2024-10-01',
    '2024-12-01',
    '2024-12-31',
    '2025-02-02',
    '2025-07-31',
    '2026-02-28',
    '2026-03-01',
    '2026-03-15',
  ]
  for (const of of ['user', 'room'] as const) {
    for (const first of days.map(date => dayOf(Date.parse(date)))) {
      for (const end of [...days.map(date => dayOf(Date.parse(date))).filter(day => day >= first), null]) {
        const whole = `SELECT * FROM analytics_${of}_days WHERE day >= ? AND day < ?`
        const {sql, params} = periodSums(of, first, end)
        expect(await sum(of, sql, params), `${of} ${first} ${end}`).toEqual(
          await sum(of, whole, [first, end ?? Number.MAX_SAFE_INTEGER]),
        )
      }
    }
  }
})

test('ranks over months add those who are still here, and take the maximum of peaks', async () => {
  const store = await openTables()
  await fillMonths(store)
  const openMs = NOW_MS - 100 * DAY_MS
  const session = {sessionId: 'open', userId: 99, startedMs: openMs, endedMs: null, reason: null}
  const rollups = new Rollups()
  rollups.noteSession(session)
  await store.write(rollups.statements())
  const reading = {query: store.query.bind(store), nowMs: NOW_MS}
  const sinceMs = NOW_MS - 60.25 * DAY_MS
  const day = dayOf(sinceMs)
  const {entries, since} = await readRank(reading, {by: 'playtime', sinceMs})
  expect(since).toBe('2026-01-14')
  expect(entries[0]).toEqual({rank: 1, id: 99, value: NOW_MS - day * DAY_MS})
  const daySums = (columns: string, of: string) =>
    store.query(`SELECT ${columns} FROM analytics_${of}_days WHERE day >= ? GROUP BY 1 ORDER BY 2 DESC, 1`, [day])
  expect(entries.slice(1).map(({id, value}) => ({id, value}))).toEqual(
    (await daySums('user_id AS id, sum(playtime_ms) AS value', 'user')).slice(0, 19),
  )
  const rooms = await readRank(reading, {by: 'peak', isOfRooms: true, sinceMs})
  expect(rooms.entries.map(({id, value}) => ({id, value}))).toEqual(
    await daySums('room_id AS id, max(peak_users) AS value', 'room'),
  )
})

test('key numbers of two periods that meet are those of both, but for users who are in both', async () => {
  const store = await openTables()
  await fillMonths(store)
  const reading = {query: store.query.bind(store), nowMs: NOW_MS}
  const [first, middle, last] = ['2025-01-20', '2025-06-10', '2026-02-03'].map(date => dayOf(Date.parse(date)))
  const periods = [
    {firstDay: first ?? 0, endDay: middle ?? 0},
    {firstDay: middle ?? 0, endDay: last ?? 0},
    {firstDay: first ?? 0, endDay: last ?? 0},
  ]
  const [before, after, both] = await Promise.all(periods.map(period => readTotals(reading, period)))
  for (const key of ['sessions', 'playtimeMs', 'messages', 'gamesPlayed', 'newUsers'] as const) {
    expect((before?.[key] ?? 0) + (after?.[key] ?? 0), key).toBe(both?.[key])
  }
  expect(both).toMatchObject({users: 20, peakUsers: 0})
  expect(both?.averageSessionMs).toBeGreaterThan(HOUR_MS)
  const [days] = await store.query(
    'SELECT sum(sessions) AS sessions, sum(messages) AS messages FROM analytics_user_days WHERE day >= ? AND day < ?',
    [first ?? 0, last ?? 0],
  )
  expect(both).toMatchObject(days ?? {})
})

test('sums of more users than the store lets rows wait are stored at once', async () => {
  const store = await openTables()
  const rollups = new Rollups()
  const users = 60_000
  for (let userId = 1; userId <= users; userId += 1) rollups.hour(FIRST_MS).user(userId, FIRST_MS).messages += 1
  expect(await store.append(rollups.statements())).toBe('stored')
  for (const table of ['users', 'user_days', 'user_months', 'user_hours']) {
    const [row] = await store.query(`SELECT count(*) AS rows FROM analytics_${table}`)
    expect(row, table).toEqual({rows: users})
  }
})
