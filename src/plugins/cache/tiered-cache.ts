import type {CacheCompression, CachePolicy, CacheTier, EvictionCause} from '../../contract/cache.js'
import type {JsonValue} from '../../contract/messages.js'
import {type CacheCounters, createCacheCounters} from './cache-counters.js'
import {CacheListeners} from './cache-listeners.js'
import {decodeValue, encodeValue, type Stored} from './codec.js'
import {EncodedTier} from './encoded-tier.js'
import {Encoder} from './encoder.js'
import {type Entry, type Origin, usesOf} from './entry.js'
import {freezeParsed} from './freeze-json.js'
import {Ghosts} from './ghosts.js'
import type {KeyRecorder} from './key-recorder.js'
import type {SliceTools} from './slices.js'
import {Tier} from './tier.js'
import {TurnClock} from './turn-clock.js'

/** The part of L1 that moves down when it is full. */
const DEMOTED_RATIO = 0.25
/** Of these, so many with each entry that comes, so that nobody waits for all of them. */
const DEMOTED_AT_ONCE = 8
/** Below this part of its limits L2 takes everything. */
const FILTER_FROM_RATIO = 0.9
/** Reads in L2 after which an entry moves up, by policy. */
const USES_TO_PROMOTE = {filtered: 2, lru: 1} as const satisfies Record<CachePolicy, number>

/** All of it may change while running; sizes by `resize`. */
export interface CacheSettings {
  l1Entries: number
  l2Entries: number
  l2Bytes: number
  policy: CachePolicy
  compression: CacheCompression
  compressionThresholdBytes: number
}

export interface TieredCacheOptions extends SliceTools {
  readonly settings: CacheSettings
  readonly listeners?: CacheListeners
  /** Says which entries are too old. Default: one that looks at the time once for all that is done without a wait. */
  readonly clock?: {nowMs(): number}
  /** Turn values into their stored form and back. */
  readonly encode?: typeof encodeValue
  readonly decode?: (stored: Stored) => JsonValue
}

/** How a value is put in. Times are durations in milliseconds. */
export interface Writing {
  readonly ttlMs: number
  readonly staleMs?: number
  /** Never left out by the filter. */
  readonly isKept?: boolean
  /** Estimated size as JSON. */
  readonly rawBytes: number
}

/**
 * Two tiers with the same kind of entries: L1 holds values as they are, L2 encoded. When L1 is full its coldest quarter
 * moves down; values are encoded later, a slice at a time, and those that move up before are never encoded. A key is in
 * one tier only, and its time runs from the writing, wherever it is.
 *
 * With the policy `filtered` a new key has to prove itself. If nobody reads it again while it is in L1, and L2 is full,
 * only its name is kept, on the list of ghosts, where also goes what has to leave L2. A ghost that is written again goes
 * straight to L2. So one-time keys pass through L1 and push out nothing.
 */
export class TieredCache {
  readonly settings: CacheSettings
  readonly counters: CacheCounters = createCacheCounters()
  readonly listeners: CacheListeners
  readonly l1: Tier
  readonly l2: EncodedTier
  readonly ghosts: Ghosts
  /** Records reads while somebody wants that. */
  recorder: KeyRecorder | null = null
  readonly #clock: {nowMs(): number}
  readonly #decode: (stored: Stored) => JsonValue
  readonly #encoder: Encoder
  /** Entries that are still to move down since L1 was full. */
  #toDemote = 0

  constructor({settings, listeners, clock, encode = encodeValue, decode = decodeValue, ...tools}: TieredCacheOptions) {
    this.settings = settings
    this.listeners = listeners ?? new CacheListeners(() => {})
    this.#clock = clock ?? new TurnClock(tools.monotonicMs)
    this.#decode = decode
    this.l1 = new Tier(settings.l1Entries)
    this.l2 = new EncodedTier(settings.l2Entries)
    const {counters, l2: tier} = this
    const onStored = () => {
      this.#trimL2()
      this.listeners.flush()
    }
    this.#encoder = new Encoder({tier, tools, counters, settings, encode, onStored})
    this.ghosts = new Ghosts(settings.l2Entries)
  }

  /** Entries of L2 that wait to be encoded. */
  get unencoded(): number {
    return this.#encoder.waiting
  }

  /** Monotonic time, the same until the next wait. */
  nowMs(): number {
    return this.#clock.nowMs()
  }

  /** The value, counted as a read. `takesStale`: an old one is fine while it is kept. */
  get(key: string, takesStale = false): JsonValue | undefined {
    if (this.recorder !== null) this.recorder.note(key)
    const value = this.#read(key, takesStale)
    if (this.listeners.isWaiting) this.listeners.flush()
    return value
  }

  /** The value and whether its time is over; nothing is counted or moved, and a corrupt one is as good as none. */
  peek(key: string): {value: JsonValue; isStale: boolean} | undefined {
    const entry = this.find(key)
    const nowMs = this.nowMs()
    if (entry === undefined || entry.staleUntilMs <= nowMs) return undefined
    const value = this.#valueOf(entry)
    return value === undefined ? undefined : {value, isStale: entry.expiresAtMs <= nowMs}
  }

  /** The entry of a key, expired or not. */
  find(key: string): Entry | undefined {
    return this.l1.peek(key) ?? this.l2.peek(key)
  }

  isExpired(entry: Entry): boolean {
    return entry.staleUntilMs <= this.nowMs()
  }

  /** Puts a value in that nobody may change any more. */
  set(key: string, value: JsonValue, writing: Writing): void {
    const inL1 = this.l1.get(key)
    if (inL1 !== undefined) this.#rewrite(inL1, value, writing)
    else this.#write(key, value, writing)
    this.counters.sets += 1
    if (this.listeners.set !== null) this.listeners.note('set', {key})
    if (this.listeners.isWaiting) this.listeners.flush()
  }

  /** False: there was none. */
  delete(key: string): boolean {
    const entry = this.find(key)
    if (entry === undefined) return false
    const wasThere = !this.isExpired(entry)
    this.#evict(entry, wasThere ? 'deleted' : 'expired')
    this.listeners.flush()
    return wasThere
  }

  /** Removes the entry if its time is over. */
  dropIfExpired(key: string): boolean {
    const entry = this.find(key)
    if (entry === undefined || !this.isExpired(entry)) return false
    this.#evict(entry, 'expired')
    this.listeners.flush()
    return true
  }

  /** Has an entry expire at another time, without writing it anew. False: there is none. */
  expireAt(key: string, atMs: number): boolean {
    const entry = this.find(key)
    if (entry === undefined) return false
    entry.expiresAtMs = atMs
    entry.staleUntilMs = atMs
    return true
  }

  /** Takes over sizes from the settings; what is too much leaves as it would anyway. */
  resize(): void {
    const {l1Entries, l2Entries} = this.settings
    this.ghosts.resize(l2Entries)
    if (l2Entries !== this.l2.limit) this.l2.resize(l2Entries)
    if (l1Entries !== this.l1.limit) this.l1.resize(l1Entries)
    while (this.l1.size > l1Entries) this.#leaveL1()
    this.#trimL2()
    this.listeners.flush()
  }

  #rewrite(entry: Entry, value: JsonValue, {ttlMs, staleMs = 0, isKept = false, rawBytes}: Writing): void {
    const nowMs = this.nowMs()
    this.l1.bytes += rawBytes - entry.rawBytes
    entry.value = value
    entry.rawBytes = rawBytes
    entry.origin = 'written'
    entry.writtenAtMs = nowMs
    entry.expiresAtMs = nowMs + ttlMs
    entry.staleUntilMs = nowMs + ttlMs + staleMs
    entry.isKept = isKept
    // Who writes a key again uses it.
    if (usesOf(entry) === 0) entry.usedBefore -= 1
  }

  #write(key: string, value: JsonValue, {ttlMs, staleMs = 0, isKept = false, rawBytes}: Writing): void {
    const nowMs = this.nowMs()
    const inL2 = this.l2.peek(key)
    if (inL2 !== undefined) this.#remove(inL2)
    const hits = inL2?.hits ?? 0
    const entry: Entry = {
      key,
      value,
      tier: 'l1',
      hits,
      expiresAtMs: nowMs + ttlMs,
      staleUntilMs: nowMs + ttlMs + staleMs,
      stored: null,
      origin: 'written',
      writtenAtMs: nowMs,
      usedBefore: inL2 === undefined ? hits : hits - 1,
      isKept,
      rawBytes,
    }
    if (inL2 === undefined && this.ghosts.delete(key)) this.#intoL2(entry, 'remembered')
    else this.#intoL1(entry)
  }

  #read(key: string, takesStale: boolean): JsonValue | undefined {
    const entry = this.l1.get(key) ?? this.l2.peek(key)
    if (entry === undefined) return this.#miss(key)
    const nowMs = this.nowMs()
    if (entry.expiresAtMs <= nowMs) {
      if (entry.staleUntilMs <= nowMs) this.#evict(entry, 'expired')
      if (!takesStale || entry.staleUntilMs <= nowMs) return this.#miss(key)
      this.counters.staleHits += 1
    }
    entry.hits += 1
    if (entry.tier === 'l2') return this.#readFromL2(entry)
    this.counters.l1Hits += 1
    if (this.listeners.hit !== null) this.listeners.note('hit', {key, tier: 'l1'})
    return entry.value
  }

  #miss(key: string): undefined {
    this.counters.misses += 1
    if (this.listeners.miss !== null) this.listeners.note('miss', {key})
    return undefined
  }

  #readFromL2(entry: Entry): JsonValue | undefined {
    const value = this.#valueOf(entry)
    if (value === undefined) {
      this.#evict(entry, 'corrupt')
      return this.#miss(entry.key)
    }
    this.counters.l2Hits += 1
    if (this.listeners.hit !== null) this.listeners.note('hit', {key: entry.key, tier: 'l2'})
    if (usesOf(entry) < USES_TO_PROMOTE[this.settings.policy]) this.l2.get(entry.key)
    else this.#promote(entry, value)
    return value
  }

  /** Undefined: what is stored is corrupt. */
  #valueOf(entry: Entry): JsonValue | undefined {
    if (entry.stored === null) return entry.value
    try {
      return freezeParsed(this.#decode(entry.stored))
    } catch {
      // Told to nobody but the counters: for who reads it there is no such value.
      return undefined
    }
  }

  #promote(entry: Entry, value: JsonValue): void {
    this.#remove(entry)
    entry.value = value
    entry.stored = null
    // It has proven itself, so the filter lets it pass when it leaves again.
    entry.usedBefore = entry.hits - 1
    entry.origin = 'promoted'
    this.#intoL1(entry)
    this.counters.promotions += 1
    if (this.listeners.promote !== null) this.listeners.note('promote', {key: entry.key})
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

  #evict(entry: Entry, cause: EvictionCause): void {
    this.#remove(entry)
    this.#gone(entry, cause)
  }

  #remove(entry: Entry): void {
    const tier = entry.tier === 'l1' ? this.l1 : this.l2
    tier.remove(entry)
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
