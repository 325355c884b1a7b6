import type {z} from 'zod'
import {type KeyMeta, metaOf} from './key.js'
import {KEY_GROUPS} from './schema.js'

/** One key of the configuration, with all that is known about it. */
export interface ConfigKey extends KeyMeta {
  /** As in `server.port`; keys of no group stand alone. */
  readonly path: string
  /** `top` for keys of no group. */
  readonly group: keyof typeof KEY_GROUPS
  /** The name within the group. */
  readonly name: string
  /** Environment variable that sets it. */
  readonly env: string
  readonly default: unknown
}

/** Every key, in the order of documentation. */
export const CONFIG_KEYS: readonly ConfigKey[] = Object.entries(KEY_GROUPS).flatMap(([group, keys]) =>
  Object.entries(keys).map(([name, schema]) => describeKey(group as ConfigKey['group'], name, schema)),
)

const keysByPath: ReadonlyMap<string, ConfigKey> = new Map(CONFIG_KEYS.map(key => [key.path, key]))

/** The names of the groups. */
export const GROUP_NAMES: readonly string[] = Object.keys(KEY_GROUPS).filter(group => group !== 'top')

export function findKey(path: string): ConfigKey | undefined {
  return keysByPath.get(path)
}

function describeKey(group: ConfigKey['group'], name: string, schema: z.ZodType): ConfigKey {
  const path = group === 'top' ? name : `${group}.${name}`
  return {...metaOf(schema), path, group, name, env: environmentName(path), default: schema.parse(undefined)}
}

/** `server.maxFrameBytes` becomes `GS_SERVER_MAX_FRAME_BYTES`. */
export function environmentName(path: string): string {
  return `GS_${path.replace(/[A-Z]/g, '_$&').replaceAll('.', '_').toUpperCase()}`
}
