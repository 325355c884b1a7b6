import type {CachePolicy} from '../../contract/cache.js'
import {optimalHits} from './belady.js'
import {TieredCache} from './tiered-cache.js'

/** Of the keys, L1 takes this part: one to ten, as in the default sizes. */
const L1_RATIO = 1 / 11
const MIN_L1 = 4

/** How a cache of some size would have done. */
export interface Simulated {
  /** Keys of both tiers together. */
  readonly size: number
  readonly l1Entries: number
  readonly l2Entries: number
  /** `optimum`: the most that any cache could have found, had it known the future. */
  readonly policy: CachePolicy | 'optimum'
  readonly reads: number
  readonly hits: number
  readonly hitRatePercent: number
}

/** The smallest size that can be tried. */
export const MIN_SIMULATED_SIZE = MIN_L1 + 1

/**
 * Tries sizes and policies on reads that were recorded: the real cache, with keys that are read and, when they are
 * missing, written. Values have no size here, and nothing expires.
 */
export function* simulate(
  reads: Uint32Array,
  {sizes, policies}: {sizes: readonly number[]; policies: readonly CachePolicy[]},
): Generator<Simulated> {
  const names = nameKeys(reads)
  for (const size of sizes) {
    const l1Entries = Math.max(MIN_L1, Math.round(size * L1_RATIO))
    const shape = {size, l1Entries, l2Entries: size - l1Entries}
    for (const policy of policies) yield rate(shape, policy, reads.length, replay(names, {...shape, policy}))
    yield rate(shape, 'optimum', reads.length, optimalHits(reads, size))
  }
}

type Shape = Pick<Simulated, 'size' | 'l1Entries' | 'l2Entries'>

function rate(shape: Shape, policy: Simulated['policy'], reads: number, hits: number): Simulated {
  return {...shape, policy, reads, hits, hitRatePercent: reads === 0 ? 0 : (hits / reads) * 100}
}

function replay(keys: readonly string[], {l1Entries, l2Entries, policy}: Shape & {policy: CachePolicy}): number {
  const cache = new TieredCache({
    settings: {
      l1Entries,
      l2Entries,
      l2Bytes: Number.POSITIVE_INFINITY,
      policy,
      compression: 'none',
      compressionThresholdBytes: 0,
    },
    monotonicMs: () => 0,
    // Values stay as they are: encoding them changes no hit.
    defer: () => {},
  })
  for (const key of keys) {
    if (cache.get(key) === undefined) cache.set(key, true, {ttlMs: Number.POSITIVE_INFINITY, rawBytes: 0})
  }
  return cache.counters.l1Hits + cache.counters.l2Hits
}

/** A name for each read; the same one for the same key. */
function nameKeys(reads: Uint32Array): string[] {
  const names = new Map<number, string>()
  return Array.from(reads, hash => {
    const known = names.get(hash)
    if (known !== undefined) return known
    const name = String(hash)
    names.set(hash, name)
    return name
  })
}
