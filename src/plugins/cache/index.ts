import type {Config} from '../../config/schema.js'
import type {PluginHost} from '../../contract/plugins.js'
import {definePlugin} from '../../pipeline/define-plugin.js'
import {CacheFront} from './cache-api.js'
import {CacheListeners} from './cache-listeners.js'
import {registerMetrics} from './cache-metrics.js'
import {GameKeeper} from './game-keeper.js'
import {GameTable} from './game-table.js'
import {GameWriter} from './game-writer.js'
import type {SliceTools} from './slices.js'
import {TieredCache} from './tiered-cache.js'

type CacheConfig = Config['cache']

/** Two tiers for embedders and games, and games that outlive their rooms and the server. */
export const cachePlugin = definePlugin<CacheConfig>({
  name: 'cache',
  async setup(host, config) {
    const settings = {...config}
    const tools = {monotonicMs: () => host.clock.monotonicMs(), defer: (task: () => void) => void setImmediate(task)}
    const listeners = new CacheListeners((event, error) => {
      host.log.error({event, err: error}, 'a listener of the cache failed')
    })
    const cache = new TieredCache({settings, listeners, ...tools})
    const keeper = await keepGames(host, {cache, tools, settings})
    const front = new CacheFront({cache, tools, settings, keeper})
    host.provide('cache', front)
    registerMetrics(host, front)
    host.every(config.cleanupIntervalMs, () => {
      keeper.sweep()
      void cleanUp(host, front)
    })
    let current = config
    return {
      configure(changed) {
        // What an operator resized stays, unless that key has changed.
        Object.assign(settings, differences(current, changed as CacheConfig))
        current = changed as CacheConfig
        cache.resize()
      },
      close: () => keeper.close(),
    }
  },
})

async function keepGames(
  host: PluginHost,
  {cache, tools, settings}: {cache: TieredCache; tools: SliceTools; settings: CacheConfig},
): Promise<GameKeeper> {
  const {log, clock, rooms, store} = host
  const {nowMs} = clock
  const table = settings.persist && store.isLasting ? new GameTable(store) : null
  const saving = table && {table, writer: new GameWriter({table, tools, after: host.after, log, nowMs, settings})}
  const keeper = new GameKeeper({cache, rooms, clock, log, settings, saving})
  await keeper.load()
  host.on('gameChanged', ({roomId, saved}) => keeper.changed(roomId, saved))
  host.on('gameEnded', ({roomId}) => keeper.ended(roomId))
  host.on('gameRestored', ({roomId}) => keeper.restored(roomId))
  host.on('roomClosed', ({roomId}) => keeper.roomClosed(roomId))
  host.hook('restoreGame', roomId => keeper.restore(roomId))
  host.hook('savedSeats', userId => keeper.seatsOf(userId))
  return keeper
}

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
