import type {CacheEntry, CacheTier} from '../../contract/cache.js'
import type {JsonValue} from '../../contract/messages.js'
import type {Stored} from './codec.js'

/** How an entry came to where it is. */
export type Origin = 'written' | 'remembered' | 'demoted' | 'promoted'

/** One key with its value: live (`stored` is null), or stored. Times are monotonic milliseconds. */
export interface Entry {
  readonly key: string
  value: JsonValue | undefined
  tier: CacheTier
  /** Reads that found it. */
  hits: number
  expiresAtMs: number
  // What every read needs comes first, and so into one line of the processor's cache.
  /** From `expiresAtMs` to here it is given out to those who take old values. */
  staleUntilMs: number
  stored: Stored | null
  origin: Origin
  writtenAtMs: number
  /** How many of its hits it had when it came to its tier; one less if it has proven itself before. */
  usedBefore: number
  /** Never left out by the filter: there may be no other copy. */
  isKept: boolean
  /** As JSON; estimated while live. */
  rawBytes: number
}

/** Reads since it came to its tier, and one if it has proven itself before. */
export function usesOf({hits, usedBefore}: Entry): number {
  return hits - usedBefore
}

/** What an entry counts in its tier. */
export function sizeOf(entry: Entry): number {
  return entry.stored === null ? entry.rawBytes : entry.stored.storedBytes
}

export function describeEntry(entry: Entry, nowMs: number): CacheEntry {
  return {
    key: entry.key,
    tier: entry.tier,
    form: entry.stored === null ? 'live' : entry.stored.form,
    ageMs: nowMs - entry.writtenAtMs,
    ttlMs: Number.isFinite(entry.expiresAtMs) ? Math.max(0, entry.expiresAtMs - nowMs) : null,
    hits: entry.hits,
    rawBytes: entry.rawBytes,
    storedBytes: sizeOf(entry),
  }
}
