import {isDeepStrictEqual} from 'node:util'

import {CONFIG_KEYS} from '../config/keys.js'
import {copyConfig, getKey, setKey} from '../config/resolve.js'
import type {Config} from '../config/schema.js'

/** What a reload changes. Keys as in `server.maxRooms`. */
export interface ConfigChanges {
  /** Changed, and in force from now on. */
  readonly applied: readonly string[]
  /** Changed in the file; the old value stays in force until a restart. */
  readonly needRestart: readonly string[]
}

/** Compares the configuration in force with a new one, and puts together what is in force after the reload. */
export function compareConfigs(running: Config, next: Config): {changes: ConfigChanges; config: Config} {
  const changed = CONFIG_KEYS.filter(({path}) => !isDeepStrictEqual(getKey(running, path), getKey(next, path)))
  const live = changed.filter(({liveness}) => liveness === 'live')
  const config = copyConfig(running)
  for (const {path} of live) setKey(config, path, () => getKey(next, path))
  return {
    changes: {
      applied: live.map(({path}) => path),
      needRestart: changed.filter(key => !live.includes(key)).map(({path}) => path),
    },
    config: config as unknown as Config,
  }
}
