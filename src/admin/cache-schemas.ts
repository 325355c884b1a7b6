import {z} from 'zod'

import type {CacheEntry, CacheExplanation, CacheStats, TraceStatus} from '../contract/cache.js'

const count = z.int().nonnegative()
const bytes = count
const milliseconds = z.number().nonnegative()

const evictions = z.strictObject({
  filtered: count.describe('They left L1 unread while L2 was full.'),
  capacity: count.describe('L2 had too many entries.'),
  bytes: count.describe('L2 had too many bytes.'),
  expired: count.describe('Their time was over.'),
  deleted: count.describe('Somebody deleted them.'),
  corrupt: count.describe('What was stored could not be decoded.'),
})

export const cacheStats = z.strictObject({
  l1Size: count.describe('Entries of L1.'),
  l2Size: count.describe('Entries of L2.'),
  l1Bytes: bytes.describe('What the values of L1 take as JSON, estimated.'),
  l2Bytes: bytes.describe('What is stored in L2.'),
  l1Limit: count.describe('Most entries of L1.'),
  l2Limit: count.describe('Most entries of L2.'),
  l2BytesLimit: bytes.describe('Most bytes of L2.'),
  policy: z.enum(['filtered', 'lru']).describe('What stays when it is full.'),
  compression: z.enum(['brotli', 'deflate', 'zstd', 'none']).describe('Of large values in L2.'),
  l1Hits: count.describe('Reads that found their key in L1.'),
  l2Hits: count.describe('Reads that found it in L2.'),
  misses: count.describe('Reads that found nothing.'),
  hitRatePercent: z.number().nonnegative().describe('Hits of both tiers among all reads; 0 without reads.'),
  sets: count.describe('Values that were put in.'),
  promotions: count.describe('Entries that moved from L2 to L1.'),
  demotions: count.describe('Entries that moved from L1 to L2.'),
  evictions: evictions.describe('Entries that went, by cause.'),
  l1Evictions: count.describe('Those that went from L1.'),
  l2Evictions: count.describe('Those that went from L2.'),
  rawBytes: bytes.describe('What is encoded in L2, as JSON.'),
  storedBytes: bytes.describe('The same, as it is stored.'),
  unencoded: count.describe('Entries of L2 that wait to be encoded.'),
  ghosts: count.describe('Keys that are remembered although their values went.'),
  encoded: count.describe('Values that were encoded for L2.'),
  encodeMs: milliseconds.describe('The time that took on the main thread.'),
  loads: count.describe('Loads of missing values that succeeded.'),
  loadFailures: count.describe('Those that failed.'),
  avgLoadMs: milliseconds.describe('Time of a load that succeeded; 0 without.'),
  sharedLoads: count.describe("Reads that waited for somebody else's load."),
  staleHits: count.describe('Reads that took a value whose time was over.'),
  games: count.describe('Games that are kept, played ones included.'),
  gamesLost: count.describe('Kept games whose state was evicted or corrupt, and stood nowhere else.'),
}) satisfies z.ZodType<CacheStats>

export const cacheEntry = z.strictObject({
  key: z.string().describe('Its key.'),
  tier: z.enum(['l1', 'l2']).describe('Where it is.'),
  form: z
    .enum(['live', 'json', 'brotli', 'deflate', 'zstd', 'none'])
    .describe('How it is held: a live value, or what it is stored as.'),
  ageMs: milliseconds.describe('Since it was written.'),
  ttlMs: milliseconds.nullable().describe('Until it expires; null: never.'),
  hits: count.describe('Reads that found it.'),
  rawBytes: bytes.describe('What it takes as JSON; estimated while it is live.'),
  storedBytes: bytes.describe('What it takes as it is stored.'),
}) satisfies z.ZodType<CacheEntry>

export const cacheExplanation = cacheEntry.extend({
  reason: z.string().describe('Why it is where it is.'),
}) satisfies z.ZodType<CacheExplanation>

export const cacheValue = z.strictObject({
  key: z.string().describe('The key.'),
  value: z.unknown().meta({form: 'JSON'}).describe('What was put in.'),
})

export const removed = z.strictObject({removed: count.describe('How many entries that were.')})

export const traceStatus = z.strictObject({
  isRunning: z.boolean().describe('Reads are recorded.'),
  reads: count.describe('Reads that are kept.'),
  dropped: count.describe('Older ones that had to give way.'),
  maxReads: count.describe('Most reads that are kept.'),
}) satisfies z.ZodType<TraceStatus>

export const keyTrace = z.strictObject({
  reads: count.describe('Reads in the trace.'),
  dropped: count.describe('Older ones that had to give way.'),
  hashes: z.string().describe('A hash of 32 bits, little-endian, for each read, oldest first; as base64.'),
})
