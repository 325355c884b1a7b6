import type {ConfigSchema} from '../contract/plugins.js'
import {visibleValue} from '../util/visible-text.js'
import type {RawConfig} from './check.js'
import {GROUP_NAMES} from './keys.js'
import {ConfigError, mismatch, type Problem, unknownName} from './problems.js'

export interface ConfigurablePlugin {
  readonly name: string
  readonly configSchema?: ConfigSchema<unknown>
}

/**
 * Checks what the configuration says under the names of plugins, each by the plugin's own schema. A plugin that nothing
 * is said about gets its schema's answer to `{}`. Returns the checked configuration by name; undefined for a plugin
 * without a schema.
 *
 * `origin` says where the plugins' configuration comes from, as in `file /etc/gs.config.yaml`.
 *
 * @throws {ConfigError} config_invalid with all that is wrong, keys included that belong to no plugin.
 */
export function resolvePluginConfigs({
  pluginInput,
  plugins,
  origin,
}: {
  pluginInput: RawConfig
  plugins: readonly ConfigurablePlugin[]
  origin: string
}): Map<string, unknown> {
  const configs = new Map<string, unknown>()
  const problems: Problem[] = []
  const names = plugins.map(({name}) => name)
  for (const key of Object.keys(pluginInput)) {
    if (!names.includes(key))
      problems.push({key, origin, reason: unknownName('key or plugin', key, [...GROUP_NAMES, ...names])})
  }
  for (const {name, configSchema} of plugins) {
    const input = Object.hasOwn(pluginInput, name) ? pluginInput[name] : undefined
    if (configSchema === undefined) {
      configs.set(name, undefined)
      if (input !== undefined) problems.push({key: name, origin, reason: 'this plugin takes no configuration'})
      continue
    }
    try {
      // A group left empty in YAML is null.
      configs.set(name, configSchema.parse(input ?? {}))
    } catch (error) {
      problems.push(...explainFailure(error, {name, input, origin}))
    }
  }
  if (problems.length > 0) throw new ConfigError(problems)
  return configs
}

/** Names of keys whose values are not repeated in messages. */
const SECRET_NAME = /secret|password|passphrase|token|credential|key/i

interface Issue {
  readonly path: readonly PropertyKey[]
  readonly message: string
}

/** Schemas of zod and of its like throw a list of issues; any other schema throws an error with a message. */
function explainFailure(
  error: unknown,
  {name, input, origin}: {name: string; input: unknown; origin: string},
): Problem[] {
  const {issues} = error as {issues?: readonly Issue[]}
  if (!Array.isArray(issues) || issues.length === 0) {
    return [{key: name, origin, reason: error instanceof Error ? error.message : mismatch('valid', input)}]
  }
  return (issues as readonly Issue[]).map(({path, message}) => {
    const value = path.reduce<unknown>(
      (inner, key) => (inner as Record<PropertyKey, unknown> | undefined)?.[key],
      input,
    )
    const isShown = value !== undefined && path.length > 0 && !path.some(key => SECRET_NAME.test(String(key)))
    const got = isShown ? `, got ${visibleValue(value)}` : ''
    return {key: [name, ...path.map(String)].join('.'), origin, reason: `${message}${got}`}
  })
}
