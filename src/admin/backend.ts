import type {
  ClosedSummary,
  Dropped,
  InstanceStatus,
  LogEvent,
  ReloadResult,
  RoomDetails,
  RoomSummary,
  RouteInfo,
  TraceEvent,
  Usage,
  UserDetails,
  UserSummary,
} from '../contract/admin.js'
import type {PluginApis} from '../contract/plugin-apis.js'
import type {PluginStatus} from '../contract/plugins.js'
import type {BlockDesk} from '../contract/security.js'

/** An answer whose times are still milliseconds since the epoch: what is cut away need not be written out. */
export type Timed<Summary, Times extends keyof Summary> = Omit<Summary, Times> & {readonly [Time in Times]: number}

export type RoomRow = Timed<RoomSummary, 'createdAt' | 'lastActivity'>
export type UserRow = Timed<UserSummary, 'connectedAt'>
export type ClosedRow = Timed<ClosedSummary, 'closedAt'>

/** Whose messages a trace shows: one of the three. */
export interface TraceFilter {
  readonly userId?: number | undefined
  readonly roomId?: number | undefined
  readonly address?: string | undefined
}

/**
 * What operators may see and do, as functions. This is all the admin channel knows of the server, so no request can reach
 * anything else. Unknown rooms, users and plugins are `undefined` or `false`; everything else that is wrong is a GsError.
 */
export interface AdminBackend {
  readonly instanceName: string
  isReady(): boolean
  status(): InstanceStatus
  usage(): Usage
  /** These begin and do not wait for the end. */
  stop(): void
  drain(forMs: number): void
  reload(): Promise<ReloadResult>

  /** Fullest first. */
  rooms(): RoomRow[]
  room(roomId: number): RoomDetails | undefined
  /** How many members that was. */
  closeRoom(roomId: number, message: string | undefined): number | undefined
  /** Longest connected first. */
  users(): UserRow[]
  user(userId: number): UserDetails | undefined
  kickUser(userId: number, message: string | undefined): boolean
  /** How many users it reached. */
  notice(message: string, roomId: number | undefined): number | undefined
  /** Newest first. */
  closed(): ClosedRow[]

  /** Past lines first, at most `lines` of them, then what comes. Undefined: this server's log is somebody else's. */
  logs(options: {
    level: LogEvent['level']
    lines: number
    isFollowed: boolean
    signal: AbortSignal
  }): AsyncIterable<LogEvent | Dropped> | undefined
  trace(options: {filter: TraceFilter; forMs: number; signal: AbortSignal}): AsyncIterable<TraceEvent | Dropped>

  /**
   * What a built-in plugin provides.
   *
   * @throws {GsError} plugin_disabled when it does not run.
   */
  pluginApi<Name extends keyof PluginApis>(name: Name): PluginApis[Name]
  /** Blocks can be looked at and lifted while the plugin is disabled, too: they wait in the store. */
  blockDesk(): Promise<{readonly desk: BlockDesk; readonly isEnforced: boolean}>
  /**
   * Copies the live store into a new file.
   *
   * @throws {GsError} as `Store.backup`.
   */
  backup(file: string): Promise<{readonly sizeBytes: number}>
  plugins(): readonly PluginStatus[]
  /** What running plugins registered, for the list of routes. */
  pluginRoutes(): readonly RouteInfo[]
  enablePlugin(entry: string): Promise<PluginStatus>
  disablePlugin(name: string, isConfirmed: boolean): Promise<PluginStatus>
  callPlugin(call: {
    plugin: string
    method: 'GET' | 'POST'
    path: string
    query: Record<string, string>
    body: unknown
  }): Promise<unknown>
}
