import type {Statement, Store} from '../../contract/store.js'
import {Rollups} from './rollups.js'
import type {Tally} from './tally-file.js'

/** A run that ended without a word: what was open then has been closed at its last checkpoint. */
export interface InterruptedRun {
  readonly endedMs: number
  /** Accepted and not stored; null: nobody knows. */
  readonly eventsLost: number | null
  readonly sessions: number
}

type OpenRun = {run_id: number; checkpoint_ms: number; events_stored: number; events_dropped: number}
type OpenSession = {user_id: number; started_ms: number; session_id: string}
type OpenVisit = {user_id: number; room_id: number; joined_ms: number}

const END_RUN = `
  UPDATE analytics_runs SET ended_ms = checkpoint_ms, is_interrupted = 1, events_dropped = ?, events_lost = ?
  WHERE run_id = ?`

/** Most sessions that are looked for: more than a server ever has at a time. */
const MAX_OPEN = 4_000_000

/** Closes what earlier runs left open. Null: they left nothing. */
export async function recover(store: Store, tally: Tally | null): Promise<InterruptedRun | null> {
  const runs = await store.query<OpenRun>(
    'SELECT run_id, checkpoint_ms, events_stored, events_dropped FROM analytics_runs WHERE ended_ms IS NULL ORDER BY run_id',
  )
  const last = runs.at(-1)
  if (last === undefined) return null
  const endedMs = last.checkpoint_ms
  const rollups = new Rollups()
  const sessions = await closeSessions(store, rollups, endedMs)
  await closeVisits(store, rollups, endedMs)
  const statements: Statement[] = rollups.statements()
  let eventsLost: number | null = null
  for (const run of runs) {
    const isKnown = tally?.runId === run.run_id
    const dropped = isKnown ? Math.max(tally.dropped, run.events_dropped) : run.events_dropped
    const lost = isKnown ? Math.max(0, tally.accepted - run.events_stored - dropped) : null
    statements.push({sql: END_RUN, params: [dropped, lost, run.run_id]})
    eventsLost = lost
  }
  await store.write(statements)
  return {endedMs, eventsLost, sessions}
}

async function closeSessions(store: Store, rollups: Rollups, endedMs: number): Promise<number> {
  const open = await store.query<OpenSession>(
    'SELECT user_id, started_ms, session_id FROM analytics_sessions WHERE ended_ms IS NULL',
    [],
    {maxRows: MAX_OPEN},
  )
  for (const {user_id: userId, started_ms: startedMs, session_id: sessionId} of open) {
    const endMs = Math.max(startedMs, endedMs)
    rollups.noteSession({sessionId, userId, startedMs, endedMs: endMs, reason: 'interrupted'})
    rollups.hour(endMs).user(userId, endMs)
  }
  return open.length
}

async function closeVisits(store: Store, rollups: Rollups, endedMs: number): Promise<void> {
  const open = await store.query<OpenVisit>('SELECT user_id, room_id, joined_ms FROM analytics_visits', [], {
    maxRows: MAX_OPEN,
  })
  for (const {user_id: userId, room_id: roomId, joined_ms: joinedMs} of open) {
    const room = rollups.hour(endedMs).room(roomId, endedMs)
    room.endedVisits += 1
    room.visitMs += Math.max(0, endedMs - joinedMs)
    rollups.noteVisit(userId, roomId, null)
  }
}
