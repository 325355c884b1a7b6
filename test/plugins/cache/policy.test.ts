import {describe, expect, test} from 'vitest'
import type {CacheEvents} from '../../../src/contract/cache.js'
import {type CacheWorld, type CacheWorldOptions, cacheWorld, keysOf} from './cache-world.js'

/** A cache whose L2 is full of keys that nobody reads. */
function fullWorld(options: CacheWorldOptions = {}): CacheWorld {
  const world = cacheWorld({l1Entries: 4, l2Entries: 10, ...options})
  for (let index = 0; world.cache.stats().l2Size < 10; index += 1) {
    world.cache.set(`old:${index}`, index)
    world.cache.get(`old:${index}`)
  }
  world.settle()
  return world
}

/** Writes keys of their own until `key` has left L1. */
function pushOut(world: CacheWorld, key: string): void {
  for (let index = 0; world.tiers.l1.peek(key) !== undefined; index += 1) world.cache.set(`push:${key}:${index}`, 0)
}

describe('the policy filtered', () => {
  test('takes everything until L2 is nearly full', () => {
    const world = cacheWorld({l1Entries: 4, l2Entries: 10})
    for (let index = 0; index < 13; index += 1) world.cache.set(`k:${index}`, index)
    expect(world.cache.stats()).toMatchObject({l2Size: 9, evictions: {filtered: 0}})
    for (let index = 13; index < 20; index += 1) world.cache.set(`k:${index}`, index)
    expect(world.cache.stats().evictions.filtered).toBeGreaterThan(0)
  })

  test('keeps out of a full L2 what was not read again, but remembers its key', () => {
    const world = fullWorld()
    world.cache.set('once', 1)
    pushOut(world, 'once')
    expect(world.cache.get('once')).toBeUndefined()
    expect(world.cache.stats().evictions.filtered).toBeGreaterThan(0)
    expect(keysOf(world, 'l2')).not.toContain('once')
    world.cache.set('once', 2)
    expect(world.cache.explain('once')).toMatchObject({tier: 'l2', reason: expect.stringContaining('straight to L2')})
    expect(world.cache.get('once')).toBe(2)
  })

  test('lets in what was read or written again', () => {
    const world = fullWorld()
    world.cache.set('read', 1)
    world.cache.get('read')
    pushOut(world, 'read')
    expect(world.cache.explain('read')).toMatchObject({tier: 'l2', hits: 1})
    world.cache.set('written', 1)
    world.cache.set('written', 2)
    pushOut(world, 'written')
    expect(world.cache.get('written')).toBe(2)
  })

  test('promotes with the second read, and lets the promoted back into L2', () => {
    const world = fullWorld()
    world.cache.set('k', 1)
    world.cache.get('k')
    pushOut(world, 'k')
    world.cache.get('k')
    expect(world.cache.explain('k')?.tier).toBe('l2')
    world.cache.get('k')
    expect(world.cache.explain('k')?.tier).toBe('l1')
    pushOut(world, 'k')
    expect(world.cache.explain('k')?.tier).toBe('l2')
  })

  test('remembers what had to give way in L2', () => {
    const world = fullWorld()
    const coldest = keysOf(world, 'l2').at(-1) as string
    world.cache.set('k', 1)
    world.cache.get('k')
    pushOut(world, 'k')
    expect(world.cache.has(coldest)).toBe(false)
    world.cache.set(coldest, 1)
    expect(world.cache.explain(coldest)?.tier).toBe('l2')
  })

  test('never filters what is kept', () => {
    const world = fullWorld()
    world.tiers.set('kept', 1, {ttlMs: 1000, isKept: true, rawBytes: 1})
    pushOut(world, 'kept')
    expect(world.cache.explain('kept')).toMatchObject({tier: 'l2', reason: expect.stringContaining('never filtered')})
  })
})

describe('the policy lru', () => {
  test('promotes with the first read and has no ghosts', () => {
    const world = fullWorld({policy: 'lru'})
    world.cache.set('once', 1)
    pushOut(world, 'once')
    expect(world.cache.explain('once')?.tier).toBe('l2')
    world.cache.get('once')
    expect(world.cache.explain('once')?.tier).toBe('l1')
    expect(world.cache.stats()).toMatchObject({ghosts: 0, evictions: {filtered: 0}})
    expect(world.cache.stats().evictions.capacity).toBeGreaterThan(0)
  })
})

test('every way of an entry is told, and counted by cause and tier', () => {
  const world = cacheWorld({l1Entries: 4, l2Entries: 4})
  const told: string[] = []
  const names = ['hit', 'miss', 'set', 'promote', 'demote', 'evict'] as const
  const ends = names.map(name =>
    world.cache.on(name, (event: CacheEvents[typeof name]) => {
      const {key, tier = '', cause = ''} = event as {key: string; tier?: string; cause?: string}
      told.push([name, key, tier, cause].filter(Boolean).join(' '))
    }),
  )
  for (const key of ['a', 'b', 'c', 'd', 'e']) world.cache.set(key, 1)
  expect(told.splice(0)).toEqual(['set a', 'set b', 'set c', 'set d', 'demote a', 'set e'])
  world.cache.get('a')
  world.cache.get('a')
  expect(told.splice(0)).toEqual(['hit a l2', 'hit a l2', 'demote b', 'promote a'])
  world.cache.get('x')
  world.cache.delete('a')
  world.cache.delete('a')
  world.clock.stall(1000)
  world.cache.get('b')
  expect(told.splice(0)).toEqual(['miss x', 'evict a l1 deleted', 'evict b l2 expired', 'miss b'])
  for (const end of ends) end()
  world.cache.get('x')
  expect(told).toEqual([])
  expect(world.cache.stats()).toMatchObject({l1Evictions: 1, l2Evictions: 1, evictions: {deleted: 1, expired: 1}})
})

test('a listener that throws is reported and disturbs nobody', () => {
  const world = cacheWorld()
  const heard: string[] = []
  world.cache.on('set', () => {
    throw new Error('mine')
  })
  world.cache.on('set', ({key}) => void heard.push(key))
  world.cache.set('k', 1)
  expect(heard).toEqual(['k'])
  expect(world.failures).toEqual([new Error('mine')])
})
