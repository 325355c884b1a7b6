import {join} from 'node:path'
import {expect, test} from 'vitest'
import {fillDemo} from '../../../src/ops/analytics/demo/fill-demo.js'
import {openAnalytics} from '../../../src/ops/analytics/open-analytics.js'
import {runQuery} from '../../../src/ops/analytics/query.js'
import {renderReport} from '../../../src/render/analytics/report/page.js'
import {tempFolder} from '../../helpers/temp-folder.js'
import {analyticsWorld} from './analytics-world.js'

const END_MS = Date.parse('2026-03-15T21:30:00Z')

function demo(users: number, days: number) {
  const signal = new AbortController().signal
  return fillDemo({directory: join(tempFolder(), 'demo'), users, days, seed: 1, endMs: END_MS, signal, onProgress() {}})
}

test('a report of two users says what they did, by hand-computed numbers', async () => {
  const world = await analyticsWorld()
  const ann = await world.enter(42)
  await ann.joinRoom(7)
  await world.moveTo('2026-01-05T12:30:00Z')
  const bob = await world.enter(43)
  await bob.joinRoom(7)
  await bob.chat(7, 'hello')
  await world.moveTo('2026-01-05T12:40:00Z')
  await world.leave(bob)
  await world.leave(ann)
  await world.moveTo('2026-01-06T09:00:00Z')
  const again = await world.enter(42)
  await world.moveTo('2026-01-06T09:03:00Z')
  await world.leave(again)
  const report = await world.api.report()
  const minutes = (count: number) => count * 60_000
  expect(report.since).toBe('2026-01-05')
  expect(report.totals).toEqual({
    users: 2,
    newUsers: 2,
    sessions: 3,
    averageSessionMs: minutes(53) / 3,
    playtimeMs: minutes(53),
    messages: 3,
    gamesPlayed: 0,
    peakUsers: 2,
  })
  expect(report.comparison).toBeNull()
  expect(report.days).toEqual([
    {date: '2026-01-05', users: 2, newUsers: 2},
    {date: '2026-01-06', users: 1, newUsers: 0},
  ])
  expect(report.topUsers.map(({userId, playtimeMs}) => [userId, playtimeMs])).toEqual([
    [42, minutes(43)],
    [43, minutes(10)],
  ])
  expect(report.topRooms).toMatchObject([{roomId: 7, visitMs: minutes(50), visits: 2, peakUsers: 2, messages: 3}])
  const counts = report.sessionLengths.map(({belowMs, sessions}) => [belowMs && belowMs / 60_000, sessions])
  expect(counts).toEqual([
    [1, 0],
    [5, 1],
    [15, 1],
    [30, 0],
    [60, 1],
    [120, 0],
    [240, 0],
    [null, 0],
  ])
  expect(report.retention.cohorts).toMatchObject([{week: '2026-01-05', users: 2}])
})

test('the days that are over are compared with as many before them, if all of these are kept', async () => {
  const world = await analyticsWorld()
  const ann = await world.enter(42)
  await ann.joinRoom(7)
  await world.moveTo('2026-01-05T12:40:00Z')
  await world.leave(ann)
  await world.moveTo('2026-01-06T09:00:00Z')
  const [again, bob] = [await world.enter(42), await world.enter(43)]
  await bob.joinRoom(7)
  await bob.chat(7, 'hello')
  await bob.chat(7, 'anybody?')
  await world.moveTo('2026-01-06T09:15:00Z')
  await world.leave(again)
  await world.leave(bob)
  await world.moveTo('2026-01-07T09:00:00Z')
  const late = await world.enter(44)
  await late.joinRoom(7)
  const report = (date: string) => world.api.report({sinceMs: Date.parse(date)})
  const minutes = (count: number) => count * 60_000
  const found = await report('2026-01-06T15:00:00Z')
  const games = {gamesPlayed: 0}
  expect(found.comparison).toEqual({
    days: 1,
    recent: {users: 2, newUsers: 1, sessions: 2, playtimeMs: minutes(30), messages: 3, peakUsers: 2, ...games},
    before: {users: 1, newUsers: 1, sessions: 1, playtimeMs: minutes(40), messages: 1, peakUsers: 1, ...games},
  })
  for (const date of ['2026-01-05T00:00:00Z', '2026-01-07T00:00:00Z', '1970-01-01T00:00:00Z']) {
    expect((await report(date)).comparison, date).toBeNull()
  }
  const page = renderReport(found, {name: 'x'})
  const change = (label: string) =>
    new RegExp(`<dt>${label}</dt><dd>[^<]*(?: <small>([^<]*)</small>)?</dd>`).exec(page)?.[1]
  expect(['Users', 'New users', 'Playtime', 'Messages', 'Games', 'Average session'].map(change)).toEqual([
    '+100\u2009%',
    '±0\u2009%',
    '−25\u2009%',
    '+200\u2009%',
    undefined,
    undefined,
  ])
  expect(page).toContain('Changes: yesterday against the day before.')
})

test('curves and days have no gaps, agree with the sums, and stay short over a year', async () => {
  const {dataDir} = await demo(60, 40)
  const stored = await openAnalytics(dataDir)
  try {
    for (const days of [1, 7, 40, 4000]) {
      const {online, days: found, since} = await stored.report({sinceMs: Math.max(0, END_MS - (days - 1) * 86_400_000)})
      expect(found).toHaveLength(days)
      expect(found[0]?.date).toBe(since)
      expect(found.at(-1)?.date).toBe('2026-03-15')
      expect(online.points.length).toBeLessThanOrEqual(580)
      const steps = online.points
        .slice(1)
        .map(({at}, index) => Date.parse(at) - Date.parse(online.points[index]?.at ?? ''))
      expect(new Set(steps)).toEqual(new Set([online.bucketMs]))
      expect(online.points.every(({peakUsers, averageUsers}) => averageUsers <= peakUsers)).toBe(true)
    }
    const {online, totals} = await stored.report({})
    const averaged = online.points.reduce((sum, {averageUsers}) => sum + averageUsers * online.bucketMs, 0)
    expect(averaged / totals.playtimeMs).toBeGreaterThan(0.9)
    expect(averaged / totals.playtimeMs).toBeLessThan(1.1)
    expect(Math.max(...online.points.map(({peakUsers}) => peakUsers))).toBe(totals.peakUsers)
  } finally {
    await stored.close()
  }
})

test('the day on which a period begins is part of an export, too', async () => {
  const {dataDir} = await demo(50, 3)
  const sql = "SELECT count(*) FROM v_user_days WHERE date >= '2026-03-14'"
  const [[expected] = []] = (await runQuery({dataDir}, {sql, maxRows: 1, limitMs: 20_000})).rows
  const {exportStored} = await import('../../../src/ops/analytics/stored-rows.js')
  const {RowStream} = await import('../../../src/ops/analytics/row-stream.js')
  const sinceMs = Date.parse('2026-03-14T15:00:00Z')
  const stream = await RowStream.open(await exportStored(dataDir, {view: 'v_user_days', sinceMs}))
  expect(stream.total).toBe(expected)
  for await (const _ of stream.portions());
})

test('a page without anybody says so', async () => {
  const world = await analyticsWorld()
  const page = renderReport(await world.api.report(), {name: 'empty'})
  expect(page).toContain('Nobody was here')
  expect(page).not.toMatch(/NaN|undefined|Infinity/)
})

test('text from elsewhere is shown as text, and the page loads nothing', async () => {
  const world = await analyticsWorld()
  const ann = await world.enter(42)
  await world.leave(ann)
  const report = await world.api.report()
  const evil = '<img src=x onerror="alert(1)">\u202e&\u0007\'"'
  const page = renderReport(
    {
      ...report,
      games: [
        {game: evil, ended: 1, averageMs: 1000},
        {game: '</style><script>alert(1)</script>', ended: 1, averageMs: 1},
      ],
    },
    {name: `</title>${evil}`},
  )
  expect(page).not.toMatch(/<img|<script/)
  expect(page).not.toContain('\u202e')
  expect(page).toContain('<h1>Players of &lt;/title&gt;&lt;img')
  expect(page.match(/&lt;img src=x onerror=&quot;alert\(1\)&quot;&gt;/g)).toHaveLength(3)
  expect(page).not.toMatch(/https?:|url\(|@import|<link rel="stylesheet/)
  expect(page).not.toMatch(/NaN|undefined|Infinity/)
})
