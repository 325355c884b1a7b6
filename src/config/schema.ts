import {z} from 'zod'
import type {GameDefinition} from '../contract/games.js'
import type {PluginDefinition} from '../contract/plugins.js'
import {isAddressOrRange, isHost} from './address.js'
import {analytics} from './analytics-keys.js'
import {cache} from './cache-keys.js'
import {boolean, choice, integer, list, MAX_TIMER_MS, optionalText, text} from './key.js'
import {metrics} from './metrics-keys.js'
import {security} from './security-keys.js'

/** A plugin by name, by path, or (library and module files only) itself. */
// biome-ignore lint/suspicious/noExplicitAny: a list holds plugins of any configuration
export type PluginEntry = string | PluginDefinition<any>

/** A game by name, by path, or (library and module files only) itself. */
// biome-ignore lint/suspicious/noExplicitAny: a list holds games of any state and action
export type GameEntry = string | GameDefinition<any, any>

const MEGABYTE = 1_048_576

function isEntry(value: unknown, method: string): boolean {
  if (typeof value === 'string') return value !== ''
  return typeof value === 'object' && value !== null && typeof (value as Record<string, unknown>)[method] === 'function'
}

const top = {
  name: text({
    description: 'Name of this server instance: what clients are told, and how commands find it.',
    unit: 'name',
    default: 'default',
    expects: 'letters, digits, ".", "_" and "-", starting with a letter or digit',
    maxCharacters: 32,
    isValid: name => /^[a-z0-9][a-z0-9._-]*$/i.test(name),
    liveness: 'restart',
  }),
  dataDir: optionalText({
    description:
      'Folder of the data store, made if missing, for one server at a time. Left out: gs/<name> below $XDG_STATE_HOME, or ~/.local/state.',
    unit: 'path',
    expects: 'a path',
    maxCharacters: 4096,
    isValid: path => !path.includes('\0'),
    liveness: 'restart',
  }),
  ephemeral: boolean({
    description: 'Keep data in memory only: it ends with the server.',
    default: false,
    defaultNote: 'true in the library, unless dataDir is set',
    liveness: 'restart',
  }),
  plugins: list<PluginEntry>({
    description: 'Plugins to run, by name or by the path of a module ("./" or "../" in front).',
    unit: 'names or paths',
    expects: 'a name or path of a plugin',
    maxEntries: 64,
    isValid: entry => isEntry(entry, 'setup'),
    liveness: 'restart',
  }),
  games: list<GameEntry>({
    description: 'Games besides the built-in ones, by the path of a module ("./" or "../" in front).',
    unit: 'paths',
    expects: 'a name or path of a game',
    maxEntries: 256,
    isValid: entry => isEntry(entry, 'onAction'),
    liveness: 'restart',
  }),
}

const server = {
  host: text({
    description: 'Address to listen on. One that others can reach needs auth.mode token, or insecurePublic.',
    unit: 'address',
    default: '127.0.0.1',
    expects: 'an address or a host name',
    maxCharacters: 253,
    isValid: isHost,
    liveness: 'restart',
  }),
  port: integer({
    description: 'TCP port of the game protocol. 0: any free one.',
    unit: 'port',
    default: 7000,
    min: 0,
    max: 65_535,
    liveness: 'restart',
  }),
  insecurePublic: boolean({
    description: 'Listen on an address that others can reach although anyone can take any user id.',
    default: false,
    liveness: 'restart',
  }),
  tickMs: integer({
    description: 'Room frames are sent together at this interval. 0: at every turn of the event loop.',
    unit: 'ms',
    default: 0,
    min: 0,
    max: 1000,
    liveness: 'restart',
  }),
  maxConnections: integer({
    description: 'Connections at one time; never over 80 % of the limit of open files.',
    unit: 'connections',
    default: 10_000,
    min: 1,
    max: 1_000_000,
    liveness: 'live',
  }),
  maxMemoryMb: integer({
    description: 'Resident memory the server is meant to keep to; at 90 % of it new work is refused.',
    unit: 'MB',
    default: 512,
    min: 64,
    max: 1_048_576,
    liveness: 'live',
  }),
  maxFrameBytes: integer({
    description: 'Largest frame from a client; a larger one closes the connection.',
    unit: 'bytes',
    default: 131_072,
    min: 64,
    max: 16 * MEGABYTE,
    liveness: 'live',
  }),
  maxFrameBytesBeforeHello: integer({
    description: 'Largest first frame; at most maxFrameBytes.',
    unit: 'bytes',
    default: 4096,
    min: 64,
    max: MEGABYTE,
    liveness: 'live',
  }),
  maxJsonDepth: integer({
    description: 'How deep arrays and objects of one message may be nested.',
    unit: 'levels',
    default: 16,
    min: 1,
    max: 128,
    liveness: 'live',
  }),
  maxJsonKeys: integer({
    description: 'Keys in any one object of a message.',
    unit: 'keys',
    default: 64,
    min: 8,
    max: 10_000,
    liveness: 'live',
  }),
  handshakeTimeoutMs: integer({
    description: 'Time from the accept to a complete hello.',
    unit: 'ms',
    default: 5000,
    min: 1,
    max: MAX_TIMER_MS,
    liveness: 'live',
    defaultNote: '60000 on a loopback host with auth.mode none',
  }),
  frameTimeoutMs: integer({
    description: 'Time from the first to the last byte of a frame.',
    unit: 'ms',
    default: 10_000,
    min: 1,
    max: MAX_TIMER_MS,
    liveness: 'live',
  }),
  heartbeatTimeoutMs: integer({
    description:
      'A client that sends nothing for this long is closed; it is advised to send a heartbeat in a third of it. 0: silence is not punished.',
    unit: 'ms',
    default: 45_000,
    min: 0,
    max: MAX_TIMER_MS,
    liveness: 'live',
    defaultNote: '0 on a loopback host with auth.mode none',
  }),
  emptyRoomTtlMs: integer({
    description: 'An empty room is kept for this long. 0: removed at once.',
    unit: 'ms',
    default: 60_000,
    min: 0,
    max: MAX_TIMER_MS,
    liveness: 'live',
  }),
  roomsPerUser: integer({
    description: 'Rooms one user can be in at one time.',
    unit: 'rooms',
    default: 32,
    min: 1,
    max: 10_000,
    liveness: 'live',
  }),
  membersPerRoom: integer({
    description: 'Members of one room.',
    unit: 'users',
    default: 5000,
    min: 1,
    max: 1_000_000,
    liveness: 'live',
  }),
  maxRooms: integer({
    description: 'Rooms at one time, empty ones included.',
    unit: 'rooms',
    default: 10_000,
    min: 1,
    max: 1_000_000,
    liveness: 'live',
  }),
  maxChatCharacters: integer({
    description: 'Length of one chat message, in Unicode code points.',
    unit: 'characters',
    default: 1000,
    min: 1,
    // Escaped, each may take six bytes of the longest frame a server sends.
    max: 40_000,
    liveness: 'live',
  }),
  unsentHardBytes: integer({
    description: 'A client with more than this unsent is closed as slow_consumer at once; at most unsentTotalBytes.',
    unit: 'bytes',
    default: MEGABYTE,
    min: 1024,
    max: 1024 * MEGABYTE,
    liveness: 'live',
  }),
  unsentSoftBytes: integer({
    description: 'A client with more than this unsent for unsentSoftMs is closed, too; at most unsentHardBytes.',
    unit: 'bytes',
    default: 262_144,
    min: 1024,
    max: 1024 * MEGABYTE,
    liveness: 'live',
  }),
  unsentSoftMs: integer({
    description: 'How long a client may stay above unsentSoftBytes.',
    unit: 'ms',
    default: 10_000,
    min: 1,
    max: MAX_TIMER_MS,
    liveness: 'live',
  }),
  unsentTotalBytes: integer({
    description: 'Unsent bytes of all clients together; above it the client with the most is closed.',
    unit: 'bytes',
    default: 256 * MEGABYTE,
    min: 1024,
    max: 65_536 * MEGABYTE,
    liveness: 'live',
  }),
  maxInFlight: integer({
    description: 'Messages of one connection that may wait for plugins before reading from it pauses.',
    unit: 'messages',
    default: 32,
    min: 1,
    max: 1024,
    liveness: 'live',
  }),
  hookTimeoutMs: integer({
    description: 'A hook of a plugin that has not settled after this counts as failed.',
    unit: 'ms',
    default: 1000,
    min: 1,
    max: 600_000,
    liveness: 'live',
  }),
  badMessagesBeforeClose: integer({
    description: 'Malformed, unknown or unauthenticated messages within 10 s that close a connection.',
    unit: 'messages',
    default: 10,
    min: 1,
    max: 100_000,
    liveness: 'live',
  }),
  closedLedgerSize: integer({
    description: 'Closed connections that are remembered, with the reason. 0: none.',
    unit: 'connections',
    default: 1000,
    min: 0,
    max: 100_000,
    liveness: 'restart',
  }),
  trustedProxies: list<string>({
    description: 'Proxies in front: from these a PROXY header (v1 or v2) is required before anything else.',
    unit: 'addresses or CIDR ranges',
    expects: 'an address or a CIDR range',
    maxEntries: 256,
    isValid: isAddressOrRange,
    liveness: 'restart',
  }),
}

const game = {
  seatHoldMs: integer({
    description: 'A player who lost the connection keeps the seat for this long.',
    unit: 'ms',
    default: 120_000,
    min: 0,
    max: MAX_TIMER_MS,
    liveness: 'live',
  }),
}

const auth = {
  mode: choice({
    description: 'none: a client states its user id, and anyone can take any. token: it presents a signed token (JWT).',
    values: ['none', 'token'],
    default: 'none',
    liveness: 'restart',
  }),
  secretFile: optionalText({
    description:
      'File with the secret that signs tokens: at least 32 bytes, readable by its owner only. Or set GS_AUTH_SECRET.',
    unit: 'path',
    expects: 'a path',
    maxCharacters: 4096,
    isValid: path => !path.includes('\0'),
    liveness: 'restart',
  }),
}

const admin = {
  socket: optionalText({
    description:
      'Path of the admin socket, at most 103 bytes. Left out: gs serve puts it into the run directory, the library has none.',
    unit: 'path',
    expects: 'a path',
    maxCharacters: 103,
    isValid: path => !path.includes('\0'),
    liveness: 'restart',
  }),
  readOnlySocket: optionalText({
    description: 'Path of a second socket that only reads, open to the group of the process. Left out: none.',
    unit: 'path',
    expects: 'a path',
    maxCharacters: 103,
    isValid: path => !path.includes('\0'),
    liveness: 'restart',
  }),
}

const log = {
  level: choice({
    description: 'The least serious log lines that are written.',
    values: ['debug', 'info', 'warn', 'error', 'silent'],
    default: 'info',
    liveness: 'live',
  }),
  file: optionalText({
    description: 'File to append the log to, as JSON lines. Left out: stderr.',
    unit: 'path',
    expects: 'a path',
    maxCharacters: 4096,
    isValid: path => !path.includes('\0'),
    liveness: 'restart',
  }),
}

/** Every key that works, by group. `top` holds the keys that stand in no group. */
export const KEY_GROUPS = {top, server, game, auth, admin, log, metrics, cache, analytics, security} as const

/** The keys of the core. Those of plugins are checked apart, once the plugins are loaded. */
export const coreSchema = z.strictObject({
  ...top,
  server: z.strictObject(server).prefault({}),
  game: z.strictObject(game).prefault({}),
  auth: z.strictObject(auth).prefault({}),
  admin: z.strictObject(admin).prefault({}),
  log: z.strictObject(log).prefault({}),
  metrics: z.strictObject(metrics).prefault({}),
  cache: z.strictObject(cache).prefault({}),
  analytics: z.strictObject(analytics).prefault({}),
  security: z.strictObject(security).prefault({}),
})

/** A checked configuration: every default is filled in. */
export type Config = z.output<typeof coreSchema>

/**
 * A configuration as users write it: everything may be left out. Also what the library's `createServer` takes. Any other
 * key is the name of a plugin and holds its configuration.
 */
export type ConfigInput = z.input<typeof coreSchema> & {readonly [plugin: string]: unknown}

export type LogLevel = Config['log']['level']
