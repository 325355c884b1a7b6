import {describe, expect, test} from 'vitest'
import type {CacheCompression, CachePolicy} from '../../../src/contract/cache.js'
import type {JsonValue} from '../../../src/contract/messages.js'
import {until} from '../../helpers/until.js'
import {type CacheWorld, type CacheWorldOptions, cacheWorld, keysOf, stateOf} from './cache-world.js'

const policies: CachePolicy[] = ['filtered', 'lru']
const compressions: CacheCompression[] = ['brotli', 'deflate', 'zstd', 'none']
const kinds = policies.flatMap(policy => compressions.map(compression => ({policy, compression})))

const values: JsonValue[] = [
  null,
  false,
  0,
  -1.5e-7,
  '',
  'déjà vu 🎲 \u0000\n',
  [],
  {},
  [1, [2, [3]]],
  {a: {b: [null, true]}, '': 0},
  stateOf('x', 40_000),
  'y'.repeat(100_000),
]

/** Puts `key` into L2, encoded. */
function sink(world: CacheWorld, key: string, value: JsonValue): void {
  world.cache.set(key, value)
  for (let index = 0; world.tiers.l1.peek(key) !== undefined; index += 1) world.cache.set(`filler:${index}`, index)
  world.settle()
}

describe.each(kinds)('a cache with policy $policy and compression $compression', kind => {
  const create = (options: CacheWorldOptions = {}) => cacheWorld({...kind, ...options})

  test('gives back every kind of JSON, from both tiers', () => {
    for (const value of values) {
      const world = create({compressionThresholdBytes: 0})
      world.cache.set('k', value)
      expect(world.cache.get('k')).toEqual(value)
      sink(world, 'k', value)
      expect(world.cache.explain('k')?.tier).toBe('l2')
      expect(world.cache.get('k')).toEqual(value)
      expect(world.cache.peek('k')).toEqual(value)
    }
  })

  test('stores large values smaller, unless it is told not to', () => {
    const world = create()
    sink(world, 'large', stateOf('large', 8000))
    sink(world, 'small', {a: 1})
    expect(world.cache.explain('large')?.form).toBe(kind.compression === 'none' ? 'json' : kind.compression)
    expect(world.cache.explain('small')?.form).toBe('json')
    const {rawBytes, storedBytes} = world.cache.explain('large') ?? {rawBytes: 0, storedBytes: 0}
    expect(rawBytes).toBe(JSON.stringify(stateOf('large', 8000)).length)
    if (kind.compression === 'none') expect(storedBytes).toBe(rawBytes)
    else expect(storedBytes).toBeLessThan(rawBytes / 2)
  })

  test('has what is large made smaller in another thread', async () => {
    const world = create()
    const value = stateOf('large', 200_000)
    sink(world, 'large', value)
    const {form, rawBytes} = world.cache.explain('large') ?? {}
    expect(form).toBe('json')
    if (kind.compression === 'none') return
    await until(() => world.cache.explain('large')?.form === kind.compression, 'the thread')
    const {l2Bytes, storedBytes} = world.cache.stats()
    expect(storedBytes).toBe(l2Bytes)
    expect(world.cache.explain('large')?.storedBytes).toBeLessThan((rawBytes as number) / 10)
    expect(world.cache.get('large')).toEqual(value)
  })

  test('forgets what a thread makes of a value that was replaced meanwhile', async () => {
    const world = create()
    for (let count = 0; count < 3; count += 1) sink(world, 'large', stateOf(`large ${count}`, 200_000))
    world.cache.set('large', 1)
    sink(world, 'other', stateOf('other', 200_000))
    if (kind.compression !== 'none') {
      await until(() => world.cache.explain('other')?.form === kind.compression, 'the thread')
    }
    expect(world.cache.get('large')).toBe(1)
    const {l2Bytes, storedBytes} = world.cache.stats()
    expect(storedBytes).toBe(l2Bytes)
  })

  test('reads what was stored under another setting', () => {
    const world = create({compressionThresholdBytes: 0})
    sink(world, 'k', stateOf('k'))
    world.settings.compression = kind.compression === 'none' ? 'zstd' : 'none'
    expect(world.cache.get('k')).toEqual(stateOf('k'))
  })

  test('has a key in one tier only, also after it was promoted and written again', () => {
    const world = create()
    sink(world, 'k', 1)
    for (let read = 0; read < 3; read += 1) world.cache.get('k')
    expect(world.cache.explain('k')?.tier).toBe('l1')
    expect(keysOf(world, 'l2')).not.toContain('k')
    sink(world, 'k', 2)
    world.cache.set('k', 3)
    expect([...keysOf(world, 'l1'), ...keysOf(world, 'l2')].filter(key => key === 'k')).toEqual(['k'])
    expect(world.cache.get('k')).toBe(3)
  })

  test('lets time run from the writing, through both tiers', () => {
    const world = create()
    sink(world, 'k', 1)
    world.clock.stall(600)
    for (let read = 0; read < 3; read += 1) expect(world.cache.get('k')).toBe(1)
    expect(world.cache.explain('k')).toMatchObject({tier: 'l1', ttlMs: 400})
    world.clock.stall(399)
    expect(world.cache.get('k')).toBe(1)
    world.clock.stall(1)
    expect(world.cache.get('k')).toBeUndefined()
    expect(world.cache.explain('k')).toBeUndefined()
    expect(world.cache.stats().evictions.expired).toBe(1)
  })

  test('takes what has expired in L2 for nothing, and removes it on sight', () => {
    const world = create()
    sink(world, 'k', 1)
    const {l2Size} = world.cache.stats()
    world.clock.stall(1000)
    expect(world.cache.has('k')).toBe(false)
    expect(world.cache.get('k')).toBeUndefined()
    expect(world.cache.stats()).toMatchObject({l2Size: l2Size - 1, misses: 1})
  })

  test('treats a corrupt entry as a miss, counts it, and takes a new one', () => {
    const world = create({
      decode: () => {
        throw new Error('broken')
      },
    })
    sink(world, 'k', stateOf('k'))
    expect(world.cache.has('k')).toBe(false)
    expect(world.cache.get('k')).toBeUndefined()
    expect(world.cache.stats()).toMatchObject({misses: 1, l2Hits: 0, evictions: {corrupt: 1}})
    world.cache.set('k', 2)
    expect(world.cache.get('k')).toBe(2)
  })

  test('keeps to its entries and bytes, whatever comes', () => {
    const world = create({l2Bytes: 3000})
    for (let index = 0; index < 300; index += 1) {
      world.cache.set(`k:${index}`, stateOf(String(index), index % 7 === 0 ? 4000 : 100))
      world.cache.get(`k:${index}`)
      if (index % 3 === 0) world.turn()
      const {l1Size, l2Size, l2Bytes} = world.cache.stats()
      expect(l1Size).toBeLessThanOrEqual(8)
      expect(l2Size).toBeLessThanOrEqual(40)
      expect(l2Bytes).toBeLessThanOrEqual(3000)
    }
    world.settle()
    const {rawBytes, storedBytes, l2Bytes, unencoded, evictions} = world.cache.stats()
    const stored = [...world.cache.entries({tier: 'l2'})]
    expect(unencoded).toBe(0)
    expect(storedBytes).toBe(l2Bytes)
    expect(l2Bytes).toBe(stored.reduce((sum, entry) => sum + entry.storedBytes, 0))
    expect(rawBytes).toBe(stored.reduce((sum, entry) => sum + entry.rawBytes, 0))
    expect(evictions.bytes).toBeGreaterThan(0)
  })

  test('demotes a quarter at once, coldest first, and encodes nothing in that turn', () => {
    const world = create({l1Entries: 8})
    for (let index = 0; index < 8; index += 1) world.cache.set(`k:${index}`, stateOf(String(index)))
    world.cache.get('k:0')
    expect(world.cache.stats()).toMatchObject({l1Size: 8, l2Size: 0})
    world.cache.set('k:8', 1)
    expect(world.cache.stats()).toMatchObject({l1Size: 7, l2Size: 2, demotions: 2, encoded: 0, unencoded: 2})
    expect(keysOf(world, 'l2')).toEqual(['k:2', 'k:1'])
    expect(world.cache.get('k:1')).toEqual(stateOf('1'))
    world.settle()
    expect(world.cache.stats().unencoded).toBe(0)
  })

  test('deletes by key and by prefix, and clears', () => {
    const world = create()
    for (const key of ['a:1', 'a:2', 'b:1']) sink(world, key, 1)
    expect(world.cache.delete('a:1')).toBe(true)
    expect(world.cache.delete('a:1')).toBe(false)
    expect(world.cache.deleteByPrefix('a:')).toBe(1)
    expect(world.cache.deleteByPrefix('a:')).toBe(0)
    expect(() => world.cache.deleteByPrefix('')).toThrow(expect.objectContaining({code: 'usage'}))
    expect(world.cache.has('b:1')).toBe(true)
    const {l1Size, l2Size} = world.cache.stats()
    expect(world.cache.clear()).toBe(l1Size + l2Size)
    expect(world.cache.stats()).toMatchObject({l1Size: 0, l2Size: 0, l1Bytes: 0, l2Bytes: 0, storedBytes: 0, ghosts: 0})
  })

  test('sweeps out what has expired, in slices, and nothing else', async () => {
    const world = create({l2Entries: 500, workMs: 0.05})
    for (let index = 0; index < 100; index += 1) world.cache.set(`k:${index}`, 1, {ttlMs: index < 60 ? 1000 : 1e9})
    world.settle()
    world.clock.stall(2000)
    const cleaned = world.cache.cleanup()
    let turns = 0
    while (world.turn()) turns += 1
    expect(await cleaned).toBe(60)
    expect(turns).toBeGreaterThan(10)
    const {l1Size, l2Size} = world.cache.stats()
    expect(l1Size + l2Size).toBe(40)
  })

  test('changes its sizes while it is used', () => {
    const world = create({l2Entries: 100})
    for (let index = 0; index < 60; index += 1) world.cache.set(`k:${index}`, index)
    world.settle()
    world.cache.resize({l1Entries: 4, l2Entries: 10})
    expect(world.cache.stats()).toMatchObject({l1Size: 4, l2Size: 10, l1Limit: 4, l2Limit: 10})
    world.cache.resize({l1Entries: 50, l2Entries: 200})
    for (let index = 100; index < 200; index += 1) world.cache.set(`k:${index}`, index)
    expect(world.cache.stats()).toMatchObject({l1Limit: 50, l2Limit: 200})
    expect(world.cache.get('k:199')).toBe(199)
    for (const bad of [{l1Entries: 3}, {l2Entries: 0}, {l2Bytes: 5}, {l1Entries: 1.5}, {l1Entries: Number.NaN}]) {
      expect(() => world.cache.resize(bad)).toThrow(expect.objectContaining({code: 'usage'}))
    }
    expect(world.cache.stats()).toMatchObject({l1Limit: 50, l2Limit: 200})
  })
})
