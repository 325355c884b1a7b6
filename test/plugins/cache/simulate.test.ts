import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {optimalHits} from '../../../src/plugins/cache/belady.js'
import {simulate} from '../../../src/plugins/cache/simulate.js'
import {createRandom} from '../../helpers/create-random.js'

/** Tries everything that a cache could keep, and so is right and slow. */
function bestHits(reads: readonly number[], capacity: number, kept: readonly number[] = []): number {
  const [first, ...rest] = reads
  if (first === undefined) return 0
  const hit = kept.includes(first) ? 1 : 0
  const with_ = [...new Set([...kept, first])]
  const choices = with_.length <= capacity ? [with_] : with_.map(gone => with_.filter(key => key !== gone))
  return hit + Math.max(...choices.map(choice => bestHits(rest, capacity, choice)))
}

/** Reads of keys of which the first are much more popular. */
function skewedReads(count: number, keys: number): Uint32Array {
  const random = createRandom(7)
  return Uint32Array.from({length: count}, () => Math.floor(keys * random() ** 4))
}

describe('the optimum', () => {
  test('is what trying everything finds', () => {
    const reads = fc.array(fc.nat(4), {maxLength: 9})
    fc.assert(
      fc.property(reads, fc.integer({min: 1, max: 3}), (all, capacity) => {
        expect(optimalHits(Uint32Array.from(all), capacity)).toBe(bestHits(all, capacity))
      }),
      {numRuns: 300},
    )
  })

  test('is everything but the first read of each key in a cache that is large enough', () => {
    const reads = skewedReads(5000, 300)
    expect(optimalHits(reads, 300)).toBe(5000 - new Set(reads).size)
  })
})

describe('a simulation', () => {
  test('finds more with more room, and never more than the optimum', () => {
    const reads = skewedReads(20_000, 3000)
    const results = [...simulate(reads, {sizes: [50, 200, 1000, 4000], policies: ['filtered', 'lru']})]
    expect(results.map(({size, policy}) => `${size} ${policy}`).slice(0, 3)).toEqual([
      '50 filtered',
      '50 lru',
      '50 optimum',
    ])
    const hitsOf = (policy: string) => results.filter(result => result.policy === policy).map(({hits}) => hits)
    const optimum = hitsOf('optimum')
    for (const policy of ['filtered', 'lru']) {
      const hits = hitsOf(policy)
      expect(hits).toEqual(hits.toSorted((one, other) => one - other))
      for (const [index, count] of hits.entries()) expect(count).toBeLessThanOrEqual(optimum[index] as number)
      // There is room for everything.
      expect(hits.at(-1)).toBe(optimum.at(-1))
    }
    expect(results[0]).toMatchObject({l1Entries: 5, l2Entries: 45, reads: 20_000})
  })

  test('of reads with popular keys finds more with the filter', () => {
    const [filtered, lru] = [...simulate(skewedReads(50_000, 10_000), {sizes: [1000], policies: ['filtered', 'lru']})]
    expect(filtered?.hits).toBeGreaterThan(lru?.hits as number)
  })

  test('of nothing finds nothing', () => {
    expect([...simulate(new Uint32Array(), {sizes: [10], policies: ['lru']})]).toMatchObject([
      {policy: 'lru', hits: 0, hitRatePercent: 0},
      {policy: 'optimum', hits: 0, hitRatePercent: 0},
    ])
  })
})
