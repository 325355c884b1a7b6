import type {Socket} from 'node:net'

import type {Config} from '../config/schema.js'
import type {Clock} from '../contract/clock.js'
import type {GameDefinition} from '../contract/games.js'
import type {Logger} from '../contract/logger.js'
import type {BuiltInName} from '../contract/plugin-apis.js'
import type {ServerVitals} from '../contract/plugins.js'
import type {Store} from '../contract/store.js'
import {GameCatalog} from '../games/game-catalog.js'
import {BUILT_IN_ORDER} from '../pipeline/hook-chains.js'
import {PluginSet} from '../pipeline/plugin-set.js'
import {type MessageLimits, MessageParser} from '../protocol/message-parser.js'
import {createCounters} from '../telemetry/counters.js'
import {createMetricRegistry} from '../telemetry/metric-registry.js'
import {Admission} from './admission.js'
import {Connection, type ConnectionContext} from './connection.js'
import {ConnectionBook} from './connection-book.js'
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

export interface ServerEngineOptions {
  readonly config: Config
  readonly version: string
  readonly games: readonly GameDefinition[]
  /** Null when `auth.mode` is none. */
  readonly verifyToken: TokenVerifier | null
  readonly clock: Clock
  /** In [0, 1). */
  readonly random: () => number
  readonly log: Logger
  readonly store: Store
  /** What plugins may know of the server; not asked before all parts are made. */
  readonly vitals: ServerVitals
}

/** The parts of a server, made and joined, and the turns of work that pass through several of them. */
export class ServerEngine {
  readonly rooms: RoomDesk
  readonly users: UserDesk
  readonly counters = createCounters()
  /** Shared by all parts, and changed in place by `applyConfig`: the one copy of what can change while running. */
  readonly limits: Config['server'] & Config['game']
  readonly plugins: PluginSet
  readonly backlog: Backlog<Connection>
  readonly load: LoadMonitor
  readonly book: ConnectionBook
  readonly shutdown: Shutdown<Connection>
  readonly #options: ServerEngineOptions
  readonly #messageLimits: Mutable<MessageLimits>
  readonly #roomService: RoomService
  readonly #gameService: GameService
  readonly #context: ConnectionContext
  readonly #sweeper: Sweeper
  readonly #admission: Admission
  readonly #isTrustedProxy: (address: string) => boolean
  #listener: Listener | null = null
  #readId = 0

  constructor(options: ServerEngineOptions) {
    const {config, clock, random, log} = options
    const {counters} = this
    const limits = {...config.server, ...config.game}
    this.#options = options
    this.limits = limits
    this.#messageLimits = toMessageLimits(limits)
    this.load = new LoadMonitor(limits)
    const shares = shareDescriptors()
    this.#admission = new Admission({limits, descriptorLimit: shares.connections, load: this.load, log, clock})
    this.#isTrustedProxy = createAddressMatcher(limits.trustedProxies)

    const catalog = new GameCatalog(options.games)
    const fairClock = new FairClock(clock)
    const flusher = new Flusher({tickMs: limits.tickMs, clock, counters, afterFlush: () => this.#afterFlush()})
    const sessions = new Map<number, UserSession>()
    this.backlog = new Backlog(limits)
    // Rooms, users and plugins know one another only through functions, so the order of making them does not matter.
    this.rooms = new RoomDesk(() => this.#roomService, clock.nowMs)
    this.users = new UserDesk(sessions)
    this.plugins = new PluginSet({
      serverName: config.name,
      log,
      clock,
      rooms: this.rooms,
      users: this.users,
      counters,
      limits,
      vitals: options.vitals,
      store: options.store,
      metrics: createMetricRegistry(),
      disconnect: whose => this.book.disconnect(whose),
      isTrustedProxy: address => this.#isTrustedProxy(address),
    })
    const {runner} = this.plugins
    const scheduleFlush = () => flusher.schedule()
    const games = new GameService({catalog, clock, fairClock, random, runner, counters, log, limits, scheduleFlush})
    const rooms = new RoomService({limits, clock, runner, counters, games, flusher})
    this.#gameService = games
    this.#roomService = rooms
    const {closedLedgerSize} = limits
    this.book = new ConnectionBook({sessions, rooms, runner, clock, counters, log, closedLedgerSize})
    this.#context = {
      limits,
      clock,
      fairClock,
      counters,
      log,
      runner,
      flusher,
      backlog: this.backlog,
      parser: new MessageParser(this.#messageLimits),
      deadlines: new Deadlines(limits),
      lingering: new Lingering(shares.lingering),
      lastEnd: {atMs: 0},
      services: {rooms, games, isOverloaded: () => this.load.overload !== null},
      handshake: new Handshake({
        serverName: config.name,
        version: options.version,
        limits,
        clock,
        random,
        runner,
        games,
        verifyToken: options.verifyToken,
        sessions,
      }),
      nextReadId: () => {
        this.#readId += 1
        return this.#readId
      },
      onClosed: (connection, reason) => this.book.strike(connection, reason),
    }
    this.shutdown = new Shutdown({
      connections: this.book.open,
      lingering: this.#context.lingering,
      clock,
      random,
      log,
      stopAccepting: () => this.#listener?.close(),
      announce: message => void this.users.notice(message),
      mute: () => rooms.mute(),
      closePlugins: () => this.plugins.close(),
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

  /** Where it listens, or did; null before `listen`. */
  get address(): Listener['address'] | null {
    return this.#listener?.address ?? null
  }

  /** @throws {GsError} address_in_use or listen_failed. */
  async listen(): Promise<void> {
    const {host, port} = this.#options.config.server
    this.#listener = await Listener.open({host, port, onAccept: (socket, address) => this.#accept(socket, address)})
    this.#listener.onError(error => this.#options.log.error({err: error}, 'a connection could not be accepted'))
  }

  /** Takes over what can change while running; the rest of `config` is ignored. */
  applyConfig(config: Config): void {
    Object.assign(this.limits, config.server, config.game)
    Object.assign(this.#messageLimits, toMessageLimits(config.server))
    for (const name of BUILT_IN_ORDER) this.plugins.configure(name, config[name as BuiltInName & keyof Config])
  }

  #accept(socket: Socket, address: string): void {
    this.counters.connectionsOpened += 1
    const id = this.counters.connectionsOpened
    const isBehindProxy = this.#isTrustedProxy(address)
    const connection = new Connection({id, socket, address, isBehindProxy, context: this.#context})
    this.book.add(connection)
    const turnedAway = this.#admission.judge(this.book.open.size)
    const {state} = this.shutdown
    if (state !== 'running') connection.close('server_shutdown', {retryAfterMs: this.shutdown.retryAfterMs(1)})
    else if (turnedAway !== null) connection.close(turnedAway.reason, turnedAway)
    else connection.start()
  }

  #afterFlush(): void {
    for (const connection of this.backlog.takeOverdue()) connection.close('slow_consumer')
    this.#gameService.emitChanges()
  }

  #sweep(): void {
    const {deadlines, fairClock, lingering, clock} = this.#context
    deadlines.sweep(fairClock.nowMs())
    lingering.sweep(clock.monotonicMs())
    this.#gameService.sweep()
    this.#roomService.sweep()
  }

  #sweepSecond(): void {
    const {deadlines, fairClock, clock} = this.#context
    this.load.sample()
    this.#admission.report()
    deadlines.sweepSilent(fairClock.nowMs())
    for (const connection of this.backlog.takeStale(clock.monotonicMs())) connection.close('slow_consumer')
  }

  #release(): void {
    this.#sweeper.stop()
    this.#context.flusher.close()
    this.#gameService.close()
    this.load.close()
  }
}

type Mutable<Type> = {-readonly [Key in keyof Type]: Type[Key]}

function toMessageLimits({maxJsonDepth, maxJsonKeys, maxChatCharacters}: Config['server']): MessageLimits {
  return {maxDepth: maxJsonDepth, maxKeys: maxJsonKeys, maxChatCharacters}
}
