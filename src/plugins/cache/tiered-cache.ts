import type {CachePolicy} from '../../contract/cache.js'
import type {JsonValue} from '../../contract/messages.js'
import type {CacheCounters} from './cache-counters.js'
import {CacheListeners} from './cache-listeners.js'
import {decodeValue, encodeValue, type Stored} from './codec.js'
import type {EncodedTier} from './encoded-tier.js'
import {type Entry, usesOf} from './entry.js'
import {freezeParsed} from './freeze-json.js'
import type {Ghosts} from './ghosts.js'
import type {KeyRecorder} from './key-recorder.js'
import type {SliceTools} from './slices.js'
import type {Tier} from './tier.js'
import {type CacheSettings, Tiers} from './tiers.js'
import {TurnClock} from './turn-clock.js'

/** Reads in L2 after which an entry moves up, by policy. */
const USES_TO_PROMOTE = {filtered: 2, lru: 1} as const satisfies Record<CachePolicy, number>

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
 * Reads and writes values by key, whichever of the two tiers they are in. A key is in one tier only, and its time runs
 * from the writing, wherever it is. Events are noted while the cache is at work and told when it is in order again.
 */
export class TieredCache {
  readonly settings: CacheSettings
  readonly counters: CacheCounters
  readonly listeners: CacheListeners
  readonly l1: Tier
  readonly l2: EncodedTier
  readonly ghosts: Ghosts
  /** Records reads while somebody wants that. */
  recorder: KeyRecorder | null = null
  readonly #tiers: Tiers
  readonly #clock: {nowMs(): number}
  readonly #decode: (stored: Stored) => JsonValue

  constructor({settings, listeners, clock, encode = encodeValue, decode = decodeValue, ...tools}: TieredCacheOptions) {
    this.settings = settings
    this.listeners = listeners ?? new CacheListeners(() => {})
    this.#clock = clock ?? new TurnClock(tools.monotonicMs)
    this.#decode = decode
    const tiers = new Tiers({settings, listeners: this.listeners, clock: this.#clock, encode, tools})
    this.counters = tiers.counters
    this.l1 = tiers.l1
    this.l2 = tiers.l2
    this.ghosts = tiers.ghosts
    this.#tiers = tiers
  }

  /** Entries of L2 that wait to be encoded. */
  get unencoded(): number {
    return this.#tiers.unencoded
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
    return this.#tiers.isExpired(entry)
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
    this.#tiers.evict(entry, wasThere ? 'deleted' : 'expired')
    this.listeners.flush()
    return wasThere
  }

  /** Removes the entry if its time is over. */
  dropIfExpired(key: string): boolean {
    const entry = this.find(key)
    if (entry === undefined || !this.isExpired(entry)) return false
    this.#tiers.evict(entry, 'expired')
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
    this.#tiers.resize()
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
    if (inL2 !== undefined) this.#tiers.remove(inL2)
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
    this.#tiers.add(entry)
  }

  #read(key: string, takesStale: boolean): JsonValue | undefined {
    const entry = this.l1.get(key) ?? this.l2.peek(key)
    if (entry === undefined) return this.#miss(key)
    const nowMs = this.nowMs()
    if (entry.expiresAtMs <= nowMs) {
      if (entry.staleUntilMs <= nowMs) this.#tiers.evict(entry, 'expired')
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
      this.#tiers.evict(entry, 'corrupt')
      return this.#miss(entry.key)
    }
    this.counters.l2Hits += 1
    if (this.listeners.hit !== null) this.listeners.note('hit', {key: entry.key, tier: 'l2'})
    if (usesOf(entry) < USES_TO_PROMOTE[this.settings.policy]) this.l2.get(entry.key)
    else this.#tiers.promote(entry, value)
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
}
