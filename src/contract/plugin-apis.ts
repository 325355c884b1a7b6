import type {MetricsApi} from './metrics.js'

/** What each built-in plugin provides under its own name, for embedders and for the admin channel. */
export interface PluginApis {
  metrics: MetricsApi
}

export type BuiltInName = 'metrics' | 'cache' | 'security' | 'analytics'
