import {dirname} from 'node:path'
import {checkConfig, type RawConfig} from './check.js'
import {readEnvironment} from './environment.js'
import {readConfigFile} from './file.js'
import {coerceText, type KeyValue} from './key-value.js'
import {CONFIG_KEYS, findKey} from './keys.js'
import {anchorPaths} from './paths.js'
import {ConfigError} from './problems.js'
import {copyConfig, getKey, type ResolvedConfig, setKey} from './resolve.js'

/** A key that a command's flag sets. Without a value it sets nothing. */
export interface FlagValue {
  /** As in `server.port`. */
  readonly key: string
  /** As in `--port`. */
  readonly flag: string
  /** Text is read like that of an environment variable. */
  readonly value: unknown
}

export interface LoadedConfig extends ResolvedConfig {
  /** Where each key's value comes from: `default`, `file PATH`, `env GS_…` or `flag --…`. */
  readonly origins: ReadonlyMap<string, string>
  /** The configuration file, absolute; null when there is none. */
  readonly file: string | null
}

export interface LoadOptions {
  /** Where to look for a file, and what paths in flags and variables are relative to. */
  readonly cwd: string
  /** Read this file and no other. Default: what `GS_CONFIG` names, then a search in `cwd`. */
  readonly file?: string | undefined
  readonly env: NodeJS.ProcessEnv
  readonly flags?: readonly FlagValue[]
}

/**
 * Puts the configuration together: flags before environment before file before defaults.
 *
 * @throws {ConfigError} config_invalid with all that is wrong, or insecure_public when that is the one problem.
 */
export async function loadConfig({cwd, file, env, flags = []}: LoadOptions): Promise<LoadedConfig> {
  const found = await readConfigFile({folder: cwd, file: file ?? (env.GS_CONFIG || undefined)})
  const environment = readEnvironment(env)

  const raw: RawConfig = found ? copyConfig(found.content) : {}
  const origins = new Map<string, string>(CONFIG_KEYS.map(({path}) => [path, 'default']))
  const fileOrigin = found ? `file ${found.path}` : 'default'
  for (const {path} of CONFIG_KEYS) {
    if (!found || getKey(raw, path) === undefined) continue
    setKey(raw, path, value => anchorPaths(path, value, dirname(found.path)))
    origins.set(path, fileOrigin)
  }
  for (const {key, origin, value} of [...environment.values, ...readFlags(flags)]) {
    setKey(raw, key, () => anchorPaths(key, value, cwd))
    origins.set(key, origin)
  }

  const originOf = (key: string) => originOfPath(key, origins, fileOrigin)
  const {config, pluginInput, problems} = checkConfig(raw, originOf)
  const all = [...environment.problems, ...problems]
  if (all.length > 0) throw new ConfigError(all)
  return {config, origins, file: found?.path ?? null, pluginInput}
}

/** Entries of a list share the origin of the list; names that are no key can only come from the file. */
function originOfPath(key: string, origins: ReadonlyMap<string, string>, fileOrigin: string): string {
  return origins.get(key.replace(/\[\d+\]$/, '')) ?? fileOrigin
}

function readFlags(flags: readonly FlagValue[]): KeyValue[] {
  return flags
    .filter(({value}) => value !== undefined)
    .map(({key, flag, value}) => ({key, origin: `flag ${flag}`, value: coerceFlag(key, value)}))
}

function coerceFlag(path: string, value: unknown): unknown {
  const key = findKey(path)
  return key !== undefined && typeof value === 'string' ? coerceText(key, value) : value
}
