import {dirname} from 'node:path'

import {type LoadedConfig, type LoadOptions, loadConfig} from '../config/load.js'
import {GsError} from '../errors.js'
import {createLogger, type ServerLogger} from '../logging/create-logger.js'
import type {GameServer} from '../server/game-server.js'
import type {Terminal} from '../util/terminal.js'
import {compareConfigs} from './compare-configs.js'
import {loadServerParts, type ServerSource, startServer} from './create-server.js'

/** How long a log that nobody reads may hold up the end of the process. */
const LOG_FLUSH_MS = 1000

/** What a server in the foreground says when it is ready. */
export interface ReadyNotice {
  readonly url: string
  readonly name: string
  readonly host: string
  readonly port: number
  readonly plugins: readonly string[]
}

/** A server in the foreground. */
export interface Serving {
  readonly ready: ReadyNotice
  /** Reads the configuration again; what can change while running does. Never throws: the log tells how it went. */
  reload(): Promise<void>
  /** Resolves to false when clients had to be cut off. */
  stop(): Promise<boolean>
}

/**
 * Starts a server from the configuration files, the environment and flags, with a log on stderr or in a file.
 *
 * @throws {GsError} as `createServer`; file_unwritable for the log file.
 */
export async function serve(options: LoadOptions & {terminal: Terminal}): Promise<Serving> {
  const loaded = await loadConfig(options)
  const log = createLogger({...loaded.config.log, ...options.terminal})
  try {
    const server = await startServer(fromFolder(loaded, options.cwd), {log})
    return createServing(server, loaded, log, options)
  } catch (error) {
    await log.close(LOG_FLUSH_MS)
    throw error
  }
}

/**
 * Does all of `serve` that can fail for reasons of configuration, but starts nothing.
 *
 * @throws {GsError} as `serve`, but for the listening socket.
 */
export async function checkServe(options: LoadOptions): Promise<{file: string | null}> {
  const loaded = await loadConfig(options)
  await loadServerParts(fromFolder(loaded, options.cwd))
  return {file: loaded.file}
}

/** Paths and packages in a file are relative to it. */
function fromFolder(loaded: LoadedConfig, cwd: string): ServerSource {
  const baseDir = loaded.file === null ? cwd : dirname(loaded.file)
  return {...loaded, baseDir, configOrigin: loaded.file === null ? 'default' : `file ${loaded.file}`}
}

function createServing(server: GameServer, loaded: LoadedConfig, log: ServerLogger, options: LoadOptions): Serving {
  const {host, port} = server.address
  const plugins = server.plugins.map(({name}) => name)
  const shownHost = host.includes(':') ? `[${host}]` : host
  const ready = {url: `gs://${shownHost}:${port}`, name: server.name, host, port, plugins}
  log.info({name: server.name, version: server.version, host, port, plugins}, 'ready')
  if (loaded.config.server.insecurePublic) {
    log.warn(
      {host},
      'anyone who reaches this address can take any user id: auth.mode is none and the address is public',
    )
  }
  let running = loaded.config
  return {
    ready,
    async reload() {
      try {
        const next = await loadConfig(options)
        const {changes, config} = compareConfigs(running, next.config)
        server.applyConfig(config)
        log.setLevel(config.log.level)
        running = config
        log.info({...changes}, 'configuration read again')
      } catch (error) {
        if (!GsError.is(error)) throw error
        log.error(
          {code: error.code, problem: error.message},
          'configuration not read again; the old one stays in force',
        )
      }
    },
    async stop() {
      log.info({}, 'stopping')
      const isComplete = await server.close()
      if (isComplete) log.info({}, 'stopped')
      else log.error({}, 'stopped; clients had to be cut off')
      await log.close(LOG_FLUSH_MS)
      return isComplete
    },
  }
}
