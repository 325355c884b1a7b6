import {z} from 'zod'

import type {CacheEntry} from '../../contract/cache.js'
import type {JsonValue} from '../../contract/messages.js'
import {GsError} from '../../errors.js'
import {visibleValue} from '../../util/visible-text.js'
import {listing} from '../answer-schemas.js'
import {cacheEntry, cacheExplanation, cacheStats, cacheValue, keyTrace, removed, traceStatus} from '../cache-schemas.js'
import {cutListing, listingQuery} from '../listing-query.js'
import {route} from '../route.js'

const MAX_KEY = 256
const keyText = z.string().min(1).max(MAX_KEY).describe('The key.')
const prefixText = z.string().min(1).max(MAX_KEY)
const byKey = z.strictObject({key: keyText})
const tierName = z.enum(['l1', 'l2']).describe('Only entries of this tier.')

type KeyFilters = {readonly prefix?: string; readonly tier?: 'l1' | 'l2'}

export const cacheRoutes = [
  route({
    method: 'GET',
    path: '/v1/cache',
    summary: 'Statistics of the cache since its start.',
    answer: cacheStats,
    run: backend => backend.pluginApi('cache').stats(),
  }),
  route({
    method: 'GET',
    path: '/v1/cache/keys',
    summary: 'Entries of the cache, most recently used first, L1 before L2.',
    query: listingQuery<KeyFilters>('cache', {
      prefix: prefixText.describe('Only keys that begin with this.').optional(),
      tier: tierName.optional(),
    }),
    answer: listing(cacheEntry),
    run(backend, {query: {prefix, tier, ...cut}}) {
      const filter = {...(prefix !== undefined && {prefix}), ...(tier !== undefined && {tier})}
      const entries = [...backend.pluginApi('cache').entries(filter)]
      return cutListing(entries, cut, {name: 'cache', finish: (entry: CacheEntry) => entry})
    },
  }),
  route({
    method: 'GET',
    path: '/v1/cache/value',
    summary: 'The value of a key, or what the data store has of a game; looking at it counts as no read.',
    query: byKey,
    answer: cacheValue,
    async run(backend, {query: {key}}) {
      const value = await backend.pluginApi('cache').peekKept(key)
      if (value === undefined) throw noSuchKey(key)
      return {key, value}
    },
  }),
  route({
    method: 'GET',
    path: '/v1/cache/entry',
    summary: 'All about an entry but its value, and why it is where it is.',
    query: byKey,
    answer: cacheExplanation,
    run(backend, {query: {key}}) {
      const explanation = backend.pluginApi('cache').explain(key)
      if (explanation === undefined) throw noSuchKey(key)
      return explanation
    },
  }),
  route({
    method: 'POST',
    path: '/v1/cache/set',
    summary: 'Puts a value in.',
    body: z.strictObject({
      key: keyText,
      value: z.unknown().meta({form: 'JSON'}).describe('What to put in.'),
      ttlMs: z.int().min(1).max(31_536_000_000).describe('How long it lives. Left out: `cache.ttlMs`.').optional(),
    }),
    answer: cacheExplanation,
    run(backend, {body: {key, value, ttlMs}}) {
      const cache = backend.pluginApi('cache')
      cache.set(key, value as JsonValue, ttlMs === undefined ? {} : {ttlMs})
      const explanation = cache.explain(key)
      if (explanation === undefined) throw noSuchKey(key)
      return explanation
    },
  }),
  route({
    method: 'POST',
    path: '/v1/cache/delete',
    summary: 'Deletes the entry of a key, or all whose keys begin with a prefix: one of the two.',
    body: z.strictObject({
      key: keyText.optional(),
      prefix: prefixText.describe('What the keys begin with. Matching nothing is no error.').optional(),
    }),
    answer: removed,
    run(backend, {body: {key, prefix}}) {
      const cache = backend.pluginApi('cache')
      if ((key === undefined) === (prefix === undefined)) throw new GsError('usage', 'give either a key or a prefix')
      if (prefix !== undefined) return {removed: cache.deleteByPrefix(prefix)}
      if (!cache.delete(key as string)) throw noSuchKey(key as string)
      return {removed: 1}
    },
  }),
  route({
    method: 'POST',
    path: '/v1/cache/clear',
    summary: 'Deletes all entries.',
    answer: removed,
    run: backend => ({removed: backend.pluginApi('cache').clear()}),
  }),
  route({
    method: 'POST',
    path: '/v1/cache/cleanup',
    summary: 'Removes what has expired, as happens every `cache.cleanupIntervalMs`.',
    answer: removed,
    run: async backend => ({removed: await backend.pluginApi('cache').cleanup()}),
  }),
  route({
    method: 'POST',
    path: '/v1/cache/resize',
    summary: 'Changes the sizes until the server stops, or the keys of the configuration change.',
    body: z.strictObject({
      l1Entries: z.int().describe('As `cache.l1Entries`.').optional(),
      l2Entries: z.int().describe('As `cache.l2Entries`.').optional(),
      l2Bytes: z.int().describe('As `cache.l2Bytes`.').optional(),
    }),
    answer: cacheStats,
    run(backend, {body}) {
      const cache = backend.pluginApi('cache')
      cache.resize(body as Parameters<typeof cache.resize>[0])
      return cache.stats()
    },
  }),
  route({
    method: 'GET',
    path: '/v1/cache/trace',
    summary: 'Whether reads are recorded.',
    answer: traceStatus,
    run: backend => backend.pluginApi('cache').trace.status(),
  }),
  route({
    method: 'POST',
    path: '/v1/cache/trace/start',
    summary: 'Begins to record which keys are read, as hashes. What was recorded before is dropped.',
    body: z.strictObject({maxReads: z.int().describe('How many reads to keep, at most 10000000.')}),
    answer: traceStatus,
    run(backend, {body}) {
      const {trace} = backend.pluginApi('cache')
      trace.start(body.maxReads)
      return trace.status()
    },
  }),
  route({
    method: 'POST',
    path: '/v1/cache/trace/stop',
    summary: 'Ends the recording and hands it out.',
    answer: keyTrace,
    run(backend) {
      const trace = backend.pluginApi('cache').trace.stop()
      if (trace === undefined)
        throw new GsError('not_found', 'no trace runs', {hint: 'gs cache trace start begins one.'})
      const {hashes, dropped} = trace
      const data = Buffer.from(hashes.buffer, hashes.byteOffset, hashes.byteLength)
      return {reads: hashes.length, dropped, hashes: data.toString('base64')}
    },
  }),
]

function noSuchKey(key: string): GsError {
  return new GsError('not_found', `there is no key ${visibleValue(key)} in the cache`, {
    hint: '"gs cache keys" lists those there are.',
  })
}
