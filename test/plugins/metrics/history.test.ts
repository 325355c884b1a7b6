import {expect, test} from 'vitest'
import type {MetricsSample} from '../../../src/contract/metrics.js'
import {metricsWorld} from './metrics-world.js'

test('the history keeps so many samples, one a second, and no more', async () => {
  await using world = await metricsWorld({metrics: {historyMs: 10_000}})
  const {clock, metrics} = world
  expect(metrics.history()).toEqual({sampleMs: 1000, samples: []})
  clock.advance(4000)
  expect(metrics.history().samples).toHaveLength(4)
  clock.advance(20_000)
  const {samples} = metrics.history()
  expect(samples).toHaveLength(10)
  const times = samples.map(({timestamp}) => Date.parse(timestamp))
  expect(times.at(-1)).toBe(clock.nowMs())
  expect(times.every((atMs, index) => index === 0 || atMs - (times[index - 1] as number) === 1000)).toBe(true)
  expect(metrics.history({sinceMs: clock.nowMs() - 3000}).samples).toHaveLength(3)
  expect(metrics.history({sinceMs: clock.nowMs()}).samples).toEqual([])
})

test('by default it goes back fifteen minutes', async () => {
  await using world = await metricsWorld()
  world.clock.advance(1_000_000)
  expect(world.metrics.history().samples).toHaveLength(900)
})

test('fewer points join neighbours: means of rates, the worst of delays, the last of the rest', async () => {
  await using world = await metricsWorld()
  const {clock, metrics} = world
  const ann = await world.user(1, 7)
  clock.advance(1000)
  for (const count of [10, 20, 0, 40, 50]) {
    await world.chat(ann, 7, count)
    if (count === 50) await world.user(2)
    clock.advance(1000)
  }
  const rates = (points?: number) =>
    metrics.history({sinceMs: clock.nowMs() - 5000, points}).samples.map(({messagesPerSecond}) => messagesPerSecond)
  expect(rates()).toEqual([10, 20, 0, 40, 50])
  expect(rates(5)).toEqual([10, 20, 0, 40, 50])
  expect(rates(3)).toEqual([10, 10, 45])
  expect(rates(1)).toEqual([24])
  expect(metrics.history({points: 1}).samples[0]).toMatchObject({
    users: 2,
    timestamp: new Date(clock.nowMs()).toISOString(),
  })
})

test('those who follow get each sample, the slow ones are told what they lost, and all end with the plugin', async () => {
  await using world = await metricsWorld()
  const {clock, metrics, server} = world
  const quick = metrics.samples()
  const next = quick.next()
  clock.advance(1000)
  expect((await next).value).toEqual(metrics.history().samples[0])
  const gone = new AbortController()
  const leaving = metrics.samples({signal: gone.signal})
  gone.abort()
  expect(await leaving.next()).toEqual({done: true, value: undefined})
  clock.advance(1_005_000)
  expect((await quick.next()).value).toEqual({dropped: 5})
  const others = Array.from({length: 31}, () => metrics.samples())
  expect(() => metrics.samples()).toThrow(expect.objectContaining({code: 'limit_reached'}))
  await server.disablePlugin('metrics')
  expect((await others[0]?.next())?.done).toBe(true)
  const rest: MetricsSample[] = []
  for await (const sample of quick) rest.push(sample as MetricsSample)
  expect(rest).toHaveLength(1000)
})
