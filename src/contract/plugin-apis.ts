import type {AnalyticsApi} from './analytics.js'

/** What each built-in plugin provides under its own name, for embedders and for the admin channel. */
export interface PluginApis {
  readonly analytics: AnalyticsApi
}

export type BuiltInName = 'metrics' | 'cache' | 'security' | 'analytics'
