import {expect, test} from 'vitest'
import {openAnalytics} from '../../../src/ops/analytics/open-analytics.js'
import {tempFolder} from '../../helpers/temp-folder.js'
import {analyticsWorld} from './analytics-world.js'

const USER = 424_242

test('a user who is forgotten stands nowhere any more, others are as they were', async () => {
  const dataDir = tempFolder()
  const {api, enter, leave, moveTo, close} = await analyticsWorld({dataDir, analytics: {rawMessages: true}})
  const other = await enter(1)
  await other.joinRoom(7)
  const client = await enter(USER)
  await client.joinRoom(7)
  await client.chat(7, 'hello')
  await other.chat(7, 'hello yourself')
  await client.startGame(7, 'relay')
  await client.endGame(7, USER)
  await expect(client.chat(99, 'x')).rejects.toMatchObject({code: 'not_in_room'})
  await moveTo('2026-01-05T13:00:05.000Z')
  await leave(client)
  const before = await api.user(1)
  const room = await api.room(7)

  const result = await api.forget(USER, 'test')
  expect(result).toEqual({userId: USER, rows: expect.any(Number)})
  expect(result?.rows).toBeGreaterThan(10)
  expect(await api.user(USER)).toBeUndefined()
  expect(await api.user(1)).toEqual(before)
  // Nobody can be told from sums over rooms.
  expect(await api.room(7)).toEqual(room)
  const past: object[] = []
  for await (const event of api.events({limit: 1000})) past.push(event)
  expect(JSON.stringify(past)).not.toContain(String(USER))
  expect(past.length).toBeGreaterThan(0)
  expect(await api.forget(USER, 'test')).toBeUndefined()
  await close()

  const stored = await openAnalytics(dataDir)
  const tables = await stored.query<{name: string}>("SELECT name FROM sqlite_schema WHERE type = 'table'")
  for (const {name} of tables) {
    const rows = await stored.query(`SELECT * FROM "${name}"`)
    expect(JSON.stringify(rows), name).not.toContain(String(USER))
  }
  const notes = await stored.query('SELECT actor, action, target FROM audit')
  expect(notes).toEqual([
    {actor: 'test', action: 'analytics.forget', target: expect.stringMatching(/^user:sha256:[0-9a-f]{64}$/)},
  ])
  await stored.close()
})

test('one who is connected begins anew', async () => {
  const {api, clock, enter, moveTo} = await analyticsWorld()
  const client = await enter(USER)
  await client.joinRoom(7)
  await moveTo('2026-01-05T15:00:00.000Z')
  await client.chat(7, 'hello')
  await api.forget(USER, 'test')
  const begunAt = new Date(clock.nowMs()).toISOString()
  expect(await api.user(USER)).toMatchObject({
    totalSessions: 1,
    totalPlaytimeMs: 0,
    messagesSent: 0,
    firstSeen: begunAt,
  })
  await client.chat(7, 'hello again')
  await moveTo('2026-01-05T15:10:00.000Z')
  expect(await api.user(USER)).toMatchObject({totalSessions: 1, totalPlaytimeMs: 600_000, messagesSent: 1})
  await client.leaveRoom(7)
  expect(await api.room(7)).toMatchObject({totalSessions: 1, totalMessages: 4})
})
