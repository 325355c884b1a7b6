import {type LoadedConfig, type LoadOptions, loadConfig} from '../config/load.js'
import {ConfigError} from '../config/problems.js'

/**
 * `loadConfig`, for as long as `limitMs`: a file that is a module may wait for something that never comes.
 *
 * @throws {ConfigError} as `loadConfig`, and config_invalid when the time is over.
 */
export async function loadInTime(options: LoadOptions, limitMs: number): Promise<LoadedConfig> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => {
    late.reject(new ConfigError([{key: '', origin: '', reason: `the configuration did not load within ${limitMs} ms`}]))
  }, limitMs)
  try {
    return await Promise.race([loadConfig(options), late.promise])
  } finally {
    clearTimeout(timer)
  }
}
