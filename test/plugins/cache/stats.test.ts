import {expect, test} from 'vitest'
import {cacheWorld, stateOf} from './cache-world.js'

test('a snapshot does not change, and two of them say what happened in between', async () => {
  const world = cacheWorld()
  const {cache} = world
  cache.set('a', 1)
  cache.get('a')
  cache.get('x')
  await cache.getOrSet('l', () => 1)
  const before = cache.stats()
  expect(Object.isFrozen(before) && Object.isFrozen(before.evictions)).toBe(true)
  expect(before).toMatchObject({l1Hits: 1, misses: 2, hitRatePercent: expect.closeTo(100 / 3), sets: 2, loads: 1})

  for (let index = 0; index < 20; index += 1) cache.set(`k:${index}`, stateOf('k'))
  world.settle()
  for (const key of ['k:19', 'k:0', 'k:18']) cache.get(key)
  cache.delete('k:19')
  expect(before).toMatchObject({l1Hits: 1, misses: 2, evictions: {deleted: 0}})
  const between = cache.stats(before)
  expect(between).toMatchObject({
    l1Hits: 2,
    l2Hits: 1,
    misses: 0,
    hitRatePercent: 100,
    sets: 20,
    loads: 0,
    avgLoadMs: 0,
    evictions: {deleted: 1},
    l1Evictions: 1,
  })
  expect(between.l2Size).toBe(cache.stats().l2Size)
  expect(between.rawBytes / between.storedBytes).toBeGreaterThan(5)
})
