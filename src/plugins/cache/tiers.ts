import type {CacheCompression, CachePolicy, CacheTier, EvictionCause} from '../../contract/cache.js'
import type {JsonValue} from '../../contract/messages.js'
import {type CacheCounters, createCacheCounters} from './cache-counters.js'
import type {CacheListeners} from './cache-listeners.js'
import type {encodeValue} from './codec.js'
import {EncodedTier} from './encoded-tier.js'
import {Encoder} from './encoder.js'
import {type Entry, type Origin, usesOf} from './entry.js'
import {Ghosts} from './ghosts.js'
import type {SliceTools} from './slices.js'
import {Tier} from './tier.js'

/** The part of L1 that moves down when it is full. */
const DEMOTED_RATIO = 0.25
/** Of these, so many with each entry that comes, so that nobody waits for all of them. */
const DEMOTED_AT_ONCE = 8
/** Below this part of its limits L2 takes everything. */
const FILTER_FROM_RATIO = 0.9

/** All of it may change while running; sizes by `resize`. */
export interface CacheSettings {
  l1Entries: number
  l2Entries: number
  l2Bytes: number
  policy: CachePolicy
  compression: CacheCompression
  compressionThresholdBytes: number
}

export interface TiersOptions {
  readonly settings: CacheSettings
  readonly listeners: CacheListeners
  /** Says which entries are too old. */
  readonly clock: {nowMs(): number}
  readonly encode: typeof encodeValue
  readonly tools: SliceTools
}

/**
 * Where entries are, and what moves them: L1 holds values as they are, L2 encoded. When L1 is full its coldest quarter
 * moves down; values are encoded later, a slice at a time, and those that move up before are never encoded.
 *
 * With the policy `filtered` a new key has to prove itself. If nobody reads it again while it is in L1, and L2 is full,
 * only its name is kept, on the list of ghosts, where also goes what has to leave L2. A ghost that is written again goes
 * straight to L2. So one-time keys pass through L1 and push out nothing.
 */
export class Tiers {
  readonly settings: CacheSettings
  readonly counters: CacheCounters = createCacheCounters()
  readonly listeners: CacheListeners
  readonly l1: Tier
  readonly l2: EncodedTier
  readonly ghosts: Ghosts
  readonly #clock: {nowMs(): number}
  readonly #encoder: Encoder
  /** Entries that are still to move down since L1 was full. */
  #toDemote = 0

  constructor({settings, listeners, clock, encode, tools}: TiersOptions) {
    this.settings = settings
    this.listeners = listeners
    this.#clock = clock
    this.l1 = new Tier(settings.l1Entries)
    this.l2 = new EncodedTier(settings.l2Entries)
    this.ghosts = new Ghosts(settings.l2Entries)
    const {counters, l2: tier} = this
    const onStored = () => {
      this.#trimL2()
      listeners.flush()
    }
    this.#encoder = new Encoder({tier, tools, counters, settings, encode, onStored})
  }

  /** Entries of L2 that wait to be encoded. */
  get unencoded(): number {
    return this.#encoder.waiting
  }

  isExpired(entry: Entry): boolean {
    return entry.staleUntilMs <= this.#clock.nowMs()
  }

  /** Takes in an entry that is in no tier. */
  add(entry: Entry): void {
    if (this.ghosts.delete(entry.key)) this.#intoL2(entry, 'remembered')
    else this.#intoL1(entry)
  }

  /** One that was read in L2 often enough comes up. */
  promote(entry: Entry, value: JsonValue): void {
    this.remove(entry)
    entry.value = value
    entry.stored = null
    // It has proven itself, so the filter lets it pass when it leaves again.
    entry.usedBefore = entry.hits - 1
    entry.origin = 'promoted'
    this.#intoL1(entry)
    this.counters.promotions += 1
    if (this.listeners.promote !== null) this.listeners.note('promote', {key: entry.key})
  }

  evict(entry: Entry, cause: EvictionCause): void {
    this.remove(entry)
    this.#gone(entry, cause)
  }

  /** Takes an entry out, to be put in again or forgotten; nothing is counted. */
  remove(entry: Entry): void {
    const tier = entry.tier === 'l1' ? this.l1 : this.l2
    tier.remove(entry)
  }

  /** Takes over sizes from the settings; what is too much leaves as it would anyway. */
  resize(): void {
    const {l1Entries, l2Entries} = this.settings
    this.ghosts.resize(l2Entries)
    if (l2Entries !== this.l2.limit) this.l2.resize(l2Entries)
    if (l1Entries !== this.l1.limit) this.l1.resize(l1Entries)
    while (this.l1.size > l1Entries) this.#leaveL1()
    this.#trimL2()
  }

  #intoL1(entry: Entry): void {
    if (this.l1.isFull) this.#toDemote = Math.max(1, Math.floor(this.l1.limit * DEMOTED_RATIO))
    for (let moved = 0; moved < DEMOTED_AT_ONCE && this.#toDemote > 0; moved += 1) {
      this.#toDemote -= 1
      this.#leaveL1()
    }
    entry.tier = 'l1'
    this.l1.add(entry)
  }

  /** The coldest one of L1 goes where the policy sends it. */
  #leaveL1(): void {
    const entry = this.l1.takeColdest()
    if (entry === undefined) return
    if (this.isExpired(entry)) this.#gone(entry, 'expired')
    else if (this.settings.policy === 'lru' || usesOf(entry) > 0 || entry.isKept || !this.#isL2NearlyFull()) {
      this.counters.demotions += 1
      this.#intoL2(entry, 'demoted')
      if (this.listeners.demote !== null) this.listeners.note('demote', {key: entry.key})
    } else {
      this.ghosts.add(entry.key)
      this.#gone(entry, 'filtered')
    }
  }

  #isL2NearlyFull(): boolean {
    const {l2, settings} = this
    return l2.size >= l2.limit * FILTER_FROM_RATIO || l2.bytes >= settings.l2Bytes * FILTER_FROM_RATIO
  }

  #intoL2(entry: Entry, origin: Origin): void {
    entry.tier = 'l2'
    entry.origin = origin
    entry.usedBefore = entry.hits
    while (this.l2.isFull) this.#leaveL2('capacity')
    this.l2.add(entry)
    this.#encoder.add(entry)
    this.#trimL2()
  }

  #trimL2(): void {
    while (this.l2.size > this.l2.limit) this.#leaveL2('capacity')
    while (this.l2.bytes > this.settings.l2Bytes) this.#leaveL2('bytes')
  }

  #leaveL2(cause: 'capacity' | 'bytes'): void {
    const entry = this.l2.takeColdest()
    if (entry === undefined) return
    const isExpired = this.isExpired(entry)
    if (this.settings.policy === 'filtered' && !isExpired) this.ghosts.add(entry.key)
    this.#gone(entry, isExpired ? 'expired' : cause)
  }

  /** Counts and tells that an entry went. */
  #gone(entry: Entry, cause: EvictionCause): void {
    const {counters, listeners} = this
    const {key, tier} = entry
    counters.evictions[cause] += 1
    if (tier === 'l1') counters.l1Evictions += 1
    else counters.l2Evictions += 1
    if (listeners.evict !== null) listeners.note('evict', {key, tier: tier as CacheTier, cause})
  }
}
