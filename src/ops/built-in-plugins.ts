import type {BuiltInName} from '../contract/plugin-apis.js'
import type {PluginDefinition} from '../contract/plugins.js'

/** The built-in plugins, loaded when one is named. */
export const BUILT_IN_PLUGINS: {readonly [Name in BuiltInName]?: () => Promise<PluginDefinition<never>>} = {
  metrics: async () => (await import('../plugins/metrics/index.js')).metricsPlugin as PluginDefinition<never>,
}
