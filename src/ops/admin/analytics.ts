import type {AdminClient} from '../../client/admin/admin-client.js'
import type {Dropped} from '../../contract/admin.js'
import type {
  AnalyticsEvent,
  ForgetResult,
  Heatmap,
  Ranking,
  RankKey,
  RealtimeStats,
  Retention,
  RoomAnalytics,
  UserAnalytics,
} from '../../contract/analytics.js'
import type {AnalyticsReport} from '../../contract/analytics-report.js'
import {isoTime} from '../../util/iso-time.js'
import {neverSeen} from '../../util/never-seen.js'
import type {StoredAnalytics} from '../analytics/open-analytics.js'

/** Who is asked: a running server, or the file in a data directory. */
export type AnalyticsSource = {readonly admin: AdminClient} | {readonly dataDir: string}

export function showRealtime(admin: AdminClient): Promise<RealtimeStats> {
  return admin.request<RealtimeStats>({path: '/v1/analytics'})
}

/** @throws {GsError} not_found for a user who has never been there. */
export async function showUser(source: AnalyticsSource, userId: number): Promise<UserAnalytics> {
  if ('admin' in source) return source.admin.request({path: `/v1/analytics/users/${userId}`})
  return found(`user ${userId}`, await withStored(source, stored => stored.user(userId)))
}

/** @throws {GsError} not_found for a room that nobody has ever been in. */
export async function showRoom(source: AnalyticsSource, roomId: number): Promise<RoomAnalytics> {
  if ('admin' in source) return source.admin.request({path: `/v1/analytics/rooms/${roomId}`})
  return found(`room ${roomId}`, await withStored(source, stored => stored.room(roomId)))
}

export async function showRank(
  source: AnalyticsSource,
  query: {by: RankKey; isOfRooms: boolean; sinceMs: number | undefined; limit: number},
): Promise<Ranking> {
  if (!('admin' in source)) return withStored(source, stored => stored.rank(query))
  const {by, isOfRooms: rooms, sinceMs, limit} = query
  return source.admin.request({path: '/v1/analytics/rank', query: {by, rooms, since: toTime(sinceMs), limit}})
}

export async function showHeatmap(
  source: AnalyticsSource,
  query: {roomId: number | undefined; sinceMs: number | undefined},
): Promise<Heatmap> {
  if (!('admin' in source)) return withStored(source, stored => stored.heatmap(query))
  const {roomId: room, sinceMs} = query
  return source.admin.request({path: '/v1/analytics/heatmap', query: {room, since: toTime(sinceMs)}})
}

export async function showRetention(source: AnalyticsSource, query: {weeks: number}): Promise<Retention> {
  if (!('admin' in source)) return withStored(source, stored => stored.retention(query))
  return source.admin.request({path: '/v1/analytics/retention', query})
}

/** `instance`: the name of the server; null: a data directory has none. */
export async function reportAnalytics(
  source: AnalyticsSource,
  query: {sinceMs: number | undefined},
): Promise<{report: AnalyticsReport; instance: string | null}> {
  if (!('admin' in source)) {
    return {report: await withStored(source, stored => stored.report(query)), instance: null}
  }
  const {name} = await source.admin.request<{name: string}>({path: '/v1/status'})
  const request = {path: '/v1/analytics/report', query: {since: toTime(query.sinceMs)}}
  return {report: await source.admin.request<AnalyticsReport>(request), instance: name}
}

export interface EventsQuery {
  readonly types: readonly string[] | undefined
  readonly roomId: number | undefined
  readonly userId: number | undefined
  readonly sinceMs: number | undefined
  readonly limit: number
  readonly isFollowed: boolean
}

export function readEvents(
  admin: AdminClient,
  {types, roomId: room, userId: user, sinceMs, limit, isFollowed: follow}: EventsQuery,
  signal: AbortSignal,
): AsyncIterable<AnalyticsEvent | Dropped> {
  const query = {types: types?.join(','), room, user, since: toTime(sinceMs), limit, follow}
  return admin.stream<AnalyticsEvent | Dropped>('/v1/analytics/events', query, {signal})
}

/** @throws {GsError} not_found for a user of whom nothing is known. */
export function forgetUser(admin: AdminClient, userId: number): Promise<ForgetResult> {
  return admin.request<ForgetResult>({method: 'POST', path: '/v1/analytics/forget', body: {userId}})
}

async function withStored<Answer>(
  {dataDir}: {readonly dataDir: string},
  ask: (stored: StoredAnalytics) => Promise<Answer>,
): Promise<Answer> {
  // Only with --data-dir: who asks a server needs none of it.
  const {openAnalytics} = await import('../analytics/open-analytics.js')
  const stored = await openAnalytics(dataDir)
  try {
    return await ask(stored)
  } finally {
    await stored.close()
  }
}

function found<Answer>(who: string, answer: Answer | undefined): Answer {
  if (answer === undefined) throw neverSeen(who)
  return answer
}

function toTime(timeMs: number | undefined): string | undefined {
  return timeMs === undefined ? undefined : isoTime(timeMs)
}
