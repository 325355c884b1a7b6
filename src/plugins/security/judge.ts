import type {MessageAttempt} from '../../contract/plugins.js'
import {ContentRules} from './content-rules.js'
import {
  BURST_SUSPICION,
  HEARTBEAT_PACE,
  LIST_ROOMS_COST,
  MAX_ROOM_ID,
  REJECTED_SUSPICION,
  type SecurityConfig,
} from './limits.js'
import type {PaceLimit} from './pace.js'
import type {Rule, RuleBook} from './rule-book.js'
import type {UserState} from './user-state.js'

/** Decides about messages, in the order: the user's budget, the address's, size, bursts, content. Changes nothing else. */
export class Judge {
  /** Of the last message that broke a rule: how long to wait, in milliseconds. 0: waiting does not help. */
  waitMs = 0
  readonly #config: SecurityConfig
  readonly #content: ContentRules
  readonly #actionPace: PaceLimit
  readonly #userRate: Rule
  readonly #actionRate: Rule
  readonly #heartbeatRate: Rule
  readonly #addressRate: Rule
  readonly #size: Rule
  readonly #burst: Rule
  readonly #roomId: Rule

  constructor(config: SecurityConfig, rules: RuleBook) {
    this.#config = config
    const own = config.contentRules.flatMap(({name, pattern}) => (pattern === undefined ? [] : {name, pattern}))
    this.#content = new ContentRules(rules, own)
    this.#actionPace = {perSecond: config.gameActionsPerSecond, burst: config.gameActionBurst}
    this.#userRate = rules.rule('user_rate')
    this.#actionRate = rules.rule('game_action_rate')
    this.#heartbeatRate = rules.rule('heartbeat_rate')
    this.#addressRate = rules.rule('address_rate')
    this.#size = rules.rule('message_size')
    this.#burst = rules.rule('burst')
    this.#roomId = rules.rule('room_id')
  }

  /** The rule that a message breaks, or null: then it is charged to the budgets. */
  judge(user: UserState, attempt: MessageAttempt, nowMs: number): Rule | null {
    const {message, sizeBytes} = attempt
    this.waitMs = 0
    switch (message.type) {
      case 'game_action':
        return this.#judgePaced(user, attempt, nowMs)
      case 'heartbeat':
        return this.#judgePaced(user, attempt, nowMs)
      default:
    }
    const limit = this.#config.rateLimitPerMinute
    const cost = message.type === 'list_rooms' ? LIST_ROOMS_COST : 1
    const waitMs = this.#userRate.mode === 'off' ? 0 : user.messages.waitMs(cost, limit, nowMs)
    if (waitMs > 0 && this.#objects(this.#userRate, waitMs)) return this.#userRate
    const {address} = user
    const addressLimit = address === null ? 0 : limit * Math.max(1, address.users)
    const addressWaitMs =
      this.#addressRate.mode === 'off' ? 0 : (address?.messages.waitMs(cost, addressLimit, nowMs) ?? 0)
    if (addressWaitMs > 0 && this.#objects(this.#addressRate, addressWaitMs)) return this.#addressRate
    if (sizeBytes > this.#config.maxMessageBytes && this.#objects(this.#size)) return this.#size
    if (this.#isBurst(user, attempt.readId, nowMs)) return this.#burst
    if (message.type === 'chat') {
      const rule = this.#content.find(message.message, this.#objectsToContent)
      if (rule !== null) return rule
    } else if (message.type === 'join_room' && message.roomId > MAX_ROOM_ID && this.#objects(this.#roomId)) {
      return this.#roomId
    }
    if (waitMs === 0) user.messages.add(cost, limit, nowMs)
    if (addressWaitMs === 0) address?.messages.add(cost, addressLimit, nowMs)
    return null
  }

  /** A frame that was no message, and was answered as such: true when it was over the user's budget. */
  chargeMalformed(user: UserState, nowMs: number): boolean {
    const limit = this.#config.rateLimitPerMinute
    const waitMs = this.#userRate.mode === 'off' ? 0 : user.messages.waitMs(1, limit, nowMs)
    if (waitMs > 0) return this.#objects(this.#userRate, waitMs)
    user.messages.add(1, limit, nowMs)
    return false
  }

  /** What breaking a rule adds to a user's suspicion. */
  suspicionOf(rule: Rule): number {
    return rule.code === 'content_rejected' || rule === this.#size ? REJECTED_SUSPICION : 0
  }

  /** Not the user's own doing, or punished otherwise. */
  isViolation(rule: Rule): boolean {
    return rule !== this.#addressRate && rule !== this.#burst
  }

  #judgePaced(user: UserState, {message, sizeBytes}: MessageAttempt, nowMs: number): Rule | null {
    const isAction = message.type === 'game_action'
    const rule = isAction ? this.#actionRate : this.#heartbeatRate
    const pace = isAction ? user.actions : user.heartbeats
    const limit = isAction ? this.#actionPace : HEARTBEAT_PACE
    const waitMs = rule.mode === 'off' ? 0 : pace.waitMs(limit, nowMs)
    if (waitMs > 0 && this.#objects(rule, waitMs)) return rule
    if (sizeBytes > this.#config.maxMessageBytes && this.#objects(this.#size)) return this.#size
    if (waitMs === 0) pace.add(limit, nowMs)
    return null
  }

  /** True when a run of reads brings the user over the limit of suspicion. */
  #isBurst(user: UserState, readId: number, nowMs: number): boolean {
    const {ddosProtection, burstReads, suspicionDecayPerSecond, suspiciousActivityThreshold} = this.#config
    if (!ddosProtection || this.#burst.mode === 'off') return false
    if (!user.run.note(readId, nowMs, burstReads) || !this.#objects(this.#burst)) return false
    const suspicion = user.suspicion.add(BURST_SUSPICION, nowMs, suspicionDecayPerSecond)
    return suspicion > suspiciousActivityThreshold && this.#config.suspicionBlockMs > 0
  }

  readonly #objectsToContent = (rule: Rule): boolean => this.#objects(rule)

  /** Counts for a rule that only flags. */
  #objects(rule: Rule, waitMs = 0): boolean {
    if (rule.mode === 'enforce') {
      this.waitMs = waitMs
      return true
    }
    if (rule.mode === 'flag') rule.wouldRefuse += 1
    return false
  }
}
