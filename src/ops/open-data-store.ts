import {homedir} from 'node:os'
import {join} from 'node:path'
import type {Config} from '../config/schema.js'
import type {Clock} from '../contract/clock.js'
import type {Logger} from '../contract/logger.js'
import {openStore} from '../store/open-store.js'
import type {ClosableStore} from './lazy-store.js'

/**
 * Opens the data store that a configuration means.
 *
 * @throws {GsError} as `openStore`.
 */
export function openDataStore(
  config: Pick<Config, 'name' | 'dataDir' | 'ephemeral'>,
  surroundings: {readonly clock: Clock; readonly log: Logger},
): Promise<ClosableStore> {
  return openStore({directory: dataDirectory(config, process.env), ...surroundings})
}

/** Where a server's data lies; null: in memory. */
export function dataDirectory(
  {name, dataDir, ephemeral}: Pick<Config, 'name' | 'dataDir' | 'ephemeral'>,
  env: NodeJS.ProcessEnv,
): string | null {
  if (ephemeral) return null
  return dataDir ?? join(env.XDG_STATE_HOME || join(homedir(), '.local/state'), 'gs', name)
}
