import type {CacheExplanation} from '../../contract/cache.js'
import {describeEntry, type Entry, usesOf} from './entry.js'
import type {TieredCache} from './tiered-cache.js'

/** An entry, and why it is where it is. */
export function explainEntry(cache: TieredCache, entry: Entry, nowMs: number): CacheExplanation {
  return {...describeEntry(entry, nowMs), reason: reasonOf(cache, entry)}
}

function reasonOf({settings, l1}: TieredCache, entry: Entry): string {
  switch (entry.origin) {
    case 'written':
      return `It was written and is still among the ${l1.limit} of L1.`
    case 'promoted':
      return settings.policy === 'lru'
        ? 'It was read in L2, and every read brings an entry up.'
        : 'It was read twice in L2, which brings an entry up.'
    case 'remembered':
      return `Its key had left the cache not long before it was written again, so it came straight to L2${whatNext(entry)}`
    case 'demoted':
      return `L1 was full, and it was among the least recently used quarter${whatNext(entry)}`
  }
}

function whatNext(entry: Entry): string {
  const {isKept, expiresAtMs} = entry
  const uses = usesOf(entry)
  const reads = uses === 0 ? '; it was not read since' : `; it was read ${uses === 1 ? 'once' : `${uses} times`} since`
  if (!isKept) return `${reads}.`
  return `${reads}. It belongs to a game and is never filtered out${Number.isFinite(expiresAtMs) ? '' : ', nor does it expire while its room is open'}.`
}
