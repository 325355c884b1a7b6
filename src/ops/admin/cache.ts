import type {AdminClient} from '../../client/admin/admin-client.js'
import type {Listing} from '../../contract/admin.js'
import type {CacheEntry, CacheExplanation, CacheStats, CacheTier, TraceStatus} from '../../contract/cache.js'
import type {JsonValue} from '../../contract/messages.js'
import {GsError} from '../../errors.js'
import {NewFile} from '../../util/new-file.js'
import {encodeTrace} from '../key-trace-file.js'
import {type ListOptions, listQuery} from './rooms.js'

/** How many entries went. */
export interface Removed {
  readonly removed: number
}

/** A trace that was written into a file. */
export interface SavedTrace {
  readonly file: string
  readonly reads: number
  readonly dropped: number
}

/** Walking through a large cache, or a large trace, takes its time. */
const SLOW_MS = 30_000

export function showCache(client: AdminClient): Promise<CacheStats> {
  return client.request<CacheStats>({path: '/v1/cache'})
}

export function listKeys(
  client: AdminClient,
  options: ListOptions & {prefix: string | undefined; tier: CacheTier | undefined},
): Promise<Listing<CacheEntry>> {
  const {prefix, tier} = options
  return client.request<Listing<CacheEntry>>({path: '/v1/cache/keys', query: {...listQuery(options), prefix, tier}})
}

export async function getValue(client: AdminClient, key: string): Promise<JsonValue> {
  const {value} = await client.request<{value: JsonValue}>({path: '/v1/cache/value', query: {key}})
  return value
}

export function explainKey(client: AdminClient, key: string): Promise<CacheExplanation> {
  return client.request<CacheExplanation>({path: '/v1/cache/entry', query: {key}})
}

export function setValue(
  client: AdminClient,
  {key, value, ttlMs}: {key: string; value: unknown; ttlMs: number | undefined},
): Promise<CacheExplanation> {
  return client.request<CacheExplanation>({method: 'POST', path: '/v1/cache/set', body: {key, value, ttlMs}})
}

/** Deletes one entry, or those whose keys begin with `prefix`. */
export function deleteEntries(client: AdminClient, which: {key: string} | {prefix: string}): Promise<Removed> {
  return client.request<Removed>({method: 'POST', path: '/v1/cache/delete', body: which})
}

export function clearCache(client: AdminClient): Promise<Removed> {
  return client.request<Removed>({method: 'POST', path: '/v1/cache/clear'})
}

export function cleanUpCache(client: AdminClient): Promise<Removed> {
  return client.request<Removed>({method: 'POST', path: '/v1/cache/cleanup', timeoutMs: SLOW_MS})
}

export function resizeCache(
  client: AdminClient,
  sizes: {l1Entries?: number; l2Entries?: number; l2Bytes?: number},
): Promise<CacheStats> {
  return client.request<CacheStats>({method: 'POST', path: '/v1/cache/resize', body: sizes})
}

export function showTrace(client: AdminClient): Promise<TraceStatus> {
  return client.request<TraceStatus>({path: '/v1/cache/trace'})
}

export function startTrace(client: AdminClient, maxReads: number): Promise<TraceStatus> {
  return client.request<TraceStatus>({method: 'POST', path: '/v1/cache/trace/start', body: {maxReads}})
}

/**
 * Ends the trace and writes it into a new file, which is there when it is whole.
 *
 * @throws {GsError} not_found when none runs; file_exists or file_unwritable when there is no place for the file, and
 * then it goes on; file_unwritable also when the disk is full, and then the trace is lost.
 */
export async function stopTrace(client: AdminClient, path: string): Promise<SavedTrace> {
  const {isRunning} = await showTrace(client)
  if (!isRunning) throw new GsError('not_found', 'no trace runs', {hint: 'gs cache trace start begins one.'})
  await using file = await NewFile.open(path, {mayReplace: false, hint: 'Take another name.'})
  const {hashes, reads, dropped} = await client.request<{hashes: string; reads: number; dropped: number}>({
    method: 'POST',
    path: '/v1/cache/trace/stop',
    timeoutMs: SLOW_MS,
  })
  await file.write(encodeTrace({hashes: Buffer.from(hashes, 'base64'), dropped}))
  await file.finish()
  return {file: path, reads, dropped}
}
