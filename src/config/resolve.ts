import {checkConfig, type RawConfig} from './check.js'
import {CONFIG_KEYS} from './keys.js'
import {anchorPaths} from './paths.js'
import {ConfigError} from './problems.js'
import type {Config, ConfigInput} from './schema.js'

export interface ResolvedConfig {
  readonly config: Config
  /** What stands under names that the core does not know, for `resolvePluginConfigs`. */
  readonly pluginInput: RawConfig
}

/**
 * Completes and checks a configuration given as an object: no file, no environment. Relative paths in it are seen from
 * `folder`. Data is kept in memory unless a folder for it is named.
 *
 * @throws {ConfigError} config_invalid, or insecure_public when that is the one problem.
 */
export function resolveConfig(input: ConfigInput, {folder = process.cwd()}: {folder?: string} = {}): ResolvedConfig {
  const raw = copyConfig(input)
  raw.ephemeral ??= (raw.dataDir ?? null) === null
  for (const {path} of CONFIG_KEYS) setKey(raw, path, value => anchorPaths(path, value, folder))
  const {config, pluginInput, problems} = checkConfig(raw, () => 'options')
  if (problems.length > 0) throw new ConfigError(problems)
  return {config, pluginInput}
}

/** Copies what `setKey` may change; what plugins and games bring stays the same objects. */
export function copyConfig(input: RawConfig): RawConfig {
  return Object.fromEntries(Object.entries(input).map(([name, value]) => [name, isGroup(value) ? {...value} : value]))
}

/** Replaces the value of a key. A group that is missing is made; one that is no group is left to the check. */
export function setKey(raw: RawConfig, path: string, change: (value: unknown) => unknown): void {
  const [first, name] = path.split('.') as [string, string?]
  if (name === undefined) {
    const value = change(raw[first])
    if (value !== undefined) raw[first] = value
    return
  }
  const group = raw[first] ?? {}
  if (!isGroup(group)) return
  const value = change(group[name])
  if (value === undefined) return
  group[name] = value
  raw[first] = group
}

/** The value of a key, or undefined. */
export function getKey(raw: RawConfig, path: string): unknown {
  const [first, name] = path.split('.') as [string, string?]
  if (name === undefined) return raw[first]
  const group = raw[first]
  return isGroup(group) ? group[name] : undefined
}

function isGroup(value: unknown): value is RawConfig {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
