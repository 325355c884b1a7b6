import fc from 'fast-check'
import {expect, test} from 'vitest'
import type {CacheCompression, CachePolicy} from '../../../src/contract/cache.js'
import type {JsonValue} from '../../../src/contract/messages.js'
import {type CacheWorld, cacheWorld, keysOf} from './cache-world.js'

/** What must be true of any cache: what it has is what was written last, and is not too old. */
interface Model {
  readonly values: Map<string, {value: JsonValue; endsAtMs: number}>
  reads: number
}

type Step = (model: Model, world: CacheWorld) => void

const key = fc.integer({min: 0, max: 30}).map(index => (index < 15 ? `a:${index}` : `b:${index}`))
const value = fc.oneof(
  fc.integer(),
  fc.constant(null),
  fc.string({maxLength: 40}),
  fc.array(fc.nat(9), {maxLength: 600}),
)

function check(model: Model, name: string, found: JsonValue | undefined, nowMs: number): void {
  const expected = model.values.get(name)
  if (found === undefined) return
  expect(expected?.value).toEqual(found)
  expect(expected?.endsAtMs).toBeGreaterThan(nowMs)
}

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.tuple(key, value, fc.option(fc.integer({min: 1, max: 200}))).map(
      ([name, written, ttlMs]): Step =>
        (model, {cache, clock, settings}) => {
          cache.set(name, written, ttlMs === null ? {} : {ttlMs})
          model.values.set(name, {value: written, endsAtMs: clock.monotonicMs() + (ttlMs ?? settings.ttlMs)})
          expect(cache.peek(name)).toEqual(written)
        },
    ),
  },
  {
    weight: 6,
    arbitrary: key.map(
      (name): Step =>
        (model, {cache, clock}) => {
          const isThere = cache.has(name)
          const explanation = cache.explain(name)
          const found = cache.get(name)
          model.reads += 1
          expect(found !== undefined).toBe(isThere)
          expect(explanation !== undefined).toBe(isThere)
          check(model, name, found, clock.monotonicMs())
          if (found === undefined && !isThere) model.values.delete(name)
        },
    ),
  },
  {
    weight: 1,
    arbitrary: key.map(
      (name): Step =>
        (model, {cache}) => {
          const isThere = cache.has(name)
          expect(cache.delete(name)).toBe(isThere)
          model.values.delete(name)
          expect(cache.has(name)).toBe(false)
        },
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom('a:', 'b:', 'a:1', 'none').map(
      (prefix): Step =>
        (model, {cache}) => {
          const count = [...cache.entries({prefix})].length
          expect(cache.deleteByPrefix(prefix)).toBe(count)
          for (const name of model.values.keys()) if (name.startsWith(prefix)) model.values.delete(name)
        },
    ),
  },
  {
    weight: 2,
    arbitrary: fc.integer({min: 0, max: 120}).map(
      (ms): Step =>
        (_, {clock}) =>
          clock.stall(ms),
    ),
  },
  {weight: 2, arbitrary: fc.constant<Step>((_, world) => void world.turn())},
  {
    weight: 1,
    arbitrary: fc.constant<Step>((_, world) => {
      void world.cache.cleanup()
      world.settle()
      for (const name of [...keysOf(world, 'l1'), ...keysOf(world, 'l2')]) expect(world.cache.has(name)).toBe(true)
      const {l1Size, l2Size} = world.cache.stats()
      expect([...world.cache.entries()]).toHaveLength(l1Size + l2Size)
    }),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.integer({min: 4, max: 12}), fc.integer({min: 1, max: 30})).map(
      ([l1Entries, l2Entries]): Step =>
        (_, {cache}) =>
          cache.resize({l1Entries, l2Entries}),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom<CachePolicy>('lru', 'filtered').map(
      (policy): Step =>
        (_, {settings}) =>
          void Object.assign(settings, {policy}),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom<CacheCompression>('none', 'deflate', 'brotli', 'zstd').map(
      (compression): Step =>
        (_, {settings}) =>
          void Object.assign(settings, {compression}),
    ),
  },
)

function checkBooks({values: _, reads}: Model, world: CacheWorld): void {
  const stats = world.cache.stats()
  expect(stats.l1Size).toBeLessThanOrEqual(stats.l1Limit)
  expect(stats.l2Size).toBeLessThanOrEqual(stats.l2Limit)
  expect(stats.l2Bytes).toBeLessThanOrEqual(stats.l2BytesLimit)
  expect(stats.l1Hits + stats.l2Hits + stats.misses).toBe(reads)
  const [l1, l2] = [[...world.tiers.l1.values()], [...world.tiers.l2.values()]]
  expect(new Set([...l1, ...l2].map(entry => entry.key)).size).toBe(l1.length + l2.length)
  const sum = (sizes: number[]) => sizes.reduce((total, size) => total + size, 0)
  expect(stats.l1Bytes).toBe(sum(l1.map(entry => entry.rawBytes)))
  expect(stats.l2Bytes).toBe(sum(l2.map(({stored, rawBytes}) => stored?.storedBytes ?? rawBytes)))
  expect(stats.storedBytes).toBe(sum(l2.map(({stored}) => stored?.storedBytes ?? 0)))
  expect(stats.rawBytes).toBe(sum(l2.map(({stored}) => stored?.rawBytes ?? 0)))
  const gone = sum(Object.values(stats.evictions))
  expect(gone).toBe(stats.l1Evictions + stats.l2Evictions)
}

test('whatever happens to it, a cache agrees with a simple model, and its books are right', () => {
  fc.assert(
    fc.property(fc.array(step, {maxLength: 120}), fc.constantFrom(2000, 1_000_000), (steps, l2Bytes) => {
      const world = cacheWorld({l1Entries: 6, l2Entries: 20, l2Bytes, ttlMs: 300, compressionThresholdBytes: 100})
      const model: Model = {values: new Map(), reads: 0}
      for (const run of steps) {
        run(model, world)
        checkBooks(model, world)
      }
    }),
    {numRuns: Number(process.env.GS_TEST_RUNS ?? 300)},
  )
})

test('a cache that is large enough loses nothing before its time', () => {
  const steps = fc.array(fc.tuple(key, fc.nat(), fc.integer({min: 0, max: 40}), fc.boolean()), {maxLength: 200})
  fc.assert(
    fc.property(steps, all => {
      const world = cacheWorld({l1Entries: 5, l2Entries: 100, ttlMs: 300})
      const model = new Map<string, {value: number; endsAtMs: number}>()
      for (const [name, written, ms, turns] of all) {
        const nowMs = world.clock.monotonicMs()
        for (const [known, {value: expected, endsAtMs}] of model) {
          expect(world.cache.peek(known)).toBe(endsAtMs > nowMs ? expected : undefined)
        }
        world.cache.set(name, written)
        model.set(name, {value: written, endsAtMs: nowMs + 300})
        if (turns) world.turn()
        world.clock.stall(ms)
      }
    }),
    {numRuns: 100},
  )
})
