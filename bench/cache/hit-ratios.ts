import {LRUCache} from 'lru-cache'
import {simulate} from '../../src/plugins/cache/simulate.ts'
import type {Installed} from './others.ts'
import type {Trace} from './traces.ts'

/** The default sizes: 1 000 in L1 and 10 000 in L2. */
const SIZE = 11_000

/** Hits in percent of the reads, by policy. */
export function hitRates({reads}: Trace, transitory: Installed): Map<string, number> {
  const rates = new Map<string, number>()
  for (const {policy, hitRatePercent} of simulate(reads, {sizes: [SIZE], policies: ['lru', 'filtered']})) {
    rates.set(policy === 'optimum' ? policy : `gs ${policy}`, hitRatePercent)
  }
  rates.set('LRU', percent(reads, new LRUCache<number, true>({max: SIZE})))
  rates.set('W-TinyLFU', percent(reads, tinyLfu(transitory)))
  return rates
}

function tinyLfu({exports: {newCache}}: Installed): Cache {
  const cache = newCache().maxSize(SIZE).build()
  let sets = 0
  return {
    get: key => cache.getIfPresent(key) ?? undefined,
    set(key, value) {
      cache.set(key, value)
      sets += 1
      // Its upkeep waits for a later turn, which does not come here.
      if (sets % 100 === 0) cache.cleanUp()
      if (cache.size > SIZE * 1.01) throw new Error(`transitory holds ${cache.size} keys`)
    },
  }
}

interface Cache {
  get(key: number): true | undefined
  set(key: number, value: true): unknown
}

function percent(reads: Uint32Array, cache: Cache): number {
  let hits = 0
  for (const key of reads) {
    if (cache.get(key) === undefined) cache.set(key, true)
    else hits += 1
  }
  return (hits / reads.length) * 100
}
