import type {PluginDefinition} from '../contract/plugins.js'
import {GsError} from '../errors.js'

/** Gives a plugin definition its types; the definition itself is returned as it is. */
export function definePlugin<Config = undefined>(definition: PluginDefinition<Config>): PluginDefinition<Config> {
  return definition
}

/**
 * Checks a value that should be a plugin.
 *
 * @throws {GsError} plugin_invalid naming `origin`, where the value comes from.
 */
export function checkPlugin(value: unknown, origin: string): PluginDefinition<never> {
  if (typeof value !== 'object' || value === null) {
    throw new GsError('plugin_invalid', `${origin} is no plugin: expected an object, got ${typeof value}`, {
      hint: 'Export the result of definePlugin({name, setup}) as default.',
    })
  }
  const {name, setup, configSchema, onFailure} = value as Record<string, unknown>
  const problem = findProblem({name, setup, configSchema, onFailure})
  if (problem !== null) throw new GsError('plugin_invalid', `${origin} is no plugin: ${problem}`)
  return value as PluginDefinition<never>
}

function findProblem({name, setup, configSchema, onFailure}: Record<string, unknown>): string | null {
  if (typeof name !== 'string' || !/^[a-z][a-z0-9-]{0,31}$/.test(name)) {
    return 'name must be 1 to 32 characters of a-z, 0-9 and -, starting with a letter'
  }
  if (typeof setup !== 'function') return 'setup must be a function'
  if (configSchema !== undefined && typeof (configSchema as {parse?: unknown} | null)?.parse !== 'function') {
    return 'configSchema must have a parse function'
  }
  return [undefined, 'open', 'closed'].includes(onFailure as undefined) ? null : "onFailure must be 'open' or 'closed'"
}
