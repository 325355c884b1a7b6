import {dirname} from 'node:path'

import type {LoadedConfig, LoadOptions} from '../config/load.js'
import type {Config} from '../config/schema.js'
import type {ReloadResult} from '../contract/admin.js'
import type {PluginStatus} from '../contract/plugins.js'
import {GsError} from '../errors.js'
import type {ServerLogger} from '../logging/create-logger.js'
import type {GameServer} from '../server/game-server.js'
import {oneAtATime} from '../util/one-at-a-time.js'
import type {ProcessPart} from './admin-backend.js'
import {compareConfigs} from './compare-configs.js'
import {loadInTime} from './load-in-time.js'
import {disablePlugin, enablePlugin} from './manage-plugins.js'
import type {ServerSource} from './server-source.js'

/** How long a log that nobody reads may hold up the end of the process. */
const LOG_FLUSH_MS = 1000
/** A configuration that loads forever must not hold up the next one. */
const RELOAD_LIMIT_MS = 30_000

/** Paths and packages in a file are relative to it. */
export function toSource(loaded: LoadedConfig, cwd: string): ServerSource {
  const baseDir = loaded.file === null ? cwd : dirname(loaded.file)
  return {...loaded, baseDir, configOrigin: loaded.file === null ? 'default' : `file ${loaded.file}`}
}

/** A server that a process was started for: what signals and operators do to it, until it ends. */
export class Foreground implements ProcessPart {
  readonly #server: GameServer
  readonly #log: ServerLogger
  readonly #options: LoadOptions
  readonly #ended = Promise.withResolvers<boolean>()
  /** The configuration in force. */
  #running: Config
  /** What plugins are loaded and configured by. */
  #source: ServerSource
  #isEnding = false

  constructor(server: GameServer, loaded: LoadedConfig, log: ServerLogger, options: LoadOptions) {
    this.#server = server
    this.#log = log
    this.#options = options
    this.#running = loaded.config
    this.#source = toSource(loaded, options.cwd)
  }

  /** Resolves when the server has stopped, whoever stopped it; false when clients had to be cut off. */
  get ended(): Promise<boolean> {
    return this.#ended.promise
  }

  readonly stop = (): void => {
    this.#log.info({}, 'stopping')
    this.#endWith(this.#server.close())
  }

  readonly drain = (forMs: number): void => {
    this.#endWith(this.#server.drain({forMs}))
  }

  /** One after the other, so that what is in force in the end is what was asked for last. */
  readonly reload = oneAtATime(() => this.#readAgain())

  readonly logs: ProcessPart['logs'] = options => this.#log.history.read(options)

  readonly enablePlugin = (entry: string): Promise<PluginStatus> => enablePlugin(this.#server, entry, this.#source)

  readonly disablePlugin = (name: string, isConfirmed: boolean): Promise<PluginStatus> =>
    disablePlugin(this.#server, name, {isConfirmed})

  async #readAgain(): Promise<ReloadResult> {
    this.#reopenLog()
    try {
      const next = await loadInTime(this.#options, RELOAD_LIMIT_MS)
      const {changes, config} = compareConfigs(this.#running, next.config)
      this.#server.applyConfig(config)
      this.#log.setLevel(config.log.level)
      this.#running = config
      this.#source = toSource(next, this.#options.cwd)
      this.#log.info({...changes}, 'configuration read again')
      return {file: next.file, ...changes}
    } catch (error) {
      const problem = GsError.is(error) ? {code: error.code, problem: error.message} : {err: error}
      this.#log.error(problem, 'configuration not read again; the old one stays in force')
      throw error
    }
  }

  #reopenLog(): void {
    try {
      this.#log.reopen()
    } catch (error) {
      // The configuration is read all the same, and whoever reads the old file, or gs logs, finds out why it goes on.
      this.#log.error({err: error}, 'log file not opened again; the log goes on in the one that is open')
    }
  }

  #endWith(closing: Promise<boolean>): void {
    if (this.#isEnding) return
    this.#isEnding = true
    const end = async (): Promise<boolean> => {
      const isComplete = await closing
      if (isComplete) this.#log.info({}, 'stopped')
      else this.#log.error({}, 'stopped; clients had to be cut off')
      await this.#log.close(LOG_FLUSH_MS)
      return isComplete
    }
    this.#ended.resolve(end())
  }
}
