import type {Config} from '../../config/schema.js'
import type {PluginHost} from '../../contract/plugins.js'
import {definePlugin} from '../../pipeline/define-plugin.js'
import {CacheFront} from './cache-api.js'
import {CacheListeners} from './cache-listeners.js'
import {registerMetrics} from './cache-metrics.js'
import {TieredCache} from './tiered-cache.js'

type CacheConfig = Config['cache']

/** The cache: two tiers, for embedders, plugins and games. */
export const cachePlugin = definePlugin<CacheConfig>({
  name: 'cache',
  setup(host, config) {
    const settings = {...config}
    const tools = {monotonicMs: () => host.clock.monotonicMs(), defer: (task: () => void) => void setImmediate(task)}
    const listeners = new CacheListeners((event, error) => {
      host.log.error({event, err: error}, 'a listener of the cache failed')
    })
    const cache = new TieredCache({settings, listeners, ...tools})
    const front = new CacheFront({cache, tools, settings})
    host.provide('cache', front)
    registerMetrics(host, front)
    host.every(config.cleanupIntervalMs, () => void cleanUp(host, front))
    let current = config
    return {
      configure(changed) {
        // What an operator resized stays, unless that key has changed.
        Object.assign(settings, differences(current, changed as CacheConfig))
        current = changed as CacheConfig
        cache.resize()
      },
    }
  },
})

async function cleanUp({clock, log}: PluginHost, front: CacheFront): Promise<void> {
  const startMs = clock.monotonicMs()
  const removed = await front.cleanup()
  const {l1Size, l2Size, hitRatePercent} = front.stats()
  const durationMs = Math.round(clock.monotonicMs() - startMs)
  log.debug({durationMs, removed, l1Size, l2Size, hitRatePercent}, 'expired entries were removed')
}

function differences(before: CacheConfig, after: CacheConfig): Partial<CacheConfig> {
  const keys = Object.keys(after) as (keyof CacheConfig)[]
  return Object.fromEntries(keys.filter(key => after[key] !== before[key]).map(key => [key, after[key]]))
}
