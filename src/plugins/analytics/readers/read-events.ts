import type {AnalyticsEvent, EventFilter} from '../../../contract/analytics.js'
import type {SqlValue} from '../../../contract/store.js'
import {type RecordedEvent, toEvent} from '../recorded-event.js'
import type {Reading} from './reading.js'

const DEFAULT_LIMIT = 20

type EventRow = {
  id: number
  at_ms: number
  type: string
  user_id: number | null
  room_id: number | null
  data: string | null
}

/** Stored events, oldest first, at most the newest `limit` of them. */
export async function readEvents(
  {query}: Pick<Reading, 'query'>,
  {types, roomId, userId, sinceMs, limit = DEFAULT_LIMIT}: EventFilter & {sinceMs: number; limit?: number | undefined},
): Promise<AnalyticsEvent[]> {
  const conditions = ['at_ms >= ?']
  const params: SqlValue[] = [sinceMs]
  if (types !== undefined) {
    conditions.push('type IN (SELECT value FROM json_each(?))')
    params.push(JSON.stringify(types))
  }
  if (roomId !== undefined) {
    conditions.push('room_id = ?')
    params.push(roomId)
  }
  if (userId !== undefined) {
    conditions.push('user_id = ?')
    params.push(userId)
  }
  const rows = await query<EventRow>(
    `SELECT id, at_ms, type, user_id, room_id, data FROM analytics_events
     WHERE ${conditions.join(' AND ')} ORDER BY id DESC LIMIT ?`,
    [...params, limit],
  )
  return rows.reverse().map(row => toEvent(toRecorded(row)))
}

function toRecorded({id, at_ms: atMs, type, user_id: userId, room_id: roomId, data}: EventRow): RecordedEvent {
  return {
    id,
    atMs,
    type: type as RecordedEvent['type'],
    userId,
    roomId,
    data,
  }
}
