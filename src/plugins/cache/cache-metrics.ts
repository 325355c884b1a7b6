import type {CacheApi} from '../../contract/cache.js'
import type {PluginHost} from '../../contract/plugins.js'

/** Offers the statistics as metrics. */
export function registerMetrics({metric}: Pick<PluginHost, 'metric'>, cache: Pick<CacheApi, 'stats'>): void {
  metric({
    name: 'cache_requests_total',
    help: 'Reads of the cache, by the tier that was asked last and the result.',
    type: 'counter',
    read() {
      const {l1Hits, l2Hits, misses} = cache.stats()
      return [
        {labels: {tier: 'l1', result: 'hit'}, value: l1Hits},
        {labels: {tier: 'l2', result: 'hit'}, value: l2Hits},
        {labels: {tier: 'l2', result: 'miss'}, value: misses},
      ]
    },
  })
  metric({
    name: 'cache_evictions_total',
    help: 'Entries that left the cache, by cause.',
    type: 'counter',
    read: () => Object.entries(cache.stats().evictions).map(([cause, value]) => ({labels: {cause}, value})),
  })
  metric({
    name: 'cache_promotions_total',
    help: 'Entries that moved from the second tier to the first.',
    type: 'counter',
    read: () => cache.stats().promotions,
  })
  metric({
    name: 'cache_games',
    help: 'Games that are kept, played ones included.',
    type: 'gauge',
    read: () => cache.stats().games,
  })
  metric({
    name: 'cache_games_lost_total',
    help: 'Games whose kept state was evicted or corrupt, and stood nowhere else.',
    type: 'counter',
    read: () => cache.stats().gamesLost,
  })
  metric({
    name: 'cache_entries',
    help: 'Entries in the cache.',
    type: 'gauge',
    read() {
      const {l1Size, l2Size} = cache.stats()
      return byTier(l1Size, l2Size)
    },
  })
  metric({
    name: 'cache_bytes',
    help: 'Bytes in the cache: estimated as JSON in the first tier, as stored in the second.',
    type: 'gauge',
    read() {
      const {l1Bytes, l2Bytes} = cache.stats()
      return byTier(l1Bytes, l2Bytes)
    },
  })
}

function byTier(l1: number, l2: number) {
  return [
    {labels: {tier: 'l1'}, value: l1},
    {labels: {tier: 'l2'}, value: l2},
  ]
}
