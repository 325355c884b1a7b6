import {resolvePluginConfigs} from '../config/plugin-config.js'
import type {PluginDefinition} from '../contract/plugins.js'
import {BUILT_IN_ORDER} from '../pipeline/hook-chains.js'
import type {ServerSource} from './server-source.js'

/**
 * The checked configuration of each plugin, by name. That of the built-in ones is part of the server's own.
 *
 * @throws {GsError} config_invalid with all that is wrong.
 */
export function checkPluginConfigs(
  plugins: readonly PluginDefinition<never>[],
  {config, pluginInput, configOrigin: origin}: Pick<ServerSource, 'config' | 'pluginInput' | 'configOrigin'>,
): Map<string, unknown> {
  const isBuiltIn = ({name}: PluginDefinition<never>) => BUILT_IN_ORDER.includes(name)
  const configs = resolvePluginConfigs({pluginInput, plugins: plugins.filter(plugin => !isBuiltIn(plugin)), origin})
  for (const {name} of plugins.filter(isBuiltIn)) configs.set(name, config[name as keyof typeof config])
  return configs
}
