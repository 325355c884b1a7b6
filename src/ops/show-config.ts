import {SECRET_VARIABLE} from '../config/environment.js'
import {CONFIG_KEYS} from '../config/keys.js'
import {loadConfig} from '../config/load.js'
import {nearest} from '../config/nearest.js'
import {getKey} from '../config/resolve.js'
import {GsError} from '../errors.js'
import {visibleText} from '../util/visible-text.js'

export interface ShownKey {
  /** As in `server.port`. */
  readonly key: string
  readonly value: unknown
  /** `default`, `file PATH` or `env GS_…`. */
  readonly origin: string
}

export interface ShownConfig {
  /** The configuration file, absolute; null when there is none. */
  readonly file: string | null
  readonly keys: readonly ShownKey[]
}

const SET = '(set)'

/**
 * Every key with its value and where that comes from; with `key`, that key or the keys of that group. Secrets, and what
 * is meant for plugins and may hold some, are only said to be set.
 *
 * @throws {GsError} config_invalid when the configuration is; usage when there is no such key.
 */
export async function showConfig(options: {
  cwd: string
  file: string | undefined
  env: NodeJS.ProcessEnv
  key: string | undefined
}): Promise<ShownConfig> {
  const {config, origins, file, pluginInput} = await loadConfig(options)
  const hasSecret = Boolean(options.env[SECRET_VARIABLE])
  const secret = {
    key: 'auth.secret',
    value: hasSecret ? SET : null,
    origin: hasSecret ? `env ${SECRET_VARIABLE}` : 'default',
  }
  const keys = [
    ...CONFIG_KEYS.flatMap(({path}) => {
      const shown = {key: path, value: showValue(getKey(config, path)), origin: origins.get(path) ?? 'default'}
      // No key of the configuration, yet what somebody who looks at this one wants to know.
      return path === 'auth.secretFile' ? [shown, secret] : [shown]
    }),
    ...Object.keys(pluginInput).map(name => ({key: name, value: SET, origin: file ? `file ${file}` : 'default'})),
  ]
  return {file, keys: options.key === undefined ? keys : select(keys, options.key)}
}

function select(keys: readonly ShownKey[], wanted: string): ShownKey[] {
  const found = keys.filter(({key}) => key === wanted || key.startsWith(`${wanted}.`))
  if (found.length > 0) return found
  const suggestion = nearest(
    wanted,
    keys.map(({key}) => key),
  )
  throw new GsError('usage', `no such key: ${visibleText(wanted)}`, {
    hint: suggestion === undefined ? 'gs config show lists all.' : `Did you mean ${suggestion}?`,
  })
}

/** Plugins and games given as objects go by their name. */
function showValue(value: unknown): unknown {
  if (!Array.isArray(value)) return value
  return value.map(entry => (typeof entry === 'string' ? entry : ((entry as {name?: unknown}).name ?? '(unnamed)')))
}
