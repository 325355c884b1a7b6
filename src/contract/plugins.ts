import type {Clock} from './clock.js'
import type {CloseReason, GameOutcomeKind, WireErrorCode} from './codes.js'
import type {Counters} from './counters.js'
import type {Logger} from './logger.js'
import type {HeldSeat, JsonValue, UserMessage} from './messages.js'
import type {MetricSource} from './metric-registry.js'
import type {Store} from './store.js'
import type {RoomDirectory, UserDirectory} from './views.js'

/**
 * The plugin contract. A plugin observes through hooks and events, and refuses only by throwing a `GsError` from one of
 * the four refusing hooks. A hook that returns nothing passes; one that returns a promise makes that one connection wait.
 */

export interface ConnectionAttempt {
  /** Grows by one with each connection of the server. */
  readonly connectionId: number
  /** Remote address, in canonical form. */
  readonly address: string
}

export interface UserAttempt {
  readonly connectionId: number
  readonly userId: number
  readonly address: string
}

export interface FrameArrival {
  readonly sizeBytes: number
  /** Null before `welcome`. */
  readonly userId: number | null
  readonly address: string
  /** The same for all frames that came with one read of the socket; grows by one with each read of the server. */
  readonly readId: number
  /** Wall time of that read, in milliseconds since the epoch. */
  readonly readAtMs: number
  /** Time of that read by the monotonic clock. */
  readonly readMonotonicMs: number
}

/** A message that passed the schema, before it is acted upon. */
export interface MessageAttempt {
  readonly userId: number
  readonly nickname: string | undefined
  readonly address: string
  readonly sizeBytes: number
  readonly readId: number
  /** Wall time of the read that completed the frame, in milliseconds since the epoch. */
  readonly readAtMs: number
  /** Time of that read by the monotonic clock. */
  readonly readMonotonicMs: number
  readonly message: UserMessage
}

/** A message after its handling, whatever became of it. */
export interface MessageRecord {
  readonly userId: number
  readonly nickname: string | undefined
  readonly address: string
  readonly sizeBytes: number
  readonly readId: number
  readonly readAtMs: number
  readonly readMonotonicMs: number
  /** Undefined for a frame that was refused before it was understood. */
  readonly message: UserMessage | undefined
  /** Null when the message was accepted. */
  readonly error: RefusalInfo | null
  /** From the read that completed the frame to the end of its handling, in milliseconds. */
  readonly durationMs: number
  /** Of that the message's own part: without the messages that were handled first, unless it was waited for. */
  readonly handlingMs: number
  /** Hooks that the message met so far, in their order: all, or those known to have taken long; null: none is known. */
  readonly hooks: readonly TimedHook[] | null
}

/** One hook that a message met. */
export interface TimedHook {
  readonly plugin: string
  readonly hook: HookName
  /** From its call to its answer, in milliseconds: for a hook that returns a promise, until that settled. */
  readonly durationMs: number
}

export interface RefusalInfo {
  readonly code: WireErrorCode
  readonly message: string
  readonly rule: string | undefined
  readonly retryAfterMs: number | undefined
  /** How many refusals before this one were not answered. */
  readonly suppressed?: number | undefined
}

export interface ConnectionClosed {
  readonly connectionId: number
  readonly address: string
  readonly userId: number | null
  readonly sessionId: string | null
  readonly reason: CloseReason
  /** From the accept to the close, in milliseconds. */
  readonly durationMs: number
}

/** What a provider hands back so that a room's game goes on where it was. */
export interface SavedGame {
  readonly game: string
  /** User ids in seat order. */
  readonly players: readonly number[]
  /** Those of `players` who gave up their seat. */
  readonly departed?: readonly number[]
  readonly state: JsonValue
  /** Wall time, in milliseconds since the epoch. */
  readonly startedAtMs: number
}

export type MaybePromise<Value> = Value | Promise<Value>

export interface Hooks {
  /** Refusing: a socket was accepted, nothing was read. */
  connectionOpened(attempt: ConnectionAttempt): MaybePromise<void>
  /** Refusing: a user proved or stated an id and is not welcomed yet. */
  userConnecting(attempt: UserAttempt): MaybePromise<void>
  /** Refusing, synchronous: a frame is complete and not parsed yet. */
  frameReceived(frame: FrameArrival): void
  /** Refusing: a message passed the schema. */
  beforeMessage(attempt: MessageAttempt): MaybePromise<void>
  /** Observing, in reverse order: every message, refused and malformed ones too. */
  afterMessage(record: MessageRecord): void
  /** Observing. */
  connectionClosed(closed: ConnectionClosed): void
  /** Providing: asked when a room is opened; the first answer that is not undefined counts. */
  restoreGame(roomId: number): MaybePromise<SavedGame | undefined>
  /** Providing, synchronous: seats in saved games of rooms that are not open, for the user's `welcome`. */
  savedSeats(userId: number): readonly HeldSeat[]
}

export type HookName = keyof Hooks

export interface ServerEvents {
  userConnected: {
    readonly connectionId: number
    readonly userId: number
    readonly sessionId: string
    readonly address: string
    readonly isGuest: boolean
  }
  userDisconnected: {
    readonly userId: number
    readonly sessionId: string
    readonly reason: CloseReason
    readonly durationMs: number
  }
  roomCreated: {readonly roomId: number; readonly creatorId: number}
  roomJoined: {readonly roomId: number; readonly userId: number; readonly userCount: number}
  roomLeft: {readonly roomId: number; readonly userId: number; readonly userCount: number; readonly durationMs: number}
  roomClosed: {readonly roomId: number; readonly durationMs: number}
  gameStarted: {readonly roomId: number; readonly game: string; readonly players: readonly number[]}
  /** A running game's state changed; at most once a turn of the event loop and room. */
  gameChanged: {readonly roomId: number; readonly saved: SavedGame}
  gameEnded: {
    readonly roomId: number
    readonly game: string
    readonly players: readonly number[]
    readonly outcome: GameOutcomeKind
    readonly winner: number | null
    readonly durationMs: number
  }
  gameRestored: {readonly roomId: number; readonly game: string; readonly players: readonly number[]}
}

export type ServerEventName = keyof ServerEvents

/** What an operator's request to a plugin brings. Both come from outside, so check them. */
export interface AdminRequest {
  readonly query: Readonly<Record<string, string>>
  /** Any JSON; undefined without one. */
  readonly body: JsonValue | undefined
}

/** A path of the admin channel that a plugin answers. */
export interface AdminRoute {
  /** `GET` only looks; `POST` changes something. */
  readonly method: 'GET' | 'POST'
  /**
   * Below `/v1/<plugin>/`, as in `stats` or `blocks/export`: parts of a-z, 0-9 and `-`, at most 100 characters. Empty: the
   * plugin's own name. What a request is about stands in its query or body.
   */
  readonly path: string
  /** One line for the list of routes, at most 200 characters. */
  readonly summary: string
  /**
   * Returns JSON data, or throws a `GsError`, which the operator sees. Anything else that is thrown is a failure of the
   * plugin, and so is no answer within 5 s.
   */
  handler(request: AdminRequest): unknown
}

/** What a plugin gets from the server it runs in. */
export interface PluginHost {
  /** Name of the server instance. */
  readonly serverName: string
  readonly log: Logger
  readonly clock: Clock
  readonly rooms: RoomDirectory
  readonly users: UserDirectory
  /** The core's counters, always counting. */
  readonly counters: Readonly<Counters>
  readonly vitals: ServerVitals
  /** True for the proxies in front of the server, as `server.trustedProxies` names them. */
  readonly isTrustedProxy: (address: string) => boolean
  /** Opened with its first use. Bring your tables up to date in `setup`. */
  readonly store: Store
  /**
   * Offers a metric until the plugin ends.
   *
   * @throws {GsError} plugin_invalid for a name that is taken or out of form.
   */
  metric(source: MetricSource): void
  /** What is registered now, by all plugins, in the order of their names. Reading one may throw. */
  metricSources(): readonly MetricSource[]
  /**
   * Has the time of every hook taken of at least the next `count` messages, at most 10 000: `hooks` of what
   * `afterMessage` gets. That costs each of them about as much as the pipeline itself, so ask for few.
   */
  timeMessages(count: number): void
  /**
   * Ends connections: of one user, or of all addresses that match, those before `welcome` included. Returns how many.
   */
  disconnect(whose: Disconnection): number
  /**
   * Registers a hook.
   *
   * @throws {GsError} plugin_invalid for a name that is no hook.
   */
  hook<Name extends HookName>(name: Name, run: Hooks[Name]): void
  /**
   * Listens to an event.
   *
   * @throws {GsError} plugin_invalid for a name that is no event.
   */
  on<Name extends ServerEventName>(name: Name, listener: (event: ServerEvents[Name]) => void): void
  readonly admin: {
    /**
     * Answers a path of the admin channel until the plugin ends.
     *
     * @throws {GsError} plugin_invalid for a path that is taken or no path, and with more than 64 routes.
     */
    route(route: AdminRoute): void
  }
  /** Repeats `task` until the plugin ends. */
  every(intervalMs: number, task: () => void): void
  /** Runs `task` once, unless the plugin ends before. */
  after(delayMs: number, task: () => void): void
  /**
   * Offers an object to embedders as `server.provided(name)`. Gone when the plugin ends.
   *
   * @throws {GsError} plugin_invalid when the name is taken.
   */
  provide(name: string, api: object): void
}

/** Whose connections end, and what they are told. */
export interface Disconnection {
  readonly userId?: number
  readonly matches?: (address: string) => boolean
  readonly reason: CloseReason
  readonly message?: string
  readonly retryAfterMs?: number
}

/** What `setup` may return. */
export interface PluginInstance {
  /**
   * Takes over those keys of a changed configuration that can change while running; only built-in plugins are asked. Must
   * not throw: the configuration was checked.
   */
  configure?(config: unknown): void
  /** Called once when the plugin is disabled or the server stops; it has 3 s. */
  close?(): MaybePromise<void>
}

/** Checks a plugin's part of the configuration. A zod schema fits; so does any object with such a `parse`. */
export interface ConfigSchema<Config> {
  parse(input: unknown): Config
}

export interface PluginDefinition<Config = undefined> {
  /** 1 to 32 characters of a-z, 0-9 and `-`, starting with a letter; also the plugin's key in the configuration. */
  readonly name: string
  /** Left out: the plugin takes no configuration, and giving it some is an error. */
  readonly configSchema?: ConfigSchema<Config>
  /**
   * What a failing hook means. `open` (default): the message goes on, and after 5 failures in 60 s the plugin is
   * disabled. `closed`: the message is refused with `plugin_failed`, and the plugin is never disabled by its failures.
   */
  readonly onFailure?: 'open' | 'closed'
  // biome-ignore lint/suspicious/noConfusingVoidType: a setup that returns nothing must fit, with async and without
  setup(host: PluginHost, config: Config): MaybePromise<PluginInstance | undefined | void>
}

/** A plugin's state as operators see it. */
export interface PluginStatus {
  readonly name: string
  readonly state: 'running' | 'failing' | 'disabled'
  /** Failures since the start: throws, rejections and time-outs. */
  readonly failures: number
  readonly lastFailure: string | null
  readonly hooks: readonly HookTime[]
}

export interface HookTime {
  readonly hook: HookName
  /** Calls that were timed: one message in 64 for the built-in plugins, every one for others. */
  readonly timedCalls: number
  /** Time the timed calls took on the main thread, in milliseconds. */
  readonly timedMs: number
}

/** How a running server fares, taken when asked. */
export interface ServerVitals {
  /** Open sockets, those before `welcome` included. */
  readonly connectionCount: number
  /** Bytes that clients have not taken yet. */
  readonly unsentBytes: number
  /** Connections with more than `server.unsentSoftBytes` of them. */
  readonly slowConsumers: number
  /** How late the event loop was in the last second, in milliseconds: of 100 times, 99 were not later. */
  readonly eventLoopDelayP99Ms: number
  /** `server.maxMemoryMb` */
  readonly memoryLimitMb: number
  /** What it is short of, or null. */
  readonly overload: 'event_loop' | 'memory' | null
  /** The plugins, with the time their hooks take. */
  readonly plugins: readonly PluginStatus[]
}
