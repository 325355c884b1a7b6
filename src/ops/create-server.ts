import {resolveConfig} from '../config/resolve.js'
import type {Config, ConfigInput} from '../config/schema.js'
import {loadSecret} from '../config/secret.js'
import type {Clock} from '../contract/clock.js'
import type {Logger} from '../contract/logger.js'
import {GsError} from '../errors.js'
import {createLogger} from '../logging/create-logger.js'
import {GameServer, type GameServerOptions} from '../server/game-server.js'
import {createTokenVerifier, type TokenVerifier} from '../server/token-verifier.js'
import {systemClock} from '../util/system-clock.js'
import {checkPluginConfigs} from './check-plugin-configs.js'
import {openEmbeddedAdmin} from './embedded-admin.js'
import {LazyStore} from './lazy-store.js'
import {loadGames} from './load-games.js'
import {loadPlugins} from './load-plugins.js'
import {openDataStore} from './open-data-store.js'
import type {ServerSource} from './server-source.js'

/** What a server takes from outside besides its configuration. Everything has a default. */
export interface ServerSurroundings {
  /** Where it logs. Default: JSON lines of `log.level` to `log.file` or stderr. */
  readonly log?: Logger
  /** Default: the machine's time. */
  readonly clock?: Clock
  /** In [0, 1). Default: Math.random. */
  readonly random?: () => number
}

/**
 * Starts a server inside your program. `options` has the shape of the configuration file; entries of `plugins` and `games`
 * may be objects, too. An admin channel is opened only where `admin.socket` names its path. Nothing else is read: no file, and of the environment only `GS_AUTH_SECRET`, when `auth.mode` is
 * `token`. No signal is handled and nothing is global, so several servers can run in one process.
 *
 * @throws {GsError} config_invalid, insecure_public, plugin_not_found, plugin_invalid, plugin_setup_failed,
 * game_invalid, secret_missing, secret_unsafe, address_in_use or listen_failed.
 */
export async function createServer(
  options: ConfigInput = {},
  surroundings: ServerSurroundings = {},
): Promise<GameServer> {
  const source = {...resolveConfig(options), baseDir: process.cwd(), configOrigin: 'options'}
  const log = surroundings.log ?? createLogger({...source.config.log, isTerminal: false, hasColor: false})
  const server = await startServer(source, {...surroundings, log})
  if (source.config.admin.socket !== null) await openEmbeddedAdmin(server, source, log)
  return server
}

/** What a server is made of, loaded and checked. */
type ServerParts = Pick<GameServerOptions, 'games' | 'plugins' | 'verifyToken'>

/** Starts a server from a checked configuration. */
export async function startServer(
  source: ServerSource,
  surroundings: ServerSurroundings & {readonly log: Logger},
): Promise<GameServer> {
  const {config} = source
  const {log, clock = systemClock, random = Math.random} = surroundings
  const parts = await loadServerParts(source)
  const store = new LazyStore(() => openDataStore(config, {clock, log}), {isLasting: !config.ephemeral})
  try {
    const server = await GameServer.start({
      config,
      ...parts,
      clock,
      random,
      log,
      store,
    })
    server.closeLast(() => store.close())
    return server
  } catch (error) {
    await store.close()
    throw error
  }
}

/** Loads plugins and games, checks the plugins' configuration and reads the secret. */
export async function loadServerParts(source: ServerSource): Promise<ServerParts> {
  const {config, baseDir} = source
  const plugins = await loadPlugins(config.plugins, {baseDir})
  const pluginConfigs = checkPluginConfigs(plugins, source)
  return {
    plugins: plugins.map((definition, index) => ({
      definition,
      config: pluginConfigs.get(definition.name),
      entry: entryOf(config.plugins[index]),
    })),
    games: await loadGames(config.games, {baseDir}),
    verifyToken: await createVerifier(config),
  }
}

/** What a plugin can be loaded by once more. */
function entryOf(plugin: Config['plugins'][number] | undefined): string | undefined {
  return typeof plugin === 'string' ? plugin : undefined
}

async function createVerifier({auth}: Config): Promise<TokenVerifier | null> {
  if (auth.mode === 'none') return null
  const secret = await loadSecret({secretFile: auth.secretFile, env: process.env})
  if (secret === null) {
    throw new GsError('secret_missing', 'auth.mode is token, but there is no secret to check tokens with', {
      hint: 'Set auth.secretFile, or GS_AUTH_SECRET in the environment.',
    })
  }
  return createTokenVerifier(secret)
}
