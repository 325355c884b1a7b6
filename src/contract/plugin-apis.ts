import type {SecurityApi} from './security.js'

/** What each built-in plugin provides under its own name, for embedders and for the admin channel. */
export interface PluginApis {
  security: SecurityApi
}

export type BuiltInName = 'metrics' | 'cache' | 'security' | 'analytics'
