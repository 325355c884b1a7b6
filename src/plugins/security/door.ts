import type {Clock} from '../../contract/clock.js'
import type {
  ConnectionAttempt,
  ConnectionClosed,
  FrameArrival,
  ServerEvents,
  UserAttempt,
} from '../../contract/plugins.js'
import type {UserDirectory} from '../../contract/views.js'
import type {GsError} from '../../errors.js'
import {parseAddress} from '../../util/address-range.js'
import type {AddressState} from './address-state.js'
import type {Block} from './block.js'
import type {BlockKeeper} from './block-keeper.js'
import {USERS_PER_NEWCOMER} from './limits.js'
import type {GuardParts} from './message-guard.js'
import type {Rule, RuleBook} from './rule-book.js'
import type {Tracker} from './tracker.js'

interface OpenConnection {
  readonly address: AddressState
  readonly isExempt: boolean
  isWelcomed: boolean
}

/** Judges connections and what comes before `welcome`, and counts who is in from where. */
export class Door {
  parts: GuardParts
  readonly #tracker: Tracker
  readonly #keeper: BlockKeeper
  readonly #clock: Clock
  readonly #rules: {readonly [name in 'blockedAddress' | 'blockedUser' | 'connections' | 'connects' | 'frames']: Rule}
  readonly #close: (block: Block) => void
  /** By id; bounded by the connections of the server. */
  readonly #open = new Map<number, OpenConnection>()
  /** Users who were there before the plugin, by session. */
  readonly #inherited = new Map<string, AddressState>()

  constructor(options: {
    parts: GuardParts
    tracker: Tracker
    keeper: BlockKeeper
    clock: Clock
    rules: RuleBook
    /** Ends the connections that a block is about. */
    close: (block: Block) => void
  }) {
    const {rules} = options
    this.parts = options.parts
    this.#tracker = options.tracker
    this.#keeper = options.keeper
    this.#clock = options.clock
    this.#close = options.close
    this.#rules = {
      blockedAddress: rules.rule('blocked_address'),
      blockedUser: rules.rule('blocked_user'),
      connections: rules.rule('address_connections'),
      connects: rules.rule('address_connects'),
      frames: rules.rule('address_rate'),
    }
  }

  /** Takes over those who are connected already. */
  inherit(users: UserDirectory): void {
    const nowMs = this.#clock.monotonicMs()
    for (const {sessionId, address} of users.list(Number.POSITIVE_INFINITY)) {
      const state = this.#tracker.address(address, nowMs)
      state.users += 1
      this.#inherited.set(sessionId, state)
    }
  }

  /** @throws {GsError} the refusal. */
  connectionOpened({connectionId, address: text}: ConnectionAttempt): void {
    const block = this.#blockOf(text)
    if (block !== undefined) this.#refuseBlocked(this.#rules.blockedAddress, block, 'your address is blocked')
    const nowMs = this.#clock.monotonicMs()
    const address = this.#tracker.address(text, nowMs)
    const isExempt = this.#tracker.isExempt(text)
    if (!isExempt) this.#checkConnection(address, nowMs)
    address.newcomers += 1
    this.#open.set(connectionId, {address, isExempt, isWelcomed: false})
  }

  /** @throws {GsError} the refusal. */
  userConnecting({connectionId, userId}: UserAttempt): void {
    const nowMs = this.#clock.nowMs()
    const block = this.#keeper.book.ofUser(userId, nowMs)
    if (block !== undefined && this.#isHeld(block) && this.#keeper.allowList.ofUser(userId, nowMs) === undefined) {
      this.#refuseBlocked(this.#rules.blockedUser, block, 'you are blocked')
    }
    const connection = this.#open.get(connectionId)
    if (connection === undefined || connection.isExempt) return
    const {address} = connection
    const {config, refusals} = this.parts
    const most = config.connectionsPerAddress * USERS_PER_NEWCOMER
    const rule = this.#rules.connections
    if (address.users < most || !this.#objects(rule)) return
    this.#refuse(address, rule, () =>
      refusals.close(rule, 'address_full', `at most ${most} users from one address`, 1000),
    )
  }

  userConnected({connectionId}: ServerEvents['userConnected']): void {
    const connection = this.#open.get(connectionId)
    if (connection === undefined) return
    connection.isWelcomed = true
    connection.address.newcomers -= 1
    connection.address.users += 1
  }

  /** @throws {GsError} the refusal. */
  frameBeforeWelcome({address: text}: FrameArrival): void {
    if (this.#tracker.isExempt(text)) return
    const nowMs = this.#clock.monotonicMs()
    const address = this.#tracker.address(text, nowMs)
    const {config, refusals} = this.parts
    const limit = config.addressRateLimitPerMinute
    const rule = this.#rules.frames
    const waitMs = rule.mode === 'off' ? 0 : address.frames.waitMs(1, limit, nowMs)
    if (waitMs === 0) address.frames.add(1, limit, nowMs)
    else if (this.#objects(rule)) {
      this.#refuse(address, rule, () =>
        address.flood.mayAnswer(nowMs)
          ? refusals.answer(rule, waitMs, address.flood.takeSuppressed())
          : refusals.silent(rule),
      )
    }
  }

  connectionClosed({connectionId, sessionId}: ConnectionClosed): void {
    const connection = this.#open.get(connectionId)
    if (connection !== undefined) {
      this.#open.delete(connectionId)
      if (connection.isWelcomed) connection.address.users -= 1
      else connection.address.newcomers -= 1
      return
    }
    const inherited = sessionId === null ? undefined : this.#inherited.get(sessionId)
    if (sessionId === null || inherited === undefined) return
    this.#inherited.delete(sessionId)
    inherited.users -= 1
  }

  #checkConnection(address: AddressState, nowMs: number): void {
    const {config, refusals} = this.parts
    const {connections, connects} = this.#rules
    const waitMs = connects.mode === 'off' ? 0 : address.connects.waitMs(1, config.connectsPerMinute, nowMs)
    if (waitMs === 0) address.connects.add(1, config.connectsPerMinute, nowMs)
    else if (this.#objects(connects)) {
      this.#refuse(address, connects, () =>
        refusals.close(connects, 'address_full', 'too many connections from your address', waitMs),
      )
    }
    if (address.newcomers < config.connectionsPerAddress || connections.mode === 'off') return
    if (!this.#objects(connections)) return
    this.#refuse(address, connections, () =>
      refusals.close(connections, 'address_full', 'too many connections from your address', 1000),
    )
  }

  /** In monitor mode it only counts. */
  #refuse(address: AddressState, rule: Rule, refusal: () => GsError): void {
    const {enforcer} = this.parts
    const block = enforcer.punishAddress(address, rule, this.#clock.monotonicMs())
    if (block !== null) this.#close(block)
    if (!enforcer.isMonitor) throw refusal()
  }

  #refuseBlocked(rule: Rule, block: Block, message: string): never {
    rule.refused += 1
    const leftMs = block.untilMs === null ? null : Math.max(0, block.untilMs - this.#clock.nowMs())
    throw this.parts.refusals.close(rule, 'blocked', message, leftMs)
  }

  #blockOf(text: string): Block | undefined {
    const address = parseAddress(text)
    const nowMs = this.#clock.nowMs()
    if (address === null || this.#keeper.allowList.ofAddress(address, nowMs) !== undefined) return undefined
    return this.#keeper.book.ofAddress(address, nowMs, block => this.#isHeld(block))
  }

  /** In monitor mode only those made by hand hold; what others would have refused is counted. */
  #isHeld(block: Block): boolean {
    if (block.rule === null || !this.parts.enforcer.isMonitor) return true
    const rule = block.target.kind === 'user' ? this.#rules.blockedUser : this.#rules.blockedAddress
    rule.wouldRefuse += 1
    return false
  }

  #objects(rule: Rule): boolean {
    if (rule.mode === 'flag') rule.wouldRefuse += 1
    return rule.mode === 'enforce'
  }
}
