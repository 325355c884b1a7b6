import type {Clock} from '../../contract/clock.js'
import type {BlockEvidence} from '../../contract/security.js'
import {isoTime} from '../../util/iso-time.js'
import type {AddressState} from './address-state.js'
import type {Block} from './block.js'
import type {BlockKeeper} from './block-keeper.js'
import type {BlockCause, BlockLog} from './block-log.js'
import type {Judge} from './judge.js'
import type {SecurityConfig} from './limits.js'
import type {Rule} from './rule-book.js'
import {readBlockTarget, userTarget} from './target.js'
import type {UserState} from './user-state.js'

/** Notes what broke rules, and blocks who broke too many. In monitor mode it only counts. */
export class Enforcer {
  ruleBlocks = 0
  wouldBlock = 0
  readonly #config: SecurityConfig
  readonly #judge: Judge
  readonly #keeper: BlockKeeper
  readonly #log: BlockLog
  readonly #clock: Clock

  constructor(options: {config: SecurityConfig; judge: Judge; keeper: BlockKeeper; log: BlockLog; clock: Clock}) {
    this.#config = options.config
    this.#judge = options.judge
    this.#keeper = options.keeper
    this.#log = options.log
    this.#clock = options.clock
  }

  get isMonitor(): boolean {
    return this.#config.mode === 'monitor'
  }

  /** Counts a rule that was broken, as refused or as what would have been. */
  count(rule: Rule): void {
    if (this.isMonitor) rule.wouldRefuse += 1
    else rule.refused += 1
  }

  /** Counts a user's broken rule; returns the block that comes of it. Times are monotonic. */
  punish(user: UserState, rule: Rule, readId: number, nowMs: number): Block | null {
    const {violationMemoryMs, suspicionDecayPerSecond, suspiciousActivityThreshold} = this.#config
    this.count(rule)
    user.refused += 1
    user.refusals.note(rule.name, this.#clock.nowMs())
    const points = this.#judge.suspicionOf(rule)
    const suspicion =
      points === 0
        ? user.suspicion.at(nowMs, suspicionDecayPerSecond)
        : user.suspicion.add(points, nowMs, suspicionDecayPerSecond)
    let violations = 0
    if (this.#judge.isViolation(rule) && user.violationReadId !== readId) {
      user.violationReadId = readId
      violations = user.violations.add(nowMs, violationMemoryMs)
    }
    if (suspicion > suspiciousActivityThreshold && this.#config.suspicionBlockMs > 0) {
      return this.#blockUser(user, rule, 'suspicion', nowMs)
    }
    if (violations > this.#config.violationsBeforeBlock && this.#config.violationBlockMs > 0) {
      return this.#blockUser(user, rule, 'violations', nowMs)
    }
    return null
  }

  /** Counts a rule that was broken before `welcome`; all within a second are one violation. */
  punishAddress(address: AddressState, rule: Rule, nowMs: number): Block | null {
    this.count(rule)
    const second = Math.floor(nowMs / 1000)
    if (address.violationSecond === second) return null
    address.violationSecond = second
    const {violationMemoryMs, violationsBeforeBlock, violationBlockMs} = this.#config
    const violations = address.violations.add(nowMs, violationMemoryMs)
    // Where users are connected, others of the same address may be none of their business.
    if (violations <= violationsBeforeBlock || violationBlockMs === 0 || address.users > 0) return null
    const evidence = {violations, suspicion: 0, refusals: [], address: address.text}
    address.violations.clear()
    return this.#block(readBlockTarget({cidr: address.text}), rule, 'violations', evidence)
  }

  #blockUser(user: UserState, rule: Rule, cause: BlockCause, nowMs: number): Block | null {
    const {violationMemoryMs, suspicionDecayPerSecond} = this.#config
    const evidence = {
      violations: user.violations.count(nowMs, violationMemoryMs),
      suspicion: Math.round(user.suspicion.at(nowMs, suspicionDecayPerSecond)),
      refusals: user.refusals.list.map(({rule: name, atMs, count}) => ({rule: name, at: isoTime(atMs), count})),
      address: user.addressText,
    }
    user.pardon()
    return this.#block(userTarget(user.userId), rule, cause, evidence)
  }

  #block(target: Block['target'], rule: Rule, cause: BlockCause, evidence: BlockEvidence): Block | null {
    if (this.isMonitor) {
      this.wouldBlock += 1
      return null
    }
    const {violationBlockMs, suspicionBlockMs, maxBlockMs} = this.#config
    const firstMs = cause === 'violations' ? violationBlockMs : suspicionBlockMs
    const block = this.#keeper.blockByRule(target, {rule: rule.name, evidence, firstMs, mostMs: maxBlockMs})
    this.ruleBlocks += 1
    this.#log.blocked(block, cause)
    return block
  }
}
