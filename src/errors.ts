import type {CloseReason, WireErrorCode} from './contract/codes.js'

interface ErrorKind {
  /** Exit status of a command that ends with this error. */
  readonly exitCode: 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7
  /** It can stand in an `error` frame of the game protocol. */
  readonly isWire: boolean
}

const wire = {exitCode: 1, isWire: true} as const satisfies ErrorKind

/**
 * Every failure `gs` reports on purpose. A code is public: sent to clients, printed by commands, written to logs. It is
 * never renamed and never reused. `docs/errors.md` explains each; a test compares the two.
 */
export const ERRORS = {
  bad_message: wire,
  unknown_type: wire,
  not_authenticated: wire,
  already_authenticated: wire,
  not_in_room: wire,
  already_in_room: wire,
  room_full: wire,
  limit_reached: wire,
  rate_limited: wire,
  message_too_large: wire,
  content_rejected: wire,
  game_not_found: wire,
  game_in_progress: wire,
  no_game: wire,
  not_enough_players: wire,
  bad_action: wire,
  game_failed: wire,
  not_allowed: wire,
  plugin_failed: wire,
  server_busy: wire,
  config_invalid: {exitCode: 2, isWire: false},
  usage: {exitCode: 2, isWire: false},
  address_in_use: {exitCode: 1, isWire: false},
  listen_failed: {exitCode: 1, isWire: false},
  insecure_public: {exitCode: 2, isWire: false},
  game_invalid: {exitCode: 2, isWire: false},
  plugin_invalid: {exitCode: 2, isWire: false},
  plugin_not_found: {exitCode: 2, isWire: false},
  plugin_setup_failed: {exitCode: 1, isWire: false},
  secret_missing: {exitCode: 2, isWire: false},
  secret_unsafe: {exitCode: 2, isWire: false},
  server_closed: {exitCode: 1, isWire: false},
  server_unreachable: {exitCode: 5, isWire: false},
  connection_closed: {exitCode: 1, isWire: false},
  timed_out: {exitCode: 5, isWire: false},
  file_exists: {exitCode: 1, isWire: false},
  file_unwritable: {exitCode: 1, isWire: false},
  already_running: {exitCode: 1, isWire: false},
  data_dir_taken: {exitCode: 1, isWire: false},
  store_unavailable: {exitCode: 1, isWire: false},
  store_newer: {exitCode: 1, isWire: false},
  statement_invalid: {exitCode: 2, isWire: false},
  socket_path_taken: {exitCode: 1, isWire: false},
  socket_path_too_long: {exitCode: 2, isWire: false},
  run_directory_unsafe: {exitCode: 1, isWire: false},
  ambiguous_instance: {exitCode: 2, isWire: false},
  not_found: {exitCode: 3, isWire: false},
  not_permitted: {exitCode: 4, isWire: false},
  plugin_disabled: {exitCode: 6, isWire: false},
  version_mismatch: {exitCode: 7, isWire: false},
} as const satisfies Record<WireErrorCode, ErrorKind> & Record<string, ErrorKind>

export type ErrorCode = keyof typeof ERRORS

/** Every close reason, and whether the client is told by a `goodbye` frame. */
export const CLOSE_REASONS = {
  client_closed: {isTold: false},
  wrong_protocol: {isTold: false},
  handshake_timeout: {isTold: true},
  auth_failed: {isTold: true},
  bad_frame: {isTold: true},
  frame_too_large: {isTold: true},
  frame_timeout: {isTold: true},
  protocol_abuse: {isTold: true},
  heartbeat_timeout: {isTold: true},
  slow_consumer: {isTold: false},
  replaced: {isTold: true},
  kicked: {isTold: true},
  blocked: {isTold: true},
  server_full: {isTold: true},
  address_full: {isTold: true},
  overloaded: {isTold: true},
  server_shutdown: {isTold: true},
  read_error: {isTold: false},
  write_error: {isTold: false},
  internal: {isTold: true},
} as const satisfies Record<CloseReason, {isTold: boolean}>

/**
 * What becomes of the sender after a refusal: it is answered; nothing is said; it is answered and not read from for
 * `retryAfterMs`; the connection is closed.
 */
export type RefusalConsequence = 'answer' | 'drop' | 'pause' | 'close'

export interface GsErrorOptions {
  /** The failure this one explains. Always pass it on. */
  cause?: unknown
  /** One sentence that says what to do next. */
  hint?: string
  /** Name of the rule that refused, from a fixed set of the plugin's. */
  rule?: string
  /** How long the sender should wait before it tries again, in milliseconds. */
  retryAfterMs?: number
  /** How many refusals before this one were not answered. */
  suppressed?: number
  /** Refusals only. Default `answer`; at `connectionOpened` and `userConnecting` a refusal always closes. */
  then?: RefusalConsequence
  /** The reason when the refusal closes. Default `kicked`. */
  closeReason?: CloseReason
}

/** Marks errors of any copy of this package, so that a plugin with its own copy can refuse, too. */
const BRAND = Symbol.for('gs.error')

/** The only error `gs` throws on purpose. Anything else that escapes is a bug and keeps its stack. */
export class GsError extends Error {
  override readonly name = 'GsError'
  readonly code: ErrorCode
  readonly hint: string | undefined
  readonly rule: string | undefined
  readonly retryAfterMs: number | undefined
  readonly suppressed: number | undefined
  // `then` would make every GsError look like a promise to `await`; hence the longer name inside.
  readonly consequence: RefusalConsequence
  readonly closeReason: CloseReason
  readonly [BRAND] = true

  constructor(code: ErrorCode, message: string, options: GsErrorOptions = {}) {
    super(message, 'cause' in options ? {cause: options.cause} : undefined)
    this.code = code
    this.hint = options.hint
    this.rule = options.rule
    this.retryAfterMs = options.retryAfterMs
    this.suppressed = options.suppressed
    this.consequence = options.then ?? 'answer'
    this.closeReason = options.closeReason ?? 'kicked'
  }

  /** Tells a GsError from any other thrown value, also one made by another copy of this package. */
  static is(value: unknown): value is GsError {
    return value instanceof Error && (value as {[BRAND]?: unknown})[BRAND] === true
  }
}

/** True when the code may stand in an `error` frame. */
export function isWireCode(code: ErrorCode): code is WireErrorCode {
  return ERRORS[code]?.isWire ?? false
}

/** What a game throws to turn a move down: the player gets `bad_action` with `reason`, the game goes on. */
export function refuse(reason: string): GsError {
  return new GsError('bad_action', reason)
}
