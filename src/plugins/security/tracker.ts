import type {Clock} from '../../contract/clock.js'
import {parseAddress, rangeOf} from '../../util/address-range.js'
import {isLoopback} from '../../util/ip-address.js'
import {AddressState} from './address-state.js'
import type {AllowList} from './allow-list.js'
import {StateTable} from './state-table.js'
import {UserState} from './user-state.js'

export interface TrackerLimits {
  readonly trackedUsers: number
  readonly trackedAddresses: number
  readonly ipv6PrefixBits: number
}

/** What is fresh of users and addresses, and who is exempt. */
export class Tracker {
  readonly users: StateTable<number, UserState>
  readonly addresses: StateTable<string, AddressState>
  evictedSuspects = 0
  readonly #allowList: AllowList
  readonly #isTrustedProxy: (address: string) => boolean
  readonly #clock: Clock
  readonly #ipv6PrefixBits: number
  /** A read brings several messages of one user. */
  #lastUser: UserState | null = null

  constructor(options: {
    limits: TrackerLimits
    allowList: AllowList
    isTrustedProxy: (address: string) => boolean
    clock: Clock
  }) {
    const {trackedUsers, trackedAddresses, ipv6PrefixBits} = options.limits
    this.#allowList = options.allowList
    this.#isTrustedProxy = options.isTrustedProxy
    this.#clock = options.clock
    this.#ipv6PrefixBits = ipv6PrefixBits
    this.users = new StateTable({
      maxSize: trackedUsers,
      keyOf: user => user.userId,
      isInUse: () => false,
      onEvicted: user => this.#onEvicted(user),
    })
    this.addresses = new StateTable({
      maxSize: trackedAddresses,
      keyOf: address => address.text,
      isInUse: address => address.isInUse,
      onEvicted: address => {
        if (address.isMarked) this.evictedSuspects += 1
      },
    })
  }

  configure({trackedUsers, trackedAddresses}: TrackerLimits): void {
    this.users.maxSize = trackedUsers
    this.addresses.maxSize = trackedAddresses
  }

  /** The user who sends from `address`, with exemptions that are up to date. */
  user(userId: number, address: string, nowMs: number): UserState {
    const last = this.#lastUser
    const user = last?.userId === userId ? last : this.#find(userId, nowMs)
    const {recheckAtMs} = user
    const isStale = user.allowVersion !== this.#allowList.version || (recheckAtMs !== null && nowMs >= recheckAtMs)
    if (isStale || user.addressText !== address) this.#lookUp(user, address, nowMs)
    return user
  }

  /** The address, or the network that counts as one. */
  address(text: string, nowMs: number): AddressState {
    const key = this.#keyOf(text)
    const known = this.addresses.get(key, nowMs)
    if (known !== undefined) return known
    const state = new AddressState(key)
    this.addresses.add(state, nowMs)
    return state
  }

  /** No rule of addresses applies to it, and no rule blocks it. */
  isExempt(address: string): boolean {
    return this.#addressExemptUntilMs(address) > this.#clock.nowMs()
  }

  #find(userId: number, nowMs: number): UserState {
    let user = this.users.get(userId, nowMs)
    if (user === undefined) {
      user = new UserState(userId)
      this.users.add(user, nowMs)
    }
    this.#lastUser = user
    return user
  }

  #lookUp(user: UserState, address: string, nowMs: number): void {
    const wallMs = this.#clock.nowMs()
    const allowance = this.#allowList.ofUser(user.userId, wallMs)
    const addressUntilMs = this.#addressExemptUntilMs(address)
    user.addressText = address
    user.isExempt = allowance !== undefined
    user.address = addressUntilMs > wallMs ? null : this.address(address, nowMs)
    user.allowVersion = this.#allowList.version
    const userUntilMs = allowance?.untilMs ?? Number.POSITIVE_INFINITY
    const endMs = addressUntilMs > wallMs ? Math.min(userUntilMs, addressUntilMs) : userUntilMs
    user.recheckAtMs = endMs === Number.POSITIVE_INFINITY ? null : nowMs + endMs - wallMs
  }

  /** Wall time; 0: it is not. */
  #addressExemptUntilMs(text: string): number {
    if (isLoopback(text) || this.#isTrustedProxy(text)) return Number.POSITIVE_INFINITY
    const address = parseAddress(text)
    const allowance = address === null ? undefined : this.#allowList.ofAddress(address, this.#clock.nowMs())
    return allowance === undefined ? 0 : (allowance.untilMs ?? Number.POSITIVE_INFINITY)
  }

  /** The address, or the network of IPv6 that counts as one. */
  #keyOf(text: string): string {
    const address = text.includes(':') ? parseAddress(text) : null
    return address === null ? text : rangeOf(address, this.#ipv6PrefixBits).text
  }

  #onEvicted(user: UserState): void {
    if (this.#lastUser === user) this.#lastUser = null
    if (user.isMarked) this.evictedSuspects += 1
  }
}
