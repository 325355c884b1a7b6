import type {BuiltInName} from '../contract/plugin-apis.js'
import type {PluginDefinition} from '../contract/plugins.js'

/** The built-in plugins, loaded when one is named. */
export const BUILT_IN_PLUGINS: {readonly [Name in BuiltInName]: () => Promise<PluginDefinition<never>>} = {
  metrics: async () => (await import('../plugins/metrics/index.js')).metricsPlugin as PluginDefinition<never>,
  cache: async () => (await import('../plugins/cache/index.js')).cachePlugin as PluginDefinition<never>,
  analytics: async () => (await import('../plugins/analytics/index.js')).analyticsPlugin as PluginDefinition<never>,
  security: async () => (await import('../plugins/security/index.js')).securityPlugin as PluginDefinition<never>,
}
