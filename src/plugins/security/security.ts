import type {PluginHost} from '../../contract/plugins.js'
import type {BlockFilter, SecurityApi, SecurityStats, UserSecurity} from '../../contract/security.js'
import {parseAddress} from '../../util/address-range.js'
import type {Block} from './block.js'
import {type BlockKeeper, RECORD_MS} from './block-keeper.js'
import {BlockLog} from './block-log.js'
import {Door} from './door.js'
import {Enforcer} from './enforcer.js'
import {Judge} from './judge.js'
import {Lifting} from './lifting.js'
import type {SecurityConfig} from './limits.js'
import {type GuardParts, MessageGuard} from './message-guard.js'
import {OperatorDesk} from './operator-desk.js'
import {Refusals} from './refusals.js'
import {RuleBook} from './rule-book.js'
import {isRecorded, keyOf} from './security-tables.js'
import {SeenUsers} from './seen-users.js'
import {type BlockTarget, userTarget} from './target.js'
import {Tracker} from './tracker.js'
import {reportUser} from './user-report.js'

/** The parts of the plugin, put together around what is stored. */
export class Security {
  readonly door: Door
  readonly guard: MessageGuard
  readonly seen: SeenUsers
  readonly #host: PluginHost
  readonly #keeper: BlockKeeper
  readonly #rules: RuleBook
  readonly #tracker: Tracker
  readonly #log: BlockLog
  readonly #lifting: Lifting
  readonly #desk: OperatorDesk
  #parts: GuardParts

  constructor(host: PluginHost, config: SecurityConfig, keeper: BlockKeeper) {
    const {clock, store, log, isTrustedProxy} = host
    this.#host = host
    this.#keeper = keeper
    this.#rules = new RuleBook(config.contentRules)
    this.#log = new BlockLog(log, clock)
    this.#tracker = new Tracker({limits: config, allowList: keeper.allowList, isTrustedProxy, clock})
    this.#parts = this.#makeParts(config)
    const common = {parts: this.#parts, tracker: this.#tracker, clock, rules: this.#rules}
    const close = (block: Block) => void this.#disconnect(block)
    this.door = new Door({...common, keeper, close})
    this.guard = new MessageGuard({...common, close})
    this.seen = new SeenUsers(store, clock)
    const pardon = (target: BlockTarget) => this.#pardon(target)
    this.#lifting = new Lifting({
      keeper,
      store,
      clock,
      live: {
        isKnown: ({userId}) => this.#isKnown(userId),
        pardon,
        onLifted: (target, actor) => this.#log.unblocked(target, actor),
      },
    })
    this.#desk = new OperatorDesk({
      keeper,
      clock,
      effects: {
        disconnect: block => this.#disconnect(block),
        onBlocked: block => this.#log.blockedByHand(block),
        pardon,
      },
    })
    this.#applyLists(config)
  }

  /** Takes over a changed configuration; counts and budgets stay. */
  configure(config: SecurityConfig): void {
    this.#rules.configure(config.contentRules)
    const {ruleBlocks, wouldBlock} = this.#parts.enforcer
    this.#parts = this.#makeParts(config)
    this.#parts.enforcer.ruleBlocks = ruleBlocks
    this.#parts.enforcer.wouldBlock = wouldBlock
    this.door.parts = this.#parts
    this.guard.parts = this.#parts
    this.#tracker.configure(config)
    this.#applyLists(config)
  }

  stats(): SecurityStats {
    const {clock} = this.#host
    const {users, addresses} = this.#keeper.book.counts(clock.nowMs())
    const {enforcer, config} = this.#parts
    return {
      mode: config.mode,
      totalUsers: this.#tracker.users.size,
      blockedUsers: users,
      suspiciousUsers: this.#countSuspicious(),
      blockedIps: addresses,
      refusals: this.#rules.counts('refused'),
      wouldRefuse: this.#rules.counts('wouldRefuse'),
      ruleBlocks: enforcer.ruleBlocks,
      wouldBlock: enforcer.wouldBlock,
      allowed: this.#desk.allowed().length,
      trackedAddresses: this.#tracker.addresses.size,
      evictedSuspects: this.#tracker.evictedSuspects,
      unsaved: this.#keeper.writer.unsaved,
    }
  }

  async show(userId: number): Promise<UserSecurity | undefined> {
    const {clock, users, store} = this.#host
    const user = this.#tracker.users.peek(userId)
    const connectedFrom = users.get(userId)?.address ?? null
    const wallMs = clock.nowMs()
    const isKnown =
      user !== undefined ||
      connectedFrom !== null ||
      this.#keeper.book.ofUser(userId, wallMs) !== undefined ||
      this.#keeper.ladder.has(keyOf(userTarget(userId))) ||
      (await isRecorded(store, userId, wallMs - RECORD_MS))
    if (!isKnown) return undefined
    const {config} = this.#parts
    return reportUser({userId, user, connectedFrom, keeper: this.#keeper, config, wallMs, nowMs: clock.monotonicMs()})
  }

  get api(): SecurityApi {
    const [desk, lifting] = [this.#desk, this.#lifting]
    return {
      stats: () => this.stats(),
      rules: () => this.#rules.views(),
      show: userId => this.show(userId),
      blocks: (filter?: BlockFilter) => lifting.blocks(filter),
      block: request => desk.block(request),
      unblock: request => lifting.unblock(request),
      allow: request => desk.allow(request),
      disallow: ({targets, actor}) => desk.disallow(targets, actor),
      allowed: () => desk.allowed(),
      audit: limit => lifting.audit(limit),
      importBlocks: (blocks, actor) => desk.importBlocks(blocks, actor),
    }
  }

  async close(): Promise<void> {
    this.seen.write()
    await this.#keeper.writer.close()
  }

  #makeParts(config: SecurityConfig): GuardParts {
    const {clock} = this.#host
    const judge = new Judge(config, this.#rules)
    const enforcer = new Enforcer({config, judge, keeper: this.#keeper, log: this.#log, clock})
    return {config, judge, enforcer, refusals: new Refusals(config)}
  }

  #applyLists({blockedIps, allowedIps}: SecurityConfig): void {
    const {book, allowList} = this.#keeper
    allowList.configure(allowedIps)
    book.configure(blockedIps)
    for (const block of book.list({}, this.#host.clock.nowMs())) if (block.isConfigured) this.#disconnect(block)
  }

  #countSuspicious(): number {
    const {violationMemoryMs, suspicionDecayPerSecond} = this.#parts.config
    const nowMs = this.#host.clock.monotonicMs()
    let suspicious = 0
    for (const user of this.#tracker.users.values()) {
      if (!user.isMarked) continue
      const {suspicion, violations} = user
      const isSuspicious = suspicion.at(nowMs, suspicionDecayPerSecond) > 0
      if (isSuspicious || violations.count(nowMs, violationMemoryMs) > 0) suspicious += 1
    }
    return suspicious
  }

  #isKnown(userId: number): boolean {
    return this.#tracker.users.peek(userId) !== undefined || this.#host.users.get(userId) !== undefined
  }

  #pardon(target: BlockTarget): void {
    if (target.kind === 'user') this.#tracker.users.peek(target.userId)?.pardon()
    else this.#tracker.addresses.peek(target.text)?.violations.clear()
  }

  #disconnect({target, untilMs}: Block): number {
    const {clock, disconnect} = this.#host
    const nowMs = clock.nowMs()
    const retryAfterMs = untilMs === null ? undefined : Math.max(0, untilMs - nowMs)
    const farewell = {reason: 'blocked', message: 'blocked', ...(retryAfterMs !== undefined && {retryAfterMs})} as const
    if (target.kind === 'user') return disconnect({userId: target.userId, ...farewell})
    const {family, prefixBits, prefix} = target.range
    const matches = (text: string) => {
      const address = parseAddress(text)
      if (address === null || address.family !== family) return false
      const shift = BigInt((family === 4 ? 32 : 128) - prefixBits)
      return address.value >> shift === prefix && this.#keeper.allowList.ofAddress(address, nowMs) === undefined
    }
    return disconnect({matches, ...farewell})
  }
}
