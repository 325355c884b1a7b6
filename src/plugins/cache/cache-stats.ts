import type {CacheStats, EvictionCause} from '../../contract/cache.js'
import type {TieredCache} from './tiered-cache.js'

/** Everything in a snapshot that only grows. */
const COUNTS = [
  ...(['l1Hits', 'l2Hits', 'misses', 'sets', 'promotions', 'demotions', 'l1Evictions', 'l2Evictions'] as const),
  ...(['encoded', 'encodeMs', 'loads', 'loadFailures', 'sharedLoads', 'staleHits', 'gamesLost'] as const),
] as const

/** A snapshot; it does not change any more. */
export function takeStats(cache: TieredCache, games: number): CacheStats {
  const {counters, settings, l1, l2, ghosts} = cache
  const {loadMs, evictions, ...counts} = counters
  return Object.freeze({
    l1Size: l1.size,
    l2Size: l2.size,
    l1Bytes: l1.bytes,
    l2Bytes: l2.bytes,
    l1Limit: l1.limit,
    l2Limit: l2.limit,
    l2BytesLimit: settings.l2Bytes,
    policy: settings.policy,
    compression: settings.compression,
    ...counts,
    evictions: Object.freeze({...evictions}),
    rawBytes: l2.rawBytes,
    storedBytes: l2.storedBytes,
    unencoded: cache.unencoded,
    ghosts: ghosts.size,
    games,
    hitRatePercent: hitRatePercent(counters),
    avgLoadMs: counters.loads === 0 ? 0 : loadMs / counters.loads,
  })
}

/** What was counted between two snapshots of one cache; sizes are those of the later one. */
export function subtractStats(later: CacheStats, earlier: CacheStats): CacheStats {
  const counts = Object.fromEntries(COUNTS.map(name => [name, later[name] - earlier[name]])) as Pick<
    CacheStats,
    (typeof COUNTS)[number]
  >
  const causes = Object.keys(later.evictions) as EvictionCause[]
  const evictions = Object.fromEntries(causes.map(cause => [cause, later.evictions[cause] - earlier.evictions[cause]]))
  const loadMs = later.avgLoadMs * later.loads - earlier.avgLoadMs * earlier.loads
  return Object.freeze({
    ...later,
    ...counts,
    evictions: Object.freeze(evictions) as CacheStats['evictions'],
    hitRatePercent: hitRatePercent(counts),
    avgLoadMs: counts.loads === 0 ? 0 : loadMs / counts.loads,
  })
}

function hitRatePercent({l1Hits, l2Hits, misses}: Pick<CacheStats, 'l1Hits' | 'l2Hits' | 'misses'>): number {
  const reads = l1Hits + l2Hits + misses
  return reads === 0 ? 0 : ((l1Hits + l2Hits) / reads) * 100
}
