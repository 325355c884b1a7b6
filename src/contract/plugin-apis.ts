import type {AnalyticsApi} from './analytics.js'
import type {CacheApi} from './cache.js'
import type {MetricsApi} from './metrics.js'
import type {SecurityApi} from './security.js'

/** What each built-in plugin provides under its own name, for embedders and for the admin channel. */
export interface PluginApis {
  metrics: MetricsApi
  cache: CacheApi
  analytics: AnalyticsApi
  security: SecurityApi
}

export type BuiltInName = 'metrics' | 'cache' | 'security' | 'analytics'
