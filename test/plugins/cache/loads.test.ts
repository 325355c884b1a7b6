import {describe, expect, test} from 'vitest'
import type {CacheEvents} from '../../../src/contract/cache.js'
import {cacheWorld} from './cache-world.js'

/** A load that the test lets finish. */
function slowLoad() {
  let {promise, resolve, reject} = Promise.withResolvers<number>()
  const load = () => {
    load.calls += 1
    return promise
  }
  load.calls = 0
  load.finish = (value: number) => {
    resolve(value)
    ;({promise, resolve, reject} = Promise.withResolvers<number>())
  }
  load.fail = (error: Error) => {
    reject(error)
    ;({promise, resolve, reject} = Promise.withResolvers<number>())
  }
  return load
}

const turn = () => new Promise(resolve => setImmediate(resolve))

describe('getOrSet', () => {
  test('loads once for all who ask meanwhile, and gives out what is there without a promise', async () => {
    const {cache} = cacheWorld()
    const load = slowLoad()
    const answers = Array.from({length: 1000}, () => cache.getOrSet('k', load))
    await turn()
    load.finish(7)
    expect(await Promise.all(answers)).toEqual(Array(1000).fill(7))
    expect(load.calls).toBe(1)
    expect(cache.getOrSet('k', load)).toBe(7)
    expect(cache.stats()).toMatchObject({misses: 1000, l1Hits: 1, loads: 1, sharedLoads: 999, loadFailures: 0})
  })

  test('takes loads that answer at once', async () => {
    const {cache} = cacheWorld()
    expect(await cache.getOrSet('k', () => ({a: 1}))).toEqual({a: 1})
    expect(cache.get('k')).toEqual({a: 1})
  })

  test('fails for all who wait, stores nothing, and tries anew with the next', async () => {
    const {cache} = cacheWorld()
    const told: CacheEvents['load'][] = []
    cache.on('load', event => void told.push(event))
    const load = slowLoad()
    const answers = [cache.getOrSet('k', load), cache.getOrSet('k', load)]
    await turn()
    load.fail(new Error('down'))
    expect(await Promise.allSettled(answers)).toMatchObject([{status: 'rejected'}, {status: 'rejected'}])
    expect(cache.stats()).toMatchObject({loadFailures: 1, loads: 0, avgLoadMs: 0})
    expect(told).toMatchObject([{key: 'k', error: new Error('down')}])
    expect(await cache.getOrSet('k', () => 3)).toBe(3)
    expect(told).toMatchObject([{}, {error: undefined}])
  })

  test('rejects a load that throws, or brings what is no JSON', async () => {
    const {cache} = cacheWorld()
    const thrower = () => {
      throw new Error('at once')
    }
    await expect(cache.getOrSet('k', thrower)).rejects.toThrow('at once')
    await expect(cache.getOrSet('k', () => new Map() as never)).rejects.toMatchObject({code: 'usage'})
    expect(cache.has('k')).toBe(false)
  })

  test('gives out an old value while one load runs in the background', async () => {
    const world = cacheWorld()
    const {cache, clock} = world
    const times = {ttlMs: 100, staleMs: 50}
    await cache.getOrSet('k', () => 1, times)
    clock.stall(100)
    const load = slowLoad()
    expect(cache.get('k')).toBeUndefined()
    expect([cache.getOrSet('k', load, times), cache.getOrSet('k', load, times)]).toEqual([1, 1])
    await turn()
    expect(load.calls).toBe(1)
    load.finish(2)
    await turn()
    expect(cache.get('k')).toBe(2)
    expect(cache.stats().staleHits).toBe(2)
    clock.stall(150)
    await expect(cache.getOrSet('k', () => Promise.reject(new Error('down')), times)).rejects.toThrow('down')
  })

  test('keeps the old value when the load in the background fails', async () => {
    const {cache, clock} = cacheWorld()
    const times = {ttlMs: 100, staleMs: 50}
    await cache.getOrSet('k', () => 1, times)
    clock.stall(120)
    expect(cache.getOrSet('k', () => Promise.reject(new Error('down')), times)).toBe(1)
    await turn()
    expect(cache.getOrSet('k', () => 5, times)).toBe(1)
    expect(cache.stats().loadFailures).toBe(1)
  })

  test.each(['set', 'delete', 'deleteByPrefix', 'clear'] as const)('does not overwrite a %s meanwhile', async how => {
    const {cache} = cacheWorld()
    const load = slowLoad()
    const answer = cache.getOrSet('k', load)
    await turn()
    if (how === 'set') cache.set('k', 'newer')
    else if (how === 'clear') cache.clear()
    else cache[how]('k')
    const other = how === 'set' ? undefined : cache.getOrSet('k', () => 'after')
    load.finish(1)
    expect(await answer).toBe(1)
    expect(await other).toBe(how === 'set' ? undefined : 'after')
    expect(cache.get('k')).toBe(how === 'set' ? 'newer' : 'after')
  })

  test.each([{ttlMs: 0}, {staleMs: -1}, {staleMs: Number.NaN}])('refuses times such as %o', times => {
    const {cache} = cacheWorld()
    expect(() => cache.getOrSet('k', () => 1, times)).toThrow(expect.objectContaining({code: 'usage'}))
  })
})
