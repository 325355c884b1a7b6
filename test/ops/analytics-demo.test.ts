import {existsSync, mkdirSync, readdirSync} from 'node:fs'
import {join} from 'node:path'
import {expect, onTestFinished, test} from 'vitest'
import {type DemoPlan, fillDemo} from '../../src/ops/analytics/demo/fill-demo.js'
import {openAnalytics} from '../../src/ops/analytics/open-analytics.js'
import {runQuery} from '../../src/ops/analytics/query.js'
import {createServer} from '../../src/ops/create-server.js'
import {tempFolder} from '../helpers/temp-folder.js'

const END_MS = Date.parse('2026-03-15T21:30:00Z')

function plan(changes: Partial<DemoPlan> = {}): DemoPlan {
  return {
    directory: join(tempFolder(), 'demo'),
    users: 300,
    days: 15,
    seed: 1,
    endMs: END_MS,
    signal: new AbortController().signal,
    onProgress() {},
    ...changes,
  }
}

async function ask(dataDir: string, sql: string) {
  return (await runQuery({dataDir}, {sql, maxRows: 100_000, limitMs: 20_000})).rows
}

const TOTALS = 'SELECT sum(sessions), sum(playtime_ms), sum(messages), sum(games_played) FROM v_users'

test('the same seed gives the same data, another one other data', async () => {
  const [one, same, other] = await Promise.all([plan(), plan(), plan({seed: 2})].map(fillDemo))
  const [first, second, third] = await Promise.all([one, same, other].map(result => ask(result?.dataDir ?? '', TOTALS)))
  expect(second).toEqual(first)
  expect(third).not.toEqual(first)
})

test('sums, sessions and events agree, and all of it lies in the wanted days', async () => {
  const {dataDir, users, messages, games, events} = await fillDemo(plan())
  const [sums] = await ask(
    dataDir,
    `SELECT (SELECT sum(messages) FROM v_users), (SELECT sum(messages) FROM v_message_counts),
       (SELECT sum(events) FROM v_hours WHERE type = 'message_sent'), (SELECT sum(events) FROM v_hours WHERE type = 'game_started'),
       (SELECT count(*) FROM v_users), (SELECT count(*) FROM v_sessions) - (SELECT sum(sessions) FROM v_users),
       (SELECT sum(duration_ms) FROM v_sessions) - (SELECT sum(playtime_ms) FROM v_users),
       (SELECT count(*) FROM v_sessions WHERE ended_ms IS NULL OR duration_ms < 0),
       (SELECT events_stored FROM v_runs)`,
  )
  expect(sums).toEqual([messages, messages, messages, games, users, 0, 0, 0, events])
  const [[first, last] = []] = await ask(dataDir, 'SELECT min(at_ms), max(at_ms) FROM v_events')
  expect(Number(first)).toBeGreaterThanOrEqual(Date.parse('2026-03-01T00:00:00Z'))
  expect(last).toBe(END_MS)
})

test('people are like people: evenings, weekends, and few that come back', async () => {
  const {dataDir} = await fillDemo(plan({users: 1000, days: 29}))
  const stored = await openAnalytics(dataDir)
  onTestFinished(() => stored.close())
  const {cells} = await stored.heatmap({})
  const at = (weekday: number, hour: number) => cells[weekday]?.[hour] ?? 0
  expect(at(2, 20)).toBeGreaterThan(3 * at(2, 4))
  expect(at(5, 14)).toBeGreaterThan(1.5 * at(2, 14))
  const {cohorts} = await stored.retention({weeks: 6})
  const share = (day: 'day1' | 'day7') =>
    cohorts.reduce((sum, cohort) => sum + cohort[day].users, 0) /
    cohorts.reduce((sum, cohort) => sum + cohort[day].of, 0)
  expect(share('day1')).toBeGreaterThan(0.2)
  expect(share('day7')).toBeLessThan(share('day1'))
})

test('a server goes on where the made-up one stopped', async () => {
  const {dataDir, users} = await fillDemo(plan({endMs: Date.now(), days: 2, users: 20}))
  const server = await createServer({server: {port: 0}, plugins: ['analytics'], ephemeral: false, dataDir})
  onTestFinished(async () => void (await server.close()))
  const api = server.pluginApi('analytics')
  expect(api.stats().interruptedRun).toBeNull()
  expect((await api.rank({by: 'sessions', limit: 100})).entries).toHaveLength(users)
})

test('a directory with anything in it is left alone; one that was begun is gone when it is stopped', async () => {
  const directory = tempFolder({'notes.txt': 'mine'})
  await expect(fillDemo(plan({directory}))).rejects.toMatchObject({code: 'file_exists'})
  expect(readdirSync(directory)).toEqual(['notes.txt'])
  const empty = join(tempFolder(), 'empty')
  mkdirSync(empty)
  const stop = new AbortController()
  const stopped = fillDemo(plan({directory: empty, signal: stop.signal, onProgress: () => stop.abort()}))
  await expect(stopped).rejects.toMatchObject({code: 'server_closed'})
  expect(existsSync(empty)).toBe(false)
})
