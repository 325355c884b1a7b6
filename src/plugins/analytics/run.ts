import {dirname, join} from 'node:path'
import type {Clock} from '../../contract/clock.js'
import type {Store} from '../../contract/store.js'
import {type InterruptedRun, recover} from './recovery.js'
import {ANALYTICS_STEPS} from './schema.js'
import {readTally} from './tally-file.js'
import {hourStart} from './utc.js'

/** What a run begins with. */
export interface StartedRun {
  readonly runId: number
  readonly firstEventId: number
  /** Null: the store is in memory. */
  readonly tallyPath: string | null
  readonly interruptedRun: InterruptedRun | null
  /** Who has been counted in this hour already. */
  readonly present: readonly {readonly roomId: number; readonly userId: number}[]
}

export const END_RUN = `
  UPDATE analytics_runs SET ended_ms = ?1, checkpoint_ms = ?1, events_dropped = ?2, events_lost = 0 WHERE run_id = ?3`

const BEGIN_RUN = 'INSERT INTO analytics_runs (run_id, started_ms, checkpoint_ms) VALUES (?, ?, ?)'

const PRESENT = 'SELECT room_id AS roomId, user_id AS userId FROM analytics_present WHERE hour_ms = ?'
const MAX_PRESENT = 4_000_000

/**
 * Brings the tables up to date, closes what an earlier run left open, and begins one.
 *
 * @throws {GsError} as the store does.
 */
export async function startRun(store: Store, clock: Clock): Promise<StartedRun> {
  await store.migrate('analytics', ANALYTICS_STEPS)
  const file = store.status()?.file ?? null
  const tallyPath = file === null ? null : join(dirname(file), 'analytics.tally')
  const interruptedRun = await recover(store, tallyPath === null ? null : readTally(tallyPath))
  const [ids] = await store.query<{lastRun: number | null; lastEvent: number | null}>(
    'SELECT (SELECT max(run_id) FROM analytics_runs) AS lastRun, (SELECT max(id) FROM analytics_events) AS lastEvent',
  )
  const nowMs = clock.nowMs()
  const runId = Math.max(nowMs, (ids?.lastRun ?? 0) + 1)
  await store.write([{sql: BEGIN_RUN, params: [runId, nowMs, nowMs]}])
  const present = await store.query<{roomId: number; userId: number}>(PRESENT, [hourStart(nowMs)], {
    maxRows: MAX_PRESENT,
  })
  return {runId, firstEventId: (ids?.lastEvent ?? 0) + 1, tallyPath, interruptedRun, present}
}
