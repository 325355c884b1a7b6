import type {MessageAttempt, MessageRecord} from '../../contract/plugins.js'
import type {Block} from './block.js'
import type {Enforcer} from './enforcer.js'
import type {Judge} from './judge.js'
import type {SecurityConfig} from './limits.js'
import type {Refusals} from './refusals.js'
import type {Rule, RuleBook} from './rule-book.js'
import type {Tracker} from './tracker.js'
import type {UserState} from './user-state.js'

/** What of the guard depends on the configuration. */
export interface GuardParts {
  readonly config: SecurityConfig
  readonly judge: Judge
  readonly enforcer: Enforcer
  readonly refusals: Refusals
}

/** Judges every message of a user, and answers those that break a rule. */
export class MessageGuard {
  parts: GuardParts
  readonly #tracker: Tracker
  readonly #flood: Rule
  readonly #chatLength: Rule
  readonly #userRate: Rule
  readonly #close: (block: Block) => void
  #nowMs = Number.NEGATIVE_INFINITY

  constructor(options: {
    parts: GuardParts
    tracker: Tracker
    rules: RuleBook
    /** Ends the connections that a block is about. */
    close: (block: Block) => void
  }) {
    this.parts = options.parts
    this.#tracker = options.tracker
    this.#flood = options.rules.rule('flood')
    this.#chatLength = options.rules.rule('chat_length')
    this.#userRate = options.rules.rule('user_rate')
    this.#close = options.close
  }

  /** @throws {GsError} the refusal. */
  beforeMessage(attempt: MessageAttempt): void {
    const nowMs = this.#timeOf(attempt.readMonotonicMs)
    const user = this.#tracker.user(attempt.userId, attempt.address, nowMs)
    if (user.isExempt) return
    const {judge, enforcer} = this.parts
    const rule = judge.judge(user, attempt, nowMs)
    if (rule === null) {
      user.admitted += 1
      return
    }
    const {waitMs} = judge
    const block = enforcer.punish(user, rule, attempt.readId, nowMs)
    if (!enforcer.isMonitor) this.#refuse(user, rule, {attempt, nowMs, waitMs, block})
  }

  /** Frames that are no message have been answered as such, and are not free either. */
  afterMessage({message, error, userId, address, readId, readMonotonicMs}: MessageRecord): void {
    if (message !== undefined || error === null || error.rule !== undefined || error.code === 'plugin_failed') return
    const nowMs = this.#timeOf(readMonotonicMs)
    const user = this.#tracker.user(userId, address, nowMs)
    if (user.isExempt) return
    const {judge, enforcer} = this.parts
    const isOver = judge.chargeMalformed(user, nowMs)
    const isTooLong = error.code === 'message_too_large' && this.#chatLength.mode === 'enforce'
    if (!isOver && !isTooLong) return
    const block = enforcer.punish(user, isOver ? this.#userRate : this.#chatLength, readId, nowMs)
    if (block !== null) this.#close(block)
  }

  #refuse(
    user: UserState,
    rule: Rule,
    {attempt, nowMs, waitMs, block}: {attempt: MessageAttempt; nowMs: number; waitMs: number; block: Block | null},
  ): never {
    const {config, refusals, enforcer} = this.parts
    if (block !== null) {
      const leftMs = block.untilMs === null ? null : block.untilMs - block.sinceMs
      throw refusals.close(rule, 'blocked', 'blocked for breaking the rules of this server', leftMs)
    }
    // As long as rules block, a flood ends by that.
    const flood = config.violationBlockMs === 0 ? user.flood.note(nowMs) : null
    if (flood === 'close') {
      enforcer.count(this.#flood)
      throw refusals.close(this.#flood, 'protocol_abuse', 'too many refusals', null)
    }
    if (flood !== null) throw refusals.pause(rule, flood.pauseMs, user.flood.takeSuppressed())
    const isAnswered = attempt.message.seq !== undefined || user.flood.mayAnswer(nowMs)
    throw isAnswered ? refusals.answer(rule, waitMs, user.flood.takeSuppressed()) : refusals.silent(rule)
  }

  /** A message that had to wait is judged at the time of the latest one: the time of budgets never goes back. */
  #timeOf(readMonotonicMs: number): number {
    this.#nowMs = Math.max(this.#nowMs, readMonotonicMs)
    return this.#nowMs
  }
}
