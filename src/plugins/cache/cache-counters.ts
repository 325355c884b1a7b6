import type {EvictionCause} from '../../contract/cache.js'

/** What a cache counts, from its beginning. */
export interface CacheCounters {
  l1Hits: number
  l2Hits: number
  misses: number
  sets: number
  promotions: number
  demotions: number
  readonly evictions: Record<EvictionCause, number>
  l1Evictions: number
  l2Evictions: number
  encoded: number
  encodeMs: number
  loads: number
  loadFailures: number
  loadMs: number
  sharedLoads: number
  staleHits: number
  gamesLost: number
}

export function createCacheCounters(): CacheCounters {
  return {
    l1Hits: 0,
    l2Hits: 0,
    misses: 0,
    sets: 0,
    promotions: 0,
    demotions: 0,
    evictions: {filtered: 0, capacity: 0, bytes: 0, expired: 0, deleted: 0, corrupt: 0},
    l1Evictions: 0,
    l2Evictions: 0,
    encoded: 0,
    encodeMs: 0,
    loads: 0,
    loadFailures: 0,
    loadMs: 0,
    sharedLoads: 0,
    staleHits: 0,
    gamesLost: 0,
  }
}
