import type {CacheStats} from '../../contract/cache.js'

/** How the cache fares between two looks at it. */
export interface CacheRates {
  readonly readsPerSecond: number
  readonly writesPerSecond: number
  readonly evictionsPerSecond: number
  /** Of the reads in that time; null when there was none. */
  readonly hitRatePercent: number | null
  readonly l1Percent: number
  readonly l2Percent: number
}

/** What happened between two snapshots that were taken `elapsedMs` apart. Null: the server began anew in between. */
export function ratesBetween(earlier: CacheStats, later: CacheStats, elapsedMs: number): CacheRates | null {
  const since = (read: (stats: CacheStats) => number) => read(later) - read(earlier)
  const [l1, l2, misses] = [since(({l1Hits}) => l1Hits), since(({l2Hits}) => l2Hits), since(stats => stats.misses)]
  const evictions = since(({l1Evictions, l2Evictions}) => l1Evictions + l2Evictions)
  const writes = since(({sets}) => sets)
  if (Math.min(l1, l2, misses, evictions, writes) < 0 || elapsedMs <= 0) return null
  const reads = l1 + l2 + misses
  const perSecond = (count: number) => (count / elapsedMs) * 1000
  return {
    readsPerSecond: perSecond(reads),
    writesPerSecond: perSecond(writes),
    evictionsPerSecond: perSecond(evictions),
    hitRatePercent: reads === 0 ? null : ((l1 + l2) / reads) * 100,
    l1Percent: reads === 0 ? 0 : (l1 / reads) * 100,
    l2Percent: reads === 0 ? 0 : (l2 / reads) * 100,
  }
}

/** How full the tiers are. */
export function fillings(stats: CacheStats): {readonly name: string; readonly part: number; readonly whole: number}[] {
  return [
    {name: 'L1 entries', part: stats.l1Size, whole: stats.l1Limit},
    {name: 'L2 entries', part: stats.l2Size, whole: stats.l2Limit},
    {name: 'L2 bytes', part: stats.l2Bytes, whole: stats.l2BytesLimit},
  ]
}
