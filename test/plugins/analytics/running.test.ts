import {rmSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import type {Config} from '../../../src/config/schema.js'
import type {AnalyticsEvent} from '../../../src/contract/analytics.js'
import {openAnalytics} from '../../../src/ops/analytics/open-analytics.js'
import {BUILT_IN_PLUGINS} from '../../../src/ops/built-in-plugins.js'
import {createTestServer} from '../../../src/ops/create-test-server.js'
import {openStore} from '../../../src/store/open-store.js'
import {systemClock} from '../../../src/util/system-clock.js'
import {tempFolder} from '../../helpers/temp-folder.js'
import {analyticsWorld} from './analytics-world.js'

const CONFIG: Config['analytics'] = {
  bufferSize: 10_000,
  rawMessages: false,
  rawRetentionDays: 30,
  rollupRetentionDays: 400,
  maxBytes: 1e9,
}

async function analyticsPlugin() {
  const definition = await BUILT_IN_PLUGINS.analytics?.()
  if (definition === undefined) throw new Error('there is no such plugin')
  return {definition, config: CONFIG}
}

test('the last minute is counted by the second, and stands for a minute from the first second on', async () => {
  const {api, enter, moveTo, clock} = await analyticsWorld()
  const client = await enter(1)
  await client.joinRoom(7)
  expect(api.stats()).toMatchObject({totalEventsProcessed: 4, users: 1, activeRooms: 1, eventsPerMinute: 0})
  const secondAfter = async () => moveTo(new Date(clock.nowMs() + 1000).toISOString())
  await secondAfter()
  expect(api.stats()).toMatchObject({eventsBySecond: [4], eventsPerMinute: 240, eventsStored: 4, eventsDropped: 0})
  await client.chat(7, 'a')
  await client.chat(7, 'b')
  await secondAfter()
  expect(api.stats()).toMatchObject({
    eventsBySecond: [4, 2],
    eventsPerMinute: 180,
    busiestRooms: [{roomId: 7, userCount: 1, messages: 3}],
  })
  for (let second = 0; second < 60; second += 1) await secondAfter()
  const {eventsBySecond, eventsPerMinute, busiestRooms} = api.stats()
  expect({seconds: eventsBySecond.length, eventsPerMinute, busiestRooms}).toEqual({
    seconds: 60,
    eventsPerMinute: 0,
    busiestRooms: [],
  })
})

test('a refused message is an error and makes its sender active, but counts for nothing else', async () => {
  const {api, enter} = await analyticsWorld()
  const client = await enter(1)
  await expect(client.chat(9, 'x')).rejects.toMatchObject({code: 'not_in_room'})
  expect(await api.user(1)).toMatchObject({messagesSent: 0, lastActive: '2026-01-05T12:00:00.000Z'})
  expect(await api.room(9)).toBeUndefined()
  const events: object[] = []
  for await (const event of api.events({filter: {types: ['error']}})) events.push(event)
  expect(events).toMatchObject([{type: 'error', userId: 1, roomId: 9, errorType: 'not_in_room'}])
  // A heartbeat is a sign of life, not of activity.
  const idler = await enter(2)
  await idler.heartbeat()
  expect(await api.user(2)).toMatchObject({messagesSent: 0, lastActive: null})
})

test('who follows sees what was and what comes, each once, and single messages as well', async () => {
  const {api, enter} = await analyticsWorld()
  const client = await enter(1)
  await client.joinRoom(7)
  await api.flush()
  const controller = new AbortController()
  const query = {filter: {userId: 1}, sinceMs: 0, isFollowed: true, signal: controller.signal}
  const events = api.events(query)[Symbol.asyncIterator]()
  const types = async (count: number) => {
    const seen: string[] = []
    for (let index = 0; index < count; index += 1) seen.push(((await events.next()).value as AnalyticsEvent).type)
    return seen
  }
  expect(await types(3)).toEqual(['user_connected', 'room_created', 'room_joined'])
  await client.chat(7, 'a')
  await client.leaveRoom(7)
  expect(await types(3)).toEqual(['message_sent', 'room_left', 'message_sent'])
  controller.abort()
  expect(await events.next()).toEqual({done: true, value: undefined})
  // Nobody looks any more, so messages are only counted again.
  await client.listRooms()
  const kept: object[] = []
  for await (const event of api.events({filter: {types: ['message_sent']}})) kept.push(event)
  expect(kept).toHaveLength(2)
})

test('enabled while the server runs it takes over who is there, and lets go of them when it is disabled', async () => {
  const dataDir = tempFolder()
  const world = await createTestServer({dataDir})
  const {server} = world
  const client = await world.connect({userId: 1})
  await client.joinRoom(7)
  await server.enablePlugin(await analyticsPlugin())
  await client.chat(7, 'a')
  expect(await server.analytics.user(1)).toMatchObject({totalSessions: 1, messagesSent: 1, isOnline: true})
  expect(await server.analytics.room(7)).toMatchObject({totalSessions: 1, peakUsers: 1, totalMessages: 1})
  await server.disablePlugin('analytics')
  await client.chat(7, 'nobody counts this')
  await world.close()
  const stored = await openAnalytics(dataDir)
  expect(await stored.user(1)).toMatchObject({totalSessions: 1, messagesSent: 1, isOnline: false})
  expect(await stored.query('SELECT reason FROM v_sessions')).toEqual([{reason: 'unobserved'}])
  await stored.close()
})

const KEPT = {type: 'message_sent', timestamp: '2026-01-05T12:00:00.000Z', userId: 1}

test('rows for messages begin and end with a change of the configuration', async () => {
  const {api, server, enter} = await analyticsWorld()
  const client = await enter(1)
  await client.joinRoom(7)
  const config = {...CONFIG, rawMessages: true}
  const reconfigure = (analytics: Config['analytics']) =>
    server.applyConfig({...({server: {}, game: {}} as Config), analytics})
  reconfigure(config)
  await client.chat(7, 'kept')
  reconfigure(CONFIG)
  await client.chat(7, 'counted')
  reconfigure(config)
  await client.listRooms()
  const events: object[] = []
  for await (const event of api.events({sinceMs: 0, filter: {types: ['message_sent']}})) events.push(event)
  expect(events).toEqual([
    {...KEPT, id: expect.any(Number), messageType: 'chat', roomId: 7},
    {...KEPT, id: expect.any(Number), messageType: 'list_rooms'},
  ])
  expect(await api.user(1)).toMatchObject({messagesSent: 4})
  expect(api.stats()).toMatchObject({totalEventsProcessed: 7, eventsStored: 7})
})

test('a run that ended without a word is closed where it was seen last; without its tally the loss is unknown', async () => {
  const dataDir = tempFolder()
  const world = await createTestServer({plugins: ['analytics'], dataDir})
  const client = await world.connect({userId: 1})
  await client.joinRoom(7)
  await world.server.analytics.flush()
  await world.close()
  // As a kill leaves it: the run, the session and the visit are open.
  const store = await openStore({
    directory: dataDir,
    clock: systemClock,
    log: {debug() {}, info() {}, warn() {}, error() {}},
  })
  await store.write([
    {sql: 'UPDATE analytics_runs SET ended_ms = NULL, checkpoint_ms = started_ms + 5000'},
    {
      sql: 'UPDATE analytics_sessions SET ended_ms = NULL, reason = NULL, started_ms = (SELECT started_ms FROM analytics_runs)',
    },
    {sql: 'UPDATE analytics_users SET playtime_ms = 0'},
    {sql: 'INSERT INTO analytics_visits SELECT 1, 7, started_ms + 1000 FROM analytics_runs'},
  ])
  await store.close()
  rmSync(join(dataDir, 'analytics.tally'))

  await using again = await createTestServer({plugins: ['analytics'], dataDir})
  const {analytics} = again.server
  expect(analytics.stats().interruptedRun).toEqual({endedAt: expect.any(String), eventsLost: null, sessions: 1})
  expect(await analytics.user(1)).toMatchObject({totalPlaytimeMs: 5000, isOnline: false})
})
