import {describe, expect, test} from 'vitest'
import {definePlugin} from '../../../src/pipeline/define-plugin.js'
import {metricsWorld} from './metrics-world.js'

/** Takes a number of milliseconds for each chat. */
const dawdler = (tookMs: number, advance: (ms: number) => void) =>
  definePlugin({
    name: 'dawdler',
    setup(host) {
      host.hook('beforeMessage', ({message}) => {
        if (message.type === 'chat') advance(tookMs)
      })
    },
  })

describe.for([1000, 2500, 5000, 60_000])('with an interval of %d ms', intervalMs => {
  test('rates are those of the traffic', async () => {
    await using world = await metricsWorld({metrics: {intervalMs}})
    const {clock, metrics} = world
    const ann = await world.user(1, 7, 8)
    const bob = await world.user(2, 7)
    const seconds = Math.ceil(intervalMs / 1000) + 2
    for (let second = 0; second < seconds; second += 1) {
      await world.chat(ann, 7, 12)
      await world.chat(bob, 7, 3)
      await world.chat(ann, 8, 5)
      clock.advance(1000)
    }
    const {intervalMs: coveredMs, messagesPerSecond, deliveriesPerSecond, roomStats} = metrics.server()
    expect(Math.abs(coveredMs - intervalMs)).toBeLessThanOrEqual(500)
    expect(messagesPerSecond).toBeCloseTo(20)
    expect(deliveriesPerSecond).toBeCloseTo(15 * 2 + 5)
    expect(roomStats.map(({roomId, userCount, messagesPerMinute}) => [roomId, userCount, messagesPerMinute])).toEqual([
      [7, 2, 900],
      [8, 1, 300],
    ])
    expect(metrics.room(7)?.members.map(({messagesPerMinute}) => messagesPerMinute)).toEqual([17 * 60, 180])
    expect(metrics.user(1)).toMatchObject({messagesPerMinute: 17 * 60, messages: 17 * seconds + 2})
  })

  test('what is over for longer than that counts no more', async () => {
    await using world = await metricsWorld({metrics: {intervalMs}})
    const {clock, metrics} = world
    const ann = await world.user(1, 7)
    await world.chat(ann, 7, 10)
    clock.advance(intervalMs + 1000)
    const {messagesPerSecond, avgResponseTimeMs, p99ResponseTimeMs, roomStats, recent, messageTypes} = metrics.server()
    expect([messagesPerSecond, avgResponseTimeMs, p99ResponseTimeMs, roomStats[0]?.messagesPerMinute]).toEqual([
      0, 0, 0, 0,
    ])
    expect(recent.messageTypes).toEqual({})
    expect(messageTypes).toMatchObject({chat: 10, join_room: 1})
  })
})

test('before the first interval is over, rates cover the time since the start', async () => {
  await using world = await metricsWorld()
  const {clock, metrics} = world
  const ann = await world.user(1, 7)
  expect(metrics.server()).toMatchObject({intervalMs: 0, messagesPerSecond: 0})
  await world.chat(ann, 7, 30)
  clock.advance(1500)
  expect(metrics.server()).toMatchObject({intervalMs: 1500, messagesPerSecond: 31 / 1.5})
})

test('a stalled server divides by the time that really passed', async () => {
  await using world = await metricsWorld({metrics: {intervalMs: 1000}})
  const {clock, metrics} = world
  const ann = await world.user(1, 7)
  clock.advance(1000)
  await world.chat(ann, 7, 40)
  clock.stall(4000)
  expect(metrics.server()).toMatchObject({intervalMs: 4000, messagesPerSecond: 10})
})

test('response times are those of the messages', async () => {
  let advance = (_: number) => {}
  let tookMs = 0
  const slow = dawdler(1, () => advance(tookMs))
  await using world = await metricsWorld({plugins: [slow], metrics: {slowMs: 50}})
  const {clock, metrics} = world
  advance = ms => clock.stall(ms)
  const ann = await world.user(1, 7)
  clock.advance(10_000)
  // One message a read, so that none waits for another.
  for (let ms = 1; ms <= 100; ms += 1) {
    tookMs = ms
    await world.chat(ann, 7, 1)
  }
  const figures = metrics.server()
  expect(figures.avgResponseTimeMs).toBeCloseTo(50.5)
  for (const [percentile, figure] of [
    [50, figures.p50ResponseTimeMs],
    [95, figures.p95ResponseTimeMs],
    [99, figures.p99ResponseTimeMs],
  ] as const) {
    expect(figure).toBeGreaterThanOrEqual(percentile)
    expect(figure).toBeLessThanOrEqual(percentile * 1.01)
  }
  const slowest = metrics.slow({limit: 3})
  expect(slowest.map(({durationMs, type, roomId, userId}) => [Math.round(durationMs), type, roomId, userId])).toEqual([
    [100, 'chat', 7, 1],
    [99, 'chat', 7, 1],
    [98, 'chat', 7, 1],
  ])
  expect(slowest[0]?.plugins?.find(({plugin}) => plugin === 'dawdler')?.durationMs).toBeCloseTo(100)
})
