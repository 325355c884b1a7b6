import {type LoadOptions, loadConfig} from '../config/load.js'
import {createLogger, type ServerLogger} from '../logging/create-logger.js'
import type {GameServer} from '../server/game-server.js'
import {hostPort} from '../util/host-port.js'
import {openRunDirectory, runDirectoryBase, socketPath} from '../util/run-directory.js'
import type {Terminal} from '../util/terminal.js'
import {loadServerParts, startServer} from './create-server.js'
import {Foreground, toSource} from './foreground.js'
import {openAdmin} from './open-admin.js'
import {holdYoungGeneration} from './young-generation.js'

const LOG_FLUSH_MS = 1000

/** What a server in the foreground says when it is ready. */
export interface ReadyNotice {
  readonly url: string
  readonly name: string
  readonly host: string
  readonly port: number
  readonly socket: string
  readonly plugins: readonly string[]
}

/** A server in the foreground. */
export interface Serving {
  readonly ready: ReadyNotice
  readonly foreground: Foreground
}

/**
 * Starts a server, and the admin channel to it, from the configuration files, the environment and flags, with a log on
 * stderr or in a file.
 *
 * @throws {GsError} as `createServer` and `openAdmin`; file_unwritable for the log file.
 */
export async function serve(options: LoadOptions & {terminal: Terminal}): Promise<Serving> {
  const loaded = await loadConfig(options)
  const {config} = loaded
  const log = createLogger({...config.log, ...options.terminal})
  const releaseYoungGeneration = holdYoungGeneration()
  let server: GameServer | undefined
  try {
    const path = config.admin.socket ?? socketPath(openRunDirectory(runDirectoryBase(options.env)), config.name)
    server = await startServer(toSource(loaded, options.cwd), {log})
    const foreground = new Foreground(server, loaded, log, options)
    const readOnlySocketPath = config.admin.readOnlySocket
    await openAdmin({server, processPart: foreground, socketPath: path, readOnlySocketPath, log})
    // Those who follow the log come to its end, before the channel is closed under them.
    server.closeLast(() => endFollowing(log))
    server.closeLast(async () => releaseYoungGeneration())

    const {name, version, address, plugins} = server
    const ready = {
      url: `gs://${hostPort(address)}`,
      name,
      ...address,
      socket: path,
      plugins: plugins.map(plugin => plugin.name),
    }
    log.info({...ready, version}, 'ready')
    if (config.server.insecurePublic) {
      log.warn({host: address.host}, 'anyone who reaches this address can take any user id: auth.mode is none')
    }
    return {ready, foreground}
  } catch (error) {
    await server?.close()
    releaseYoungGeneration()
    await log.close(LOG_FLUSH_MS)
    throw error
  }
}

/**
 * Does all of `serve` that can fail for reasons of configuration, but starts nothing.
 *
 * @throws {GsError} as `serve`, but for the sockets.
 */
export async function checkServe(options: LoadOptions): Promise<{file: string | null}> {
  const loaded = await loadConfig(options)
  await loadServerParts(toSource(loaded, options.cwd))
  return {file: loaded.file}
}

async function endFollowing(log: ServerLogger): Promise<void> {
  log.history.close()
  // The ends of their answers are on their way with the turn that follows.
  await new Promise(resolve => setImmediate(resolve))
}
