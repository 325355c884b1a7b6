import {homedir} from 'node:os'
import {join} from 'node:path'
import type {Config} from '../config/schema.js'
import type {Logger} from '../contract/logger.js'
import {GsError} from '../errors.js'
import type {ClosableStore} from './lazy-store.js'

/** Opens the data store that a configuration means. */
export async function openDataStore(config: Config, _log: Logger): Promise<ClosableStore> {
  const folder = dataDirectory(config, process.env)
  throw new GsError('file_unwritable', `no store at ${folder}`)
}

/** Where a server's data lies; null: in memory. */
export function dataDirectory(
  {name, dataDir, ephemeral}: Pick<Config, 'name' | 'dataDir' | 'ephemeral'>,
  env: NodeJS.ProcessEnv,
): string | null {
  if (ephemeral) return null
  return dataDir ?? join(env.XDG_STATE_HOME || join(homedir(), '.local/state'), 'gs', name)
}
