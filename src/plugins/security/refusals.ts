import type {CloseReason, WireErrorCode} from '../../contract/codes.js'
import {GsError, type GsErrorOptions, type RefusalConsequence} from '../../errors.js'
import {MAX_ROOM_ID, type SecurityConfig} from './limits.js'
import type {Rule} from './rule-book.js'

/** Makes the refusals that clients see. */
export class Refusals {
  readonly #config: SecurityConfig
  /** Those that nobody is told of; one for each rule. */
  readonly #silent = new Map<string, GsError>()

  constructor(config: SecurityConfig) {
    this.#config = config
  }

  answer(rule: Rule, waitMs: number, suppressed: number): GsError {
    return this.#make(rule, 'answer', {retryAfterMs: Math.ceil(waitMs), ...(suppressed > 0 && {suppressed})})
  }

  silent(rule: Rule): GsError {
    let refusal = this.#silent.get(rule.name)
    if (refusal === undefined) {
      refusal = this.#make(rule, 'drop')
      this.#silent.set(rule.name, refusal)
    }
    return refusal
  }

  pause(rule: Rule, pauseMs: number, suppressed: number): GsError {
    return this.#make(rule, 'pause', {retryAfterMs: pauseMs, ...(suppressed > 0 && {suppressed})})
  }

  /** `retryAfterMs` is null where there is no time after which it goes better. */
  close(rule: Rule, closeReason: CloseReason, message: string, retryAfterMs: number | null): GsError {
    const wait = retryAfterMs === null ? {} : {retryAfterMs: Math.ceil(retryAfterMs)}
    return makeRefusal(wireCodeOf(rule), message, 'close', {rule: rule.name, closeReason, ...wait})
  }

  #make(rule: Rule, consequence: RefusalConsequence, options: GsErrorOptions = {}): GsError {
    return makeRefusal(wireCodeOf(rule), this.#describe(rule), consequence, {rule: rule.name, ...options})
  }

  #describe({name, description}: Rule): string {
    const config = this.#config
    switch (name) {
      case 'user_rate':
        return `at most ${config.rateLimitPerMinute} messages a minute`
      case 'game_action_rate':
        return `at most ${config.gameActionsPerSecond} game actions a second`
      case 'heartbeat_rate':
        return 'at most 2 heartbeats a second'
      case 'address_rate':
        return 'too many messages from your address'
      case 'message_size':
        return `a message must have at most ${config.maxMessageBytes} bytes`
      case 'chat_length':
        return 'a chat must have at most 1000 characters'
      case 'room_id':
        return `roomId must be at most ${MAX_ROOM_ID}`
      default:
        return description.startsWith('A chat') ? 'this text is not allowed here' : 'refused'
    }
  }
}

/** A refusal is an answer and no fault: to note where it was made would cost more than the message. */
function makeRefusal(
  code: WireErrorCode,
  message: string,
  consequence: RefusalConsequence,
  options: GsErrorOptions,
): GsError {
  const {stackTraceLimit} = Error
  Error.stackTraceLimit = 0
  try {
    // biome-ignore lint/suspicious/noThenProperty: the name of the option, and nobody awaits the options
    return new GsError(code, message, {...options, then: consequence})
  } finally {
    Error.stackTraceLimit = stackTraceLimit
  }
}

function wireCodeOf({code}: Rule): WireErrorCode {
  return code === 'rate_limited' || code === 'message_too_large' || code === 'content_rejected' ? code : 'not_allowed'
}
