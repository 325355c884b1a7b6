import type {Config} from '../config/schema.js'
import type {BuiltInName} from '../contract/plugin-apis.js'
import type {PluginDefinition} from '../contract/plugins.js'
import {GsError} from '../errors.js'
import {checkPlugin} from '../pipeline/define-plugin.js'
import {BUILT_IN_ORDER} from '../pipeline/hook-chains.js'
import {BUILT_IN_PLUGINS} from './built-in-plugins.js'
import {loadModule, type ModuleKind, type ModuleSource} from './load-module.js'

const PLUGIN: ModuleKind = {noun: 'plugin', code: 'plugin_not_found', builtIns: BUILT_IN_ORDER}

/**
 * Loads what `plugins` of the configuration lists: plugins as objects, paths and packages by name. A module gives a
 * plugin as its default export or as an export named `plugin`.
 *
 * @throws {GsError} plugin_not_found or plugin_invalid for the first entry that cannot be found or used.
 */
export async function loadPlugins(
  entries: Config['plugins'],
  source: ModuleSource,
): Promise<PluginDefinition<never>[]> {
  const plugins: PluginDefinition<never>[] = []
  for (const [index, entry] of entries.entries()) {
    const plugin =
      typeof entry === 'string'
        ? await loadPlugin(entry, source)
        : refuseReservedName(checkPlugin(entry, `plugins[${index}]`), `plugins[${index}]`)
    if (plugins.some(({name}) => name === plugin.name)) {
      throw new GsError('plugin_invalid', `two plugins have the name ${plugin.name}`)
    }
    plugins.push(plugin)
  }
  return plugins
}

/**
 * Loads one plugin by a built-in's name, a path or a package's name.
 *
 * @throws {GsError} plugin_not_found or plugin_invalid
 */
export async function loadPlugin(entry: string, source: ModuleSource): Promise<PluginDefinition<never>> {
  if (Object.hasOwn(BUILT_IN_PLUGINS, entry)) return BUILT_IN_PLUGINS[entry as BuiltInName]()
  const {origin, value} = await loadModule(entry, PLUGIN, source)
  return refuseReservedName(checkPlugin(value, origin), origin)
}

/** Built-in plugins have a place of their own in the order, which a name alone must not give. */
function refuseReservedName(plugin: PluginDefinition<never>, origin: string): PluginDefinition<never> {
  if (!BUILT_IN_ORDER.includes(plugin.name)) return plugin
  throw new GsError('plugin_invalid', `${origin}: the name ${plugin.name} is kept for a built-in plugin`)
}
