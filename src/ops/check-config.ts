import {existsSync} from 'node:fs'
import {isAbsolute} from 'node:path'
import {loadConfig} from '../config/load.js'
import {ConfigError, type Problem} from '../config/problems.js'
import type {Config} from '../config/schema.js'
import {loadSecret} from '../config/secret.js'
import {GsError} from '../errors.js'
import {visibleValue} from '../util/visible-text.js'

/**
 * Tests a configuration without starting anything: its values, the secret, and that modules named by a path are there.
 * Modules are not loaded, so what the plugins' own schemas say is not known.
 *
 * @throws {GsError} config_invalid and its kin, with all that is wrong; secret_missing, secret_unsafe.
 */
export async function checkConfigFile(options: {
  cwd: string
  file: string | undefined
  env: NodeJS.ProcessEnv
}): Promise<{file: string | null}> {
  const {config, origins, file} = await loadConfig(options)
  const problems = [...missingModules(config, 'plugins', origins), ...missingModules(config, 'games', origins)]
  if (problems.length > 0) throw new ConfigError(problems)
  const secret = await loadSecret({secretFile: config.auth.secretFile, env: options.env})
  if (config.auth.mode === 'token' && secret === null) {
    throw new GsError('secret_missing', 'auth.mode is token, and there is no secret', {
      hint: 'Set auth.secretFile or GS_AUTH_SECRET.',
    })
  }
  return {file}
}

function missingModules(config: Config, key: 'plugins' | 'games', origins: ReadonlyMap<string, string>): Problem[] {
  const entries: readonly unknown[] = config[key]
  return entries.flatMap((entry, index) =>
    typeof entry === 'string' && isAbsolute(entry) && !existsSync(entry)
      ? [{key: `${key}[${index}]`, origin: origins.get(key) ?? '', reason: `no such file: ${visibleValue(entry, 300)}`}]
      : [],
  )
}
