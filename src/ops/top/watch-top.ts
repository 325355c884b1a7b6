import {setTimeout as pause} from 'node:timers/promises'
import type {AdminClient} from '../../client/admin/admin-client.js'
import {TopReader} from './top-reader.js'
import {type TopRecord, toTopRecord} from './top-record.js'
import type {TopListQuery} from './top-sample.js'

/** Between the two looks that a rate needs where the server does not keep rates itself. */
const FIRST_LOOK_MS = 1_000

export interface WatchOptions {
  readonly rooms: TopListQuery
  readonly intervalMs: number
  /** Looks until the end; infinite: none. */
  readonly count: number
  readonly signal: AbortSignal
}

/**
 * Looks at a server so many times, at an interval. Where the metrics plugin runs, the first look is there at once.
 *
 * @throws {GsError} as `AdminClient.request`, with the first look that fails.
 */
export async function* watchTop(client: AdminClient, options: WatchOptions): AsyncGenerator<TopRecord, void, void> {
  const {rooms, intervalMs, count, signal} = options
  const reader = new TopReader({client, nowMs: Date.now})
  // A list of no rows is none.
  const query = rooms.limit === 0 ? {} : {rooms}
  let sample = await reader.read(query)
  if (sample.metrics === null) {
    if (!(await waited(Math.min(intervalMs, FIRST_LOOK_MS), signal))) return
    sample = await reader.read(query)
  }
  yield toTopRecord(sample)
  for (let done = 1; done < count; done += 1) {
    if (!(await waited(intervalMs, signal))) return
    yield toTopRecord(await reader.read(query))
  }
}

/** False: the one who reads has gone. */
async function waited(delayMs: number, signal: AbortSignal): Promise<boolean> {
  await pause(delayMs, undefined, {signal}).catch(() => {})
  return !signal.aborted
}
