import type {AnalyticsEvent, AnalyticsEventType, EventFilter} from '../../contract/analytics.js'
import {isoTime} from '../../util/iso-time.js'

/** An event as it is kept: the fields of its own type are in `data`. */
export interface RecordedEvent {
  readonly id: number
  readonly atMs: number
  readonly type: AnalyticsEventType
  /** Also the creator of a room and the winner of a game, so that everything of a user is found by it. */
  readonly userId: number | null
  readonly roomId: number | null
  /** JSON: the text is what is stored, and few events are ever looked at before. */
  readonly data: string | null
}

/** As others see it. */
export function toEvent({id, atMs, type, userId, roomId, data}: RecordedEvent): AnalyticsEvent {
  return {
    id,
    timestamp: isoTime(atMs),
    type,
    ...(type === 'game_ended' && {winner: userId}),
    ...(type === 'room_created' && {creatorId: userId}),
    ...(type !== 'game_ended' && type !== 'room_created' && userId !== null && {userId}),
    ...(roomId !== null && {roomId}),
    ...(data !== null && JSON.parse(data)),
  } as AnalyticsEvent
}

export function matches({type, userId, roomId}: RecordedEvent, filter: EventFilter): boolean {
  if (filter.roomId !== undefined && filter.roomId !== roomId) return false
  if (filter.userId !== undefined && filter.userId !== userId) return false
  return filter.types === undefined || filter.types.includes(type)
}
