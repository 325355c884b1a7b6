import packageJson from '../../package.json' with {type: 'json'}
import type {Config} from '../config/schema.js'
import type {Dropped, TraceEvent} from '../contract/admin.js'
import type {AnalyticsApi} from '../contract/analytics.js'
import type {CacheApi} from '../contract/cache.js'
import type {Counters} from '../contract/counters.js'
import type {JsonValue} from '../contract/messages.js'
import type {RoomStatsOptions, ServerMetrics} from '../contract/metrics.js'
import type {PluginApis} from '../contract/plugin-apis.js'
import type {Disconnection, PluginStatus, ServerEventName, ServerEvents, ServerVitals} from '../contract/plugins.js'
import type {SecurityApi} from '../contract/security.js'
import type {Store, StoreStatus} from '../contract/store.js'
import type {ClosedConnection} from '../contract/views.js'
import type {RouteCall} from '../pipeline/call-route.js'
import type {TraceOptions} from '../pipeline/message-trace.js'
import type {ConfiguredPlugin} from '../pipeline/plugin-record.js'
import type {PluginRoute} from '../pipeline/plugin-set.js'
import type {RoomDesk, UserDesk} from './desks.js'
import {ServerEngine, type ServerEngineOptions} from './server-engine.js'

export interface GameServerOptions extends Omit<ServerEngineOptions, 'version' | 'vitals'> {
  readonly plugins: readonly ConfiguredPlugin[]
}

/** A running server, as the program around it sees and steers it. Made by `createServer`. */
export class GameServer implements ServerVitals {
  readonly name: string
  readonly version: string = packageJson.version
  readonly rooms: RoomDesk
  readonly users: UserDesk
  readonly counters: Readonly<Counters>
  /** Where plugins keep their data. */
  readonly store: Store
  readonly #engine: ServerEngine

  /**
   * Starts a server: plugins first, then the listening socket.
   *
   * @throws {GsError} plugin_setup_failed, plugin_invalid, game_invalid, address_in_use or listen_failed; nothing stays
   * behind then.
   */
  static async start(options: GameServerOptions): Promise<GameServer> {
    const server = new GameServer(options)
    try {
      for (const plugin of options.plugins) await server.#engine.plugins.add(plugin)
      await server.#engine.listen()
    } catch (error) {
      await server.close()
      throw error
    }
    return server
  }

  private constructor(options: GameServerOptions) {
    const engine = new ServerEngine({...options, version: this.version, vitals: this})
    this.name = options.config.name
    this.rooms = engine.rooms
    this.users = engine.users
    this.counters = engine.counters
    this.store = options.store
    this.#engine = engine
  }

  /** Where the server listens. */
  get address(): {host: string; port: number} {
    const {address} = this.#engine
    if (address === null) throw new Error('the server does not listen yet')
    return address
  }

  /** What it is about to do. It stays `stopping` once it has stopped. */
  get state(): 'running' | 'draining' | 'stopping' {
    return this.#engine.shutdown.state
  }

  /** What it is short of, or null. */
  get overload(): 'event_loop' | 'memory' | null {
    return this.#engine.load.overload
  }

  /** How late the event loop was in the last second, in milliseconds: of 100 times, 99 were not later. */
  get eventLoopDelayP99Ms(): number {
    return this.#engine.load.delayP99Ms
  }

  /** Open connections, those before `welcome` included. */
  get connectionCount(): number {
    return this.#engine.book.open.size
  }

  /** Bytes that clients have not taken yet. */
  get unsentBytes(): number {
    return this.#engine.backlog.measure()
  }

  /** Connections with more than `server.unsentSoftBytes` of them. */
  get slowConsumers(): number {
    return this.#engine.backlog.countSlow()
  }

  /** `server.maxMemoryMb` */
  get memoryLimitMb(): number {
    return this.#engine.limits.maxMemoryMb
  }

  /** State of each plugin, in the order they were named. */
  get plugins(): PluginStatus[] {
    return this.#engine.plugins.statuses()
  }

  /**
   * Puts a plugin in while the server runs: messages that arrive from now on meet it. It lasts until the stop.
   *
   * @throws {GsError} plugin_invalid when a plugin of that name runs; plugin_setup_failed, and then nothing of it stays;
   * server_closed.
   */
  enablePlugin(plugin: ConfiguredPlugin): Promise<void> {
    return this.#engine.plugins.enable(plugin)
  }

  /**
   * Takes a plugin out; no message is lost, doubled or reordered by it. False: it was disabled already.
   *
   * @throws {GsError} not_found; usage for `security` unless that is confirmed; server_closed.
   */
  disablePlugin(name: string, options: {isConfirmed?: boolean} = {}): Promise<boolean> {
    return this.#engine.plugins.disable(name, options)
  }

  /** How a plugin that runs or ran was configured. */
  configuredPlugin(name: string): ConfiguredPlugin | undefined {
    return this.#engine.plugins.find(name)
  }

  /** Admin routes of the plugins that run. */
  get pluginRoutes(): PluginRoute[] {
    return this.#engine.plugins.routes()
  }

  /**
   * Calls an admin route of a plugin.
   *
   * @throws {GsError} plugin_disabled, not_found, plugin_failed, or what the route throws.
   */
  callPlugin(call: RouteCall): Promise<JsonValue> {
    return this.#engine.plugins.callRoute(call)
  }

  /**
   * Shows messages on their way through the plugins, with the time in each hook, never with their text.
   *
   * @throws {GsError} limit_reached when 32 traces run already.
   */
  trace(options: TraceOptions): AsyncIterableIterator<TraceEvent | Dropped> {
    return this.#engine.plugins.trace.subscribe(options)
  }

  /** The last closed connections, newest first. */
  closedConnections(limit = 20): ClosedConnection[] {
    return this.#engine.book.listClosed(limit)
  }

  /** What a plugin provides under `name`. */
  provided(name: string): object | undefined {
    return this.#engine.plugins.provided.get(name)
  }

  /**
   * What a built-in plugin provides.
   *
   * @throws {GsError} plugin_disabled when it does not run.
   */
  pluginApi<Name extends keyof PluginApis>(name: Name): PluginApis[Name] {
    return this.#engine.plugins.api(name) as PluginApis[Name]
  }

  /**
   * How the server fares: rates and percentiles over `metrics.intervalMs`, and the busiest rooms.
   *
   * @throws {GsError} plugin_disabled without the metrics plugin.
   */
  metrics(options?: RoomStatsOptions): ServerMetrics {
    return this.pluginApi('metrics').server(options)
  }

  /**
   * The cache.
   *
   * @throws {GsError} plugin_disabled without the cache plugin.
   */
  get cache(): CacheApi {
    return this.pluginApi('cache')
  }

  /**
   * What players do.
   *
   * @throws {GsError} plugin_disabled without the analytics plugin.
   */
  get analytics(): AnalyticsApi {
    return this.pluginApi('analytics')
  }

  /**
   * Statistics, blocks and allow-list of the security plugin.
   *
   * @throws {GsError} plugin_disabled when it does not run.
   */
  get security(): SecurityApi {
    return this.pluginApi('security')
  }

  /** How the data store fares; null while nothing has used it. */
  get storeStatus(): StoreStatus | null {
    return this.store.status()
  }

  /**
   * Ends connections: of one user, or of all addresses that match, those before `welcome` included. Returns how many.
   */
  disconnect(whose: Disconnection): number {
    return this.#engine.book.disconnect(whose)
  }

  /** Listens to an event; returns a function that ends it. A listener that throws is logged and otherwise ignored. */
  on<Name extends ServerEventName>(event: Name, listener: (event: ServerEvents[Name]) => void): () => void {
    return this.#engine.plugins.listen(event, listener)
  }

  /** Sends every user, or everybody in one room, an operator's notice. Returns how many that are. */
  notice(message: string, {roomId}: {roomId?: number} = {}): number {
    return roomId === undefined ? this.users.notice(message) : this.rooms.notice(roomId, message)
  }

  /** Takes over what can change while running; the rest of `config` is ignored. */
  applyConfig(config: Config): void {
    this.#engine.applyConfig(config)
  }

  /**
   * Stops slowly: no new connections, a notice to everybody, then `goodbye`s spread evenly over `forMs`, then `close`. A
   * second drain is the first one; a `close` ends it early. Resolves as `close` does.
   *
   * @throws {GsError} usage for a time below 0 or over a day.
   */
  drain({forMs, message}: {forMs: number; message?: string | undefined}): Promise<boolean> {
    return this.#engine.shutdown.drain({forMs, message})
  }

  /**
   * Stops: no new connections, a `goodbye` to each client with a time to come back, plugins closed, last first. Closing
   * twice is closing once. Resolves to false when clients had to be cut off after 30 s.
   */
  close(): Promise<boolean> {
    return this.#engine.shutdown.close()
  }

  /** Has `task` run at the very end of `close`; the last one given comes first. */
  closeLast(task: () => Promise<void>): void {
    this.#engine.shutdown.closeLast(task)
  }
}
