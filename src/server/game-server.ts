import type {Socket} from 'node:net'

import packageJson from '../../package.json' with {type: 'json'}
import type {Config} from '../config/schema.js'
import type {Dropped, TraceEvent} from '../contract/admin.js'
import type {AnalyticsApi} from '../contract/analytics.js'
import type {CacheApi} from '../contract/cache.js'
import type {Clock} from '../contract/clock.js'
import type {CloseReason} from '../contract/codes.js'
import type {Counters} from '../contract/counters.js'
import type {GameDefinition} from '../contract/games.js'
import type {Logger} from '../contract/logger.js'
import type {JsonValue} from '../contract/messages.js'
import type {RoomStatsOptions, ServerMetrics} from '../contract/metrics.js'
import type {BuiltInName, PluginApis} from '../contract/plugin-apis.js'
import type {Disconnection, PluginStatus, ServerEventName, ServerEvents, ServerVitals} from '../contract/plugins.js'
import type {SecurityApi} from '../contract/security.js'
import type {Store, StoreStatus} from '../contract/store.js'
import type {ClosedConnection} from '../contract/views.js'
import {GameCatalog} from '../games/game-catalog.js'
import type {RouteCall} from '../pipeline/call-route.js'
import {BUILT_IN_ORDER} from '../pipeline/hook-chains.js'
import type {TraceOptions} from '../pipeline/message-trace.js'
import type {ConfiguredPlugin} from '../pipeline/plugin-record.js'
import {type PluginRoute, PluginSet} from '../pipeline/plugin-set.js'
import {type MessageLimits, MessageParser} from '../protocol/message-parser.js'
import {createCounters} from '../telemetry/counters.js'
import {createMetricRegistry} from '../telemetry/metric-registry.js'
import {Admission} from './admission.js'
import {ClosedLedger} from './closed-ledger.js'
import {Connection, type ConnectionContext} from './connection.js'
import {Deadlines} from './deadlines.js'
import {Backlog} from './delivery/backlog.js'
import {Flusher} from './delivery/flusher.js'
import {shareDescriptors} from './descriptor-limit.js'
import {RoomDesk, UserDesk} from './desks.js'
import {FairClock} from './fair-clock.js'
import {GameService} from './game-service.js'
import {Handshake} from './handshake.js'
import {Lingering} from './lingering.js'
import {createAddressMatcher, Listener} from './listener.js'
import {LoadMonitor} from './load-monitor.js'
import {RoomService} from './room-service.js'
import {Shutdown} from './shutdown.js'
import {Sweeper} from './sweeper.js'
import type {TokenVerifier} from './token-verifier.js'
import type {UserSession} from './user-session.js'

export interface GameServerOptions {
  readonly config: Config
  readonly games: readonly GameDefinition[]
  readonly plugins: readonly ConfiguredPlugin[]
  /** Null when `auth.mode` is none. */
  readonly verifyToken: TokenVerifier | null
  readonly clock: Clock
  /** In [0, 1). */
  readonly random: () => number
  readonly log: Logger
  readonly store: Store
}

/** A running server: the parts of this folder, put together. Made by `createServer`. */
export class GameServer implements ServerVitals {
  readonly name: string
  readonly version: string = packageJson.version
  readonly rooms: RoomDesk
  readonly users: UserDesk
  readonly counters: Readonly<Counters>
  readonly #options: GameServerOptions
  /** Shared by all parts, and changed in place by `applyConfig`: the one copy of what can change while running. */
  readonly #limits: Config['server'] & Config['game']
  readonly #messageLimits: Mutable<MessageLimits>
  readonly #plugins: PluginSet
  readonly #sessions = new Map<number, UserSession>()
  /** Bounded by `server.maxConnections`. */
  readonly #connections = new Set<Connection>()
  readonly #roomService: RoomService
  readonly #gameService: GameService
  readonly #context: ConnectionContext
  readonly #load: LoadMonitor
  readonly #ledger: ClosedLedger
  readonly #sweeper: Sweeper
  readonly #admission: Admission
  readonly #shutdown: Shutdown<Connection>
  readonly #isTrustedProxy: (address: string) => boolean
  #listener: Listener | null = null
  #readId = 0

  /**
   * Starts a server: plugins first, then the listening socket.
   *
   * @throws {GsError} plugin_setup_failed, plugin_invalid, game_invalid, address_in_use or listen_failed; nothing stays
   * behind then.
   */
  static async start(options: GameServerOptions): Promise<GameServer> {
    const server = new GameServer(options)
    try {
      for (const plugin of options.plugins) await server.#plugins.add(plugin)
      await server.#listen()
    } catch (error) {
      await server.close()
      throw error
    }
    return server
  }

  private constructor(options: GameServerOptions) {
    const {config, clock, random, log} = options
    const limits = {...config.server, ...config.game}
    const counters = createCounters()
    this.#options = options
    this.#limits = limits
    this.#messageLimits = toMessageLimits(limits)
    this.name = config.name
    this.counters = counters
    this.#ledger = new ClosedLedger(limits.closedLedgerSize)
    this.#load = new LoadMonitor(limits)
    const shares = shareDescriptors()
    this.#admission = new Admission({limits, descriptorLimit: shares.connections, load: this.#load, log, clock})
    this.#isTrustedProxy = createAddressMatcher(limits.trustedProxies)

    const catalog = new GameCatalog(options.games)
    const fairClock = new FairClock(clock)
    const backlog = new Backlog<Connection>(limits)
    const flusher = new Flusher({tickMs: limits.tickMs, clock, counters, afterFlush: () => this.#afterFlush()})
    const isOverloaded = () => this.#load.overload !== null
    // Rooms, users and plugins know one another only through functions, so the order of making them does not matter.
    this.rooms = new RoomDesk(() => this.#roomService, clock.nowMs)
    this.users = new UserDesk(this.#sessions)
    const {rooms, users} = this
    this.#plugins = new PluginSet({
      serverName: this.name,
      log,
      clock,
      rooms,
      users,
      counters,
      limits,
      vitals: this,
      store: options.store,
      metrics: createMetricRegistry(),
      disconnect: whose => this.disconnect(whose),
      isTrustedProxy: address => this.#isTrustedProxy(address),
    })
    const {runner} = this.#plugins
    const scheduleFlush = () => flusher.schedule()
    const games = new GameService({catalog, clock, fairClock, random, runner, counters, log, limits, scheduleFlush})
    this.#gameService = games
    this.#roomService = new RoomService({limits, clock, runner, counters, games, flusher})
    this.#context = {
      limits,
      clock,
      fairClock,
      counters,
      log,
      runner,
      flusher,
      backlog,
      parser: new MessageParser(this.#messageLimits),
      deadlines: new Deadlines(limits),
      lingering: new Lingering(shares.lingering),
      lastEnd: {atMs: 0},
      services: {rooms: this.#roomService, games, isOverloaded},
      handshake: new Handshake({
        serverName: this.name,
        version: this.version,
        limits,
        clock,
        random,
        runner,
        games,
        verifyToken: options.verifyToken,
        sessions: this.#sessions,
      }),
      nextReadId: () => {
        this.#readId += 1
        return this.#readId
      },
      onClosed: (connection, reason) => this.#onClosed(connection, reason),
    }
    this.#shutdown = new Shutdown({
      connections: this.#connections,
      lingering: this.#context.lingering,
      clock,
      random,
      log,
      stopAccepting: () => this.#listener?.close(),
      announce: message => void this.notice(message),
      mute: () => this.#roomService.mute(),
      closePlugins: () => this.#plugins.close(),
      release: () => this.#release(),
    })
    this.#sweeper = new Sweeper({
      clock,
      fairClock,
      counters,
      log,
      onSweep: () => this.#sweep(),
      onSecond: () => this.#sweepSecond(),
    })
  }

  /** Where the server listens. */
  get address(): {host: string; port: number} {
    if (this.#listener === null) throw new Error('the server does not listen yet')
    return this.#listener.address
  }

  /** What it is about to do. It stays `stopping` once it has stopped. */
  get state(): 'running' | 'draining' | 'stopping' {
    return this.#shutdown.state
  }

  /** What it is short of, or null. */
  get overload(): 'event_loop' | 'memory' | null {
    return this.#load.overload
  }

  /** How late the event loop was in the last second, in milliseconds: of 100 times, 99 were not later. */
  get eventLoopDelayP99Ms(): number {
    return this.#load.delayP99Ms
  }

  /** Open connections, those before `welcome` included. */
  get connectionCount(): number {
    return this.#connections.size
  }

  /** Bytes that clients have not taken yet. */
  get unsentBytes(): number {
    return this.#context.backlog.measure()
  }

  /** Connections with more than `server.unsentSoftBytes` of them. */
  get slowConsumers(): number {
    return this.#context.backlog.countSlow()
  }

  /** `server.maxMemoryMb` */
  get memoryLimitMb(): number {
    return this.#limits.maxMemoryMb
  }

  /** State of each plugin, in the order they were named. */
  get plugins(): PluginStatus[] {
    return this.#plugins.statuses()
  }

  /**
   * Puts a plugin in while the server runs: messages that arrive from now on meet it. It lasts until the stop.
   *
   * @throws {GsError} plugin_invalid when a plugin of that name runs; plugin_setup_failed, and then nothing of it stays;
   * server_closed.
   */
  enablePlugin(plugin: ConfiguredPlugin): Promise<void> {
    return this.#plugins.enable(plugin)
  }

  /**
   * Takes a plugin out; no message is lost, doubled or reordered by it. False: it was disabled already.
   *
   * @throws {GsError} not_found; usage for `security` unless that is confirmed; server_closed.
   */
  disablePlugin(name: string, options: {isConfirmed?: boolean} = {}): Promise<boolean> {
    return this.#plugins.disable(name, options)
  }

  /** How a plugin that runs or ran was configured. */
  configuredPlugin(name: string): ConfiguredPlugin | undefined {
    return this.#plugins.find(name)
  }

  /** Admin routes of the plugins that run. */
  get pluginRoutes(): PluginRoute[] {
    return this.#plugins.routes()
  }

  /**
   * Calls an admin route of a plugin.
   *
   * @throws {GsError} plugin_disabled, not_found, plugin_failed, or what the route throws.
   */
  callPlugin(call: RouteCall): Promise<JsonValue> {
    return this.#plugins.callRoute(call)
  }

  /**
   * Shows messages on their way through the plugins, with the time in each hook, never with their text.
   *
   * @throws {GsError} limit_reached when 32 traces run already.
   */
  trace(options: TraceOptions): AsyncIterableIterator<TraceEvent | Dropped> {
    return this.#plugins.trace.subscribe(options)
  }

  /** The last closed connections, newest first. */
  closedConnections(limit = 20): ClosedConnection[] {
    return this.#ledger.list(limit)
  }

  /** What a plugin provides under `name`. */
  provided(name: string): object | undefined {
    return this.#plugins.provided.get(name)
  }

  /**
   * What a built-in plugin provides.
   *
   * @throws {GsError} plugin_disabled when it does not run.
   */
  pluginApi<Name extends keyof PluginApis>(name: Name): PluginApis[Name] {
    return this.#plugins.api(name) as PluginApis[Name]
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

  /** Where plugins keep their data. */
  get store(): Store {
    return this.#options.store
  }

  /** How the data store fares; null while nothing has used it. */
  get storeStatus(): StoreStatus | null {
    return this.#options.store.status()
  }

  /**
   * Ends connections: of one user, or of all addresses that match, those before `welcome` included. Returns how many.
   */
  disconnect({userId, matches, reason, ...farewell}: Disconnection): number {
    const session = userId === undefined ? undefined : this.#sessions.get(userId)
    const candidates = userId === undefined ? [...this.#connections] : session === undefined ? [] : [session]
    const ending = matches === undefined ? candidates : candidates.filter(({address}) => matches(address))
    for (const connection of ending) connection.close(reason, farewell)
    return ending.length
  }

  /** Listens to an event; returns a function that ends it. A listener that throws is logged and otherwise ignored. */
  on<Name extends ServerEventName>(event: Name, listener: (event: ServerEvents[Name]) => void): () => void {
    return this.#plugins.listen(event, listener)
  }

  /** Sends every user, or everybody in one room, an operator's notice. Returns how many that are. */
  notice(message: string, {roomId}: {roomId?: number} = {}): number {
    return roomId === undefined ? this.users.notice(message) : this.rooms.notice(roomId, message)
  }

  /** Takes over what can change while running; the rest of `config` is ignored. */
  applyConfig(config: Config): void {
    Object.assign(this.#limits, config.server, config.game)
    Object.assign(this.#messageLimits, toMessageLimits(config.server))
    for (const name of BUILT_IN_ORDER) this.#plugins.configure(name, config[name as BuiltInName & keyof Config])
  }

  /**
   * Stops slowly: no new connections, a notice to everybody, then `goodbye`s spread evenly over `forMs`, then `close`. A
   * second drain is the first one; a `close` ends it early. Resolves as `close` does.
   *
   * @throws {GsError} usage for a time below 0 or over a day.
   */
  drain({forMs, message}: {forMs: number; message?: string | undefined}): Promise<boolean> {
    return this.#shutdown.drain({forMs, message})
  }

  /**
   * Stops: no new connections, a `goodbye` to each client with a time to come back, plugins closed, last first. Closing
   * twice is closing once. Resolves to false when clients had to be cut off after 30 s.
   */
  close(): Promise<boolean> {
    return this.#shutdown.close()
  }

  /** Has `task` run at the very end of `close`; the last one given comes first. */
  closeLast(task: () => Promise<void>): void {
    this.#shutdown.closeLast(task)
  }

  async #listen(): Promise<void> {
    const {host, port} = this.#options.config.server
    this.#listener = await Listener.open({host, port, onAccept: (socket, address) => this.#accept(socket, address)})
    this.#listener.onError(error => this.#options.log.error({err: error}, 'a connection could not be accepted'))
  }

  #accept(socket: Socket, address: string): void {
    this.#context.counters.connectionsOpened += 1
    const id = this.#context.counters.connectionsOpened
    const isBehindProxy = this.#isTrustedProxy(address)
    const connection = new Connection({id, socket, address, isBehindProxy, context: this.#context})
    this.#connections.add(connection)
    const turnedAway = this.#admission.judge(this.#connections.size)
    if (this.state !== 'running') connection.close('server_shutdown', {retryAfterMs: this.#shutdown.retryAfterMs(1)})
    else if (turnedAway !== null) connection.close(turnedAway.reason, turnedAway)
    else connection.start()
  }

  #onClosed(connection: Connection, reason: CloseReason): void {
    const {clock, runner, counters} = this.#context
    const {id: connectionId, session, address, openedAtWallMs} = connection
    const closedAtMs = clock.nowMs()
    const durationMs = Math.max(0, closedAtMs - openedAtWallMs)
    this.#connections.delete(connection)
    counters.connectionsClosed[reason] += 1
    const [userId, sessionId] = [session?.userId ?? null, session?.sessionId ?? null]
    this.#ledger.add({
      reason,
      address,
      userId,
      sessionId,
      nickname: session?.nickname ?? null,
      openedAtMs: openedAtWallMs,
      closedAtMs,
      bytesIn: connection.bytesIn,
      bytesOut: connection.bytesOut,
      unsentBytes: connection.unsentAtClose,
      messages: connection.messageCount,
    })
    this.#options.log.debug({reason, address, userId, durationMs}, 'connection closed')
    if (session !== null) this.#endSession(session, reason, closedAtMs)
    runner.tell(runner.chains.connectionClosed, {connectionId, address, userId, sessionId, reason, durationMs})
  }

  #endSession(session: UserSession, reason: CloseReason, closedAtMs: number): void {
    const {userId, sessionId, connectedAtMs} = session
    session.isClosed = true
    this.#sessions.delete(userId)
    this.#roomService.leaveAll(session, reason === 'kicked' || reason === 'blocked' ? 'kicked' : 'lost')
    const durationMs = Math.max(0, closedAtMs - connectedAtMs)
    this.#context.runner.emit('userDisconnected', {userId, sessionId, reason, durationMs})
  }

  #afterFlush(): void {
    for (const connection of this.#context.backlog.takeOverdue()) connection.close('slow_consumer')
    this.#gameService.emitChanges()
  }

  #release(): void {
    this.#sweeper.stop()
    this.#context.flusher.close()
    this.#gameService.close()
    this.#load.close()
  }

  #sweep(): void {
    const {deadlines, fairClock, lingering, clock} = this.#context
    deadlines.sweep(fairClock.nowMs())
    lingering.sweep(clock.monotonicMs())
    this.#gameService.sweep()
    this.#roomService.sweep()
  }

  #sweepSecond(): void {
    const {deadlines, fairClock, backlog, clock} = this.#context
    this.#load.sample()
    this.#admission.report()
    deadlines.sweepSilent(fairClock.nowMs())
    for (const connection of backlog.takeStale(clock.monotonicMs())) connection.close('slow_consumer')
  }
}

type Mutable<Type> = {-readonly [Key in keyof Type]: Type[Key]}

function toMessageLimits({maxJsonDepth, maxJsonKeys, maxChatCharacters}: Config['server']): MessageLimits {
  return {maxDepth: maxJsonDepth, maxKeys: maxJsonKeys, maxChatCharacters}
}
