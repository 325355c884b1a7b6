import type {JsonValue} from './messages.js'
import type {MaybePromise} from './plugins.js'

/**
 * The cache as games, plugins and embedders use it: `server.cache`. Values are JSON. Two tiers hold them: L1 the values
 * themselves, L2 their encoded form; a key is in one of the two.
 */

export type CacheTier = 'l1' | 'l2'

/** `filtered`: what nobody read again in L1 does not enter a full L2. `lru`: the least recently used goes. */
export type CachePolicy = 'filtered' | 'lru'

/** How values are made smaller in L2. */
export type CacheCompression = 'brotli' | 'deflate' | 'zstd' | 'none'

/**
 * Why an entry went. `filtered`: it left L1 unread while L2 was full. `capacity`, `bytes`: L2 had too many entries, or too
 * many bytes. `expired`: its time was over. `deleted`: by `delete`, `deleteByPrefix` or `clear`. `corrupt`: what was stored
 * could not be decoded.
 */
export type EvictionCause = 'filtered' | 'capacity' | 'bytes' | 'expired' | 'deleted' | 'corrupt'

/** Counts are since the start of the plugin, or since the snapshot that was subtracted; the rest is as of now. */
export interface CacheStats {
  /** Entries. */
  readonly l1Size: number
  readonly l2Size: number
  /** L1: estimated size as JSON. L2: what is stored. */
  readonly l1Bytes: number
  readonly l2Bytes: number
  /** Most entries of each tier, and most bytes of L2. */
  readonly l1Limit: number
  readonly l2Limit: number
  readonly l2BytesLimit: number
  readonly policy: CachePolicy
  readonly compression: CacheCompression
  readonly l1Hits: number
  readonly l2Hits: number
  readonly misses: number
  /** Hits of both tiers among all reads; 0 without reads. */
  readonly hitRatePercent: number
  readonly sets: number
  /** From L2 to L1. */
  readonly promotions: number
  /** From L1 to L2. */
  readonly demotions: number
  /** By cause. */
  readonly evictions: Readonly<Record<EvictionCause, number>>
  /** The same, by the tier they left. */
  readonly l1Evictions: number
  readonly l2Evictions: number
  /** Of the entries in L2 that are encoded: as JSON, and as stored. */
  readonly rawBytes: number
  readonly storedBytes: number
  /** Entries in L2 that wait to be encoded. */
  readonly unencoded: number
  /** Keys that are remembered although their values went. */
  readonly ghosts: number
  /** Values encoded for L2, and the time that took on the main thread. */
  readonly encoded: number
  readonly encodeMs: number
  /** Calls of a `load`: finished, and failed. */
  readonly loads: number
  readonly loadFailures: number
  /** Of the finished ones; 0 without. */
  readonly avgLoadMs: number
  /** Reads that waited for somebody else's load. */
  readonly sharedLoads: number
  /** Reads that were answered with a value whose time was over. */
  readonly staleHits: number
  /** Running and waiting games that are kept; those whose state was evicted and stood nowhere else. */
  readonly games: number
  readonly gamesLost: number
}

/** An entry, without its value. */
export interface CacheEntry {
  readonly key: string
  readonly tier: CacheTier
  /** How it is held: `live` values, or the form they are stored in. */
  readonly form: 'live' | 'json' | CacheCompression
  /** Since it was written, in milliseconds. */
  readonly ageMs: number
  /** Until it expires; null: never. */
  readonly ttlMs: number | null
  /** Reads that found it. */
  readonly hits: number
  /** As JSON; estimated while the value is live. */
  readonly rawBytes: number
  readonly storedBytes: number
}

/** An entry, and the way it came to be where it is. */
export interface CacheExplanation extends CacheEntry {
  /** One sentence. */
  readonly reason: string
}

export interface CacheEvents {
  hit: {readonly key: string; readonly tier: CacheTier}
  miss: {readonly key: string}
  set: {readonly key: string}
  /** From L2 to L1. */
  promote: {readonly key: string}
  /** From L1 to L2. */
  demote: {readonly key: string}
  evict: {readonly key: string; readonly tier: CacheTier; readonly cause: EvictionCause}
  /** A `load` ended; `error`: how it failed. */
  load: {readonly key: string; readonly durationMs: number; readonly error: unknown}
}

export type CacheEventName = keyof CacheEvents

export interface SetOptions {
  /** Until it expires, at least 1. Default `cache.ttlMs`. */
  readonly ttlMs?: number
}

export interface LoadOptions extends SetOptions {
  /** How long after `ttlMs` the old value is still given out while one load runs in the background. Default 0. */
  readonly staleMs?: number
}

/**
 * Values are frozen, all the way down, when they are set: who gets one cannot change it for others, and what was set stays
 * as it was. Copy a value before you change it.
 *
 * Keys have 1 to 256 characters, and a value takes at most 256 KiB as JSON. Keys that begin with `game_state:` or
 * `user_game:` belong to games and can be read and deleted only.
 */
export interface CacheApi {
  /** The value, or undefined. Counts as a read. */
  get<Value extends JsonValue = JsonValue>(key: string): Value | undefined
  /** The value, or undefined; nothing is counted or moved. */
  peek<Value extends JsonValue = JsonValue>(key: string): Value | undefined
  /**
   * As `peek`, and beyond that what is kept of games in the data store.
   *
   * @throws {GsError} store_unavailable.
   */
  peekKept(key: string): Promise<JsonValue | undefined>
  /** True when `get` would give a value; nothing is counted or moved. */
  has(key: string): boolean
  /**
   * Puts a value in, frozen. Its time runs from now; moving between tiers does not restart it.
   *
   * @throws {GsError} usage for a key, value or time that cannot be.
   */
  set(key: string, value: JsonValue, options?: SetOptions): void
  /** False: there was none. */
  delete(key: string): boolean
  /** Returns how many there were; 0 for a prefix that matches nothing. The empty prefix is refused: that is `clear`. */
  deleteByPrefix(prefix: string): number
  /** Returns how many there were. Games that are kept in the data store stay there. */
  clear(): number
  /**
   * The value, or what `load` brings: one load for all who ask meanwhile. A promise only when somebody has to wait.
   * Rejects with what `load` fails with. What is set or deleted meanwhile is not overwritten.
   */
  getOrSet<Value extends JsonValue>(
    key: string,
    load: () => MaybePromise<Value>,
    options?: LoadOptions,
  ): MaybePromise<Value>
  /** Entries of both tiers, most recently used first, L1 before L2. Not to be held while the cache changes. */
  entries(filter?: {prefix?: string; tier?: CacheTier}): Iterable<CacheEntry>
  /** Undefined: there is no such entry. */
  explain(key: string): CacheExplanation | undefined
  /** `since`: an earlier snapshot, whose counts are subtracted. */
  stats(since?: CacheStats): CacheStats
  /** Removes what has expired, in slices. Resolves to how many entries that were. */
  cleanup(): Promise<number>
  /**
   * Changes the sizes; what is too much goes as it would anyway.
   *
   * @throws {GsError} usage for sizes out of range.
   */
  resize(limits: {l1Entries?: number; l2Entries?: number; l2Bytes?: number}): void
  /** Listens to an event; returns a function that ends it. An event nobody listens to costs nothing. */
  on<Name extends CacheEventName>(name: Name, listener: (event: CacheEvents[Name]) => void): () => void
  /** Deletes the kept games that do not run and in which the user has a seat. Resolves to how many. */
  forgetUser(userId: number): Promise<number>
  readonly trace: CacheTrace
}

/** A bounded record of which keys are read, as hashes, to try sizes and policies on. */
export interface CacheTrace {
  /** Starts anew with the latest `maxReads`, at most 10 000 000. */
  start(maxReads: number): void
  /** Ends it; undefined when none runs. */
  stop(): KeyTrace | undefined
  status(): TraceStatus
}

export interface TraceStatus {
  readonly isRunning: boolean
  /** Reads that are kept. */
  readonly reads: number
  /** Older ones that had to give way. */
  readonly dropped: number
  readonly maxReads: number
}

export interface KeyTrace {
  /** One 32-bit hash for each read, oldest first. Salted anew with each trace. */
  readonly hashes: Uint32Array
  readonly dropped: number
}
