import {expect, test} from 'vitest'
import {createTestServer} from '../../../src/ops/create-test-server.js'
import {definePlugin} from '../../../src/pipeline/define-plugin.js'
import {ManualClock} from '../../helpers/manual-clock.js'
import {RawClient} from '../../helpers/raw-client.js'
import {metricsWorld} from './metrics-world.js'

test('connections, users and rooms are those there are', async () => {
  await using world = await metricsWorld()
  const {metrics, port, server} = world
  expect(metrics.server()).toMatchObject({connections: 0, users: 0, rooms: 0, roomStats: [], roomStatsTotal: 0})
  await world.user(1, 7, 8)
  const bob = await world.user(2, 7)
  await RawClient.connect(port)
  await expect.poll(() => server.connectionCount).toBe(3)
  expect(metrics.server()).toMatchObject({connections: 3, users: 2, rooms: 2, roomStatsTotal: 2})
  bob.socket.end()
  await bob.closed
  await expect.poll(() => server.connectionCount).toBe(2)
  expect(metrics.server()).toMatchObject({connections: 2, users: 1, closeReasons: {client_closed: 1}})
  expect(metrics.server().totals).toMatchObject({connectionsOpened: 3, connectionsClosed: 1, roomsCreated: 2})
})

test('bytes are those that went over the wire', async () => {
  await using world = await metricsWorld({metrics: {intervalMs: 2000}})
  const {clock, metrics} = world
  const ann = await world.user(1, 7)
  clock.advance(1000)
  const receivedBefore = ann.receivedBytes
  const line = Buffer.from(`${JSON.stringify({type: 'chat', roomId: 7, message: 'x'.repeat(500), seq: 1})}\n`)
  for (let index = 0; index < 20; index += 1) ann.write(line)
  for (let index = 0; index < 20; index += 1) await ann.take('ack')
  clock.advance(2000)
  const {bytesInPerSecond, bytesOutPerSecond} = metrics.server()
  expect(bytesInPerSecond).toBeCloseTo((20 * line.length) / 2)
  await expect.poll(() => (ann.receivedBytes - receivedBefore) / 2).toBeCloseTo(bytesOutPerSecond)
})

test('types, errors, refusals and the error rate count every message once', async () => {
  const refuser = definePlugin({
    name: 'refuser',
    async setup(host) {
      const {GsError} = await import('../../../src/errors.js')
      host.hook('beforeMessage', ({message}) => {
        if (message.type === 'list_rooms') throw new GsError('rate_limited', 'no lists', {rule: 'no-lists'})
      })
    },
  })
  await using world = await metricsWorld({plugins: [refuser]})
  const {clock, metrics} = world
  const ann = await world.user(1, 7)
  clock.advance(6000)
  await world.chat(ann, 7, 6)
  ann.send({type: 'chat', roomId: 8, message: 'x'}, {type: 'list_rooms'}, {type: 'list_rooms'}, {type: 'what'})
  for (let index = 0; index < 4; index += 1) await ann.take('error')
  clock.advance(1000)
  const {messageTypes, errors, refusals, errorRatePercent, recent, totals} = metrics.server()
  expect(messageTypes).toMatchObject({chat: 7, list_rooms: 2, join_room: 1, invalid: 1, hello: 0})
  expect(errors).toMatchObject({not_in_room: 1, rate_limited: 2, unknown_type: 1, bad_message: 0})
  expect(refusals).toEqual({'no-lists': 2})
  expect(errorRatePercent).toBeCloseTo(40)
  expect(totals).toMatchObject({messages: 11, errors: 4})
  expect(recent).toEqual({
    closeReasons: {},
    messageTypes: {chat: 7, list_rooms: 2, invalid: 1},
    errors: {not_in_room: 1, rate_limited: 2, unknown_type: 1},
    refusals: {'no-lists': 2},
  })
})

test('a room has its last activity, its game and the phase of that', async () => {
  await using world = await metricsWorld()
  const {clock, metrics, server} = world
  const ann = await world.user(1, 7)
  await world.user(2, 7)
  clock.advance(3000)
  expect(metrics.server().roomStats[0]).toMatchObject({game: null, gameState: null})
  ann.send({type: 'game_start', roomId: 7, game: 'relay', seq: 1})
  await ann.take('ack')
  const startedAt = new Date(clock.nowMs()).toISOString()
  expect(metrics.server().roomStats[0]).toMatchObject({game: 'relay', gameState: 'playing', lastActivity: startedAt})
  expect(metrics.room(7)).toMatchObject({players: [1, 2], gameStartedAt: startedAt, messages: 1})
  clock.advance(2000)
  ann.send({type: 'game_action', roomId: 7, action: 1, seq: 2}, {type: 'game_end', roomId: 7, seq: 3})
  await ann.take('ack')
  await ann.take('ack')
  const lastActivity = new Date(clock.nowMs()).toISOString()
  expect(metrics.server().roomStats[0]).toMatchObject({game: 'relay', gameState: 'ended', lastActivity})
  expect(metrics.room(7)).toMatchObject({messages: 3})
  expect(metrics.room(8)).toBeUndefined()
  expect(metrics.user(3)).toBeUndefined()
  server.rooms.close(7)
  expect(metrics.server()).toMatchObject({roomStats: [], totals: {gamesStarted: 1}})
})

test('a room that closes and opens again, and a user who comes back, begin at zero', async () => {
  await using world = await metricsWorld({metrics: {intervalMs: 5000}})
  const {clock, metrics, server} = world
  const ann = await world.user(1, 7)
  await world.chat(ann, 7, 50)
  clock.advance(2000)
  server.rooms.close(7)
  const again = await world.user(1, 7)
  await world.chat(again, 7, 10)
  clock.advance(500)
  expect(metrics.room(7)?.messagesPerMinute).toBeCloseTo(10 * 24)
  expect(metrics.user(1)?.messagesPerMinute).toBeCloseTo(11 * 24)
})

test('rooms are sorted, filtered and cut', async () => {
  await using world = await metricsWorld()
  const {clock, metrics} = world
  const ann = await world.user(1, 71, 72, 80)
  const bob = await world.user(2, 72)
  await world.chat(ann, 80, 3)
  clock.advance(1000)
  await world.chat(bob, 72, 1)
  const ids = (options: Parameters<typeof metrics.server>[0]) =>
    metrics.server(options).roomStats.map(({roomId}) => roomId)
  expect(ids({})).toEqual([80, 72, 71])
  expect(ids({reverse: true})).toEqual([71, 72, 80])
  expect(ids({sort: 'users'})[0]).toBe(72)
  expect(ids({sort: 'active'})[0]).toBe(72)
  expect(ids({sort: 'room'})).toEqual([80, 72, 71])
  expect(metrics.server({filter: '7', limit: 1})).toMatchObject({roomStats: [{roomId: 72}], roomStatsTotal: 2})
  expect(metrics.server({limit: 0})).toMatchObject({roomStats: [], roomStatsTotal: 3, rooms: 3})
  ann.send({type: 'game_start', roomId: 71, game: 'relay', seq: 9})
  await ann.take('ack')
  expect(ids({filter: 'rel'})).toEqual([71])
})

test('time in plugins is that of their hooks', async () => {
  let stall = (_: number) => {}
  const slow = definePlugin({
    name: 'slow',
    setup(host) {
      host.hook('beforeMessage', () => stall(2))
      host.hook('afterMessage', () => stall(0.5))
    },
  })
  await using world = await metricsWorld({plugins: [slow]})
  stall = ms => world.clock.stall(ms)
  const ann = await world.user(1, 7)
  await world.chat(ann, 7, 20)
  const {hookTimeUs} = world.metrics.server()
  expect(hookTimeUs.slow).toBeCloseTo(2500)
  expect(Object.keys(hookTimeUs)).toEqual(['metrics', 'slow'])
})

test('memory, processor and event loop are those of the process', async () => {
  const usedMs = () => process.cpuUsage().user / 1000 + process.cpuUsage().system / 1000
  const beforeStart = usedMs()
  await using world = await createTestServer({plugins: ['metrics'], metrics: {intervalMs: 60_000}})
  const afterStart = usedMs()
  const metrics = world.server.pluginApi('metrics')
  const endMs = performance.now() + 400
  while (performance.now() < endMs);
  const beforeAnswer = usedMs()
  const figures = metrics.server()
  const afterAnswer = usedMs()
  const reportedMs = (figures.cpuUsagePercent * figures.intervalMs) / 100
  expect(reportedMs).toBeGreaterThanOrEqual(beforeAnswer - afterStart)
  expect(reportedMs).toBeLessThanOrEqual(afterAnswer - beforeStart)
  expect(figures.eventLoopUtilizationPercent).toBeGreaterThan(50)
  expect(figures.eventLoopUtilizationPercent).toBeLessThanOrEqual(100.01)
  const rssMb = process.memoryUsage.rss() / 1e6
  expect(Math.abs(figures.memoryUsageMb - rssMb)).toBeLessThan(0.05 * rssMb)
  expect(figures.heapUsedMb).toBeLessThan(figures.heapLimitMb)
  await expect.poll(() => metrics.server().eventLoopDelayP99Ms, {timeout: 3000}).toBeGreaterThan(350)
})

test('samples of real seconds add up to what was sent', async () => {
  await using world = await createTestServer({plugins: ['metrics'], metrics: {intervalMs: 1000}})
  const metrics = world.server.pluginApi('metrics')
  const samples = metrics.samples()
  const first = await samples.next()
  await using ann = await RawClient.login(world.port, 1)
  ann.send({type: 'join_room', roomId: 7})
  await ann.take('room_joined')
  for (let batch = 0; batch < 20; batch += 1) {
    for (let index = 0; index < 15; index += 1) ann.send({type: 'chat', roomId: 7, message: 'hi', seq: index})
    for (let index = 0; index < 15; index += 1) await ann.take('ack')
    await new Promise(resolve => setTimeout(resolve, 100))
  }
  let [sum, lastMs] = [0, Date.parse((first.value as {timestamp: string}).timestamp)]
  for (let count = 0; sum < 299 && count < 6; count += 1) {
    const {value} = (await samples.next()) as {value: {timestamp: string; messagesPerSecond: number}}
    const atMs = Date.parse(value.timestamp)
    sum += (value.messagesPerSecond * (atMs - lastMs)) / 1000
    lastMs = atMs
  }
  expect(Math.abs(sum - 301)).toBeLessThan(0.05 * 301)
})

test('each interval leaves a line in the log', async () => {
  const lines: {fields: object; message: string}[] = []
  const note = (fields: object, message: string) => void lines.push({fields, message})
  const clock = new ManualClock()
  await using world = await createTestServer(
    {plugins: ['metrics'], metrics: {intervalMs: 2000}},
    {clock, log: {debug() {}, info: note, warn: note, error: note}},
  )
  await using ann = await RawClient.login(world.port, 1)
  ann.send({type: 'join_room', roomId: 7}, {type: 'what'})
  await ann.take('error')
  clock.advance(5000)
  const own = lines.filter(({message}) => message === 'metrics').map(({fields}) => fields)
  expect(own).toEqual([
    {
      plugin: 'metrics',
      connections: 1,
      messagesPerSecond: 1,
      avgResponseTimeMs: 0,
      memoryUsageMb: expect.any(Number),
      cpuUsagePercent: expect.any(Number),
      errorRatePercent: 50,
    },
    expect.objectContaining({connections: 1, messagesPerSecond: 0, errorRatePercent: 0}),
  ])
})

test('a plugin that is enabled again begins anew, and the counts of the server go on', async () => {
  await using world = await metricsWorld()
  const {clock, server, metrics} = world
  const ann = await world.user(1, 7)
  await world.chat(ann, 7, 10)
  clock.advance(3000)
  await server.disablePlugin('metrics')
  expect(() => server.metrics()).toThrow(expect.objectContaining({code: 'plugin_disabled'}))
  await world.chat(ann, 7, 5)
  clock.advance(3000)
  expect(metrics.history().samples).toHaveLength(3)
  await server.enablePlugin(server.configuredPlugin('metrics') as never)
  clock.advance(1000)
  await world.chat(ann, 7, 4)
  clock.advance(1000)
  expect(server.metrics()).toMatchObject({messagesPerSecond: 2, intervalMs: 2000, messageTypes: {chat: 19}})
  expect(server.metrics().roomStats).toMatchObject([{roomId: 7, messagesPerMinute: 120}])
  expect(server.pluginApi('metrics').history().samples).toHaveLength(2)
})
