import {z} from 'zod'

import type {AnalyticsEventType} from '../../contract/analytics.js'
import {ANALYTICS_EVENT_TYPES, RANK_KEYS} from '../../util/analytics-names.js'
import {neverSeen} from '../../util/never-seen.js'
import {analyticsReport} from '../analytics-report-schema.js'
import {
  analyticsEvent,
  forgetResult,
  heatmap,
  ranking,
  realtimeStats,
  retention,
  roomAnalytics,
  rowLine,
  userAnalytics,
} from '../analytics-schemas.js'
import {userId} from '../answer-schemas.js'
import {forgetUser} from '../forget-user.js'
import {countText, flagText, idText, route} from '../route.js'

const DEFAULT_LIMIT = 20
const MAX_RANKED = 1000
const MAX_EVENTS = 100_000
const DEFAULT_WEEKS = 12
const MAX_WEEKS = 520
const MAX_ROWS = 100_000
const MAX_SQL_CHARACTERS = 10_000
const MAX_LIMIT_MS = 600_000

const since = z.iso.datetime({offset: true}).meta({form: 'time'})

const types = z
  .string()
  .transform((text, context): AnalyticsEventType[] => {
    const names = text.split(',')
    const strange = names.find(name => !(ANALYTICS_EVENT_TYPES as readonly string[]).includes(name))
    if (strange !== undefined)
      context.addIssue({code: 'custom', message: `must be of ${ANALYTICS_EVENT_TYPES.join(', ')}`})
    return names as AnalyticsEventType[]
  })
  .meta({form: 'types, separated by commas'})

export const analyticsRoutes = [
  route({
    method: 'GET',
    path: '/v1/analytics',
    summary: 'How many events there are, what became of them, and the busiest rooms.',
    answer: realtimeStats,
    run: backend => backend.pluginApi('analytics').stats(),
  }),
  route({
    method: 'GET',
    path: '/v1/analytics/users/:userId',
    summary: 'What one user has done so far.',
    params: z.strictObject({userId: idText.describe('The user.')}),
    answer: userAnalytics,
    async run(backend, {params}) {
      const user = await backend.pluginApi('analytics').user(params.userId)
      if (user === undefined) throw neverSeen(`user ${params.userId}`)
      return user
    },
  }),
  route({
    method: 'GET',
    path: '/v1/analytics/rooms/:roomId',
    summary: 'What has happened in one room so far.',
    params: z.strictObject({roomId: idText.describe('The room.')}),
    answer: roomAnalytics,
    async run(backend, {params}) {
      const room = await backend.pluginApi('analytics').room(params.roomId)
      if (room === undefined) throw neverSeen(`room ${params.roomId}`)
      return room
    },
  }),
  route({
    method: 'GET',
    path: '/v1/analytics/rank',
    summary: 'Users or rooms with the most of something.',
    query: z.strictObject({
      by: z.enum(RANK_KEYS).describe('`wins` is for users, `peak` for rooms.').default('playtime'),
      rooms: flagText.describe('Rooms instead of users.').default(false),
      since: since.describe('From the day (UTC) that this time is part of. Left out: since ever.').optional(),
      limit: countText(1, MAX_RANKED).describe(`Most entries. Left out: ${DEFAULT_LIMIT}.`).default(DEFAULT_LIMIT),
    }),
    answer: ranking,
    run: (backend, {query}) =>
      backend
        .pluginApi('analytics')
        .rank({by: query.by, isOfRooms: query.rooms, sinceMs: toMs(query.since), limit: query.limit}),
  }),
  route({
    method: 'GET',
    path: '/v1/analytics/heatmap',
    summary: 'When users are there, by weekday and hour.',
    query: z.strictObject({
      room: idText.describe('Only this room. Left out: the whole server.').optional(),
      since: since.describe('From this time on. Left out: as long as it is kept.').optional(),
    }),
    answer: heatmap,
    run: (backend, {query}) => backend.pluginApi('analytics').heatmap({roomId: query.room, sinceMs: toMs(query.since)}),
  }),
  route({
    method: 'GET',
    path: '/v1/analytics/retention',
    summary: 'How many users come back, by the week of their first visit.',
    query: z.strictObject({
      weeks: countText(1, MAX_WEEKS).describe(`Most weeks. Left out: ${DEFAULT_WEEKS}.`).default(DEFAULT_WEEKS),
    }),
    answer: retention,
    run: (backend, {query}) => backend.pluginApi('analytics').retention(query),
  }),
  route({
    method: 'GET',
    path: '/v1/analytics/events',
    summary: 'Events: the last ones, or those since a time, and with `follow` those that come.',
    isStream: true,
    query: z.strictObject({
      types: types.describe('Only these types.').optional(),
      room: idText.describe('Only events of this room.').optional(),
      user: idText.describe('Only events of this user.').optional(),
      since: since.describe('Stored events from this time on. Left out: recent ones, from memory.').optional(),
      limit: countText(0, MAX_EVENTS)
        .describe(`Past events to begin with, the newest. Left out: ${DEFAULT_LIMIT}.`)
        .default(DEFAULT_LIMIT),
      follow: flagText.describe('Go on with the events that come.').default(false),
    }),
    answer: analyticsEvent,
    run(backend, {query, signal}) {
      const filter = {types: query.types, roomId: query.room, userId: query.user}
      const {limit, follow: isFollowed} = query
      return backend
        .pluginApi('analytics')
        .events({filter, sinceMs: toMs(query.since) ?? undefined, limit, isFollowed, signal})
    },
  }),
  route({
    method: 'GET',
    path: '/v1/analytics/report',
    summary: 'All that a report on a period says.',
    query: z.strictObject({
      since: since.describe('From the day (UTC) that this time is part of. Left out: since ever.').optional(),
    }),
    answer: analyticsReport,
    run: (backend, {query}) => backend.pluginApi('analytics').report({sinceMs: toMs(query.since)}),
  }),
  route({
    method: 'POST',
    path: '/v1/analytics/query',
    summary:
      'What SQL finds in the views. It runs in a process of its own, which is killed when it takes too long. Nothing is dropped for a slow reader.',
    isStream: true,
    isAction: false,
    body: z.strictObject({
      sql: z.string().min(1).max(MAX_SQL_CHARACTERS).describe('One statement that only reads.'),
      maxRows: z.int().min(1).max(MAX_ROWS).describe('More rows are cut off.').default(1000),
      limitMs: z.int().min(1).max(MAX_LIMIT_MS).describe('How long it may take.').default(10_000),
    }),
    answer: rowLine,
    run: (backend, {body, signal}) => backend.pluginApi('analytics').query(body, {signal}) as never,
  }),
  route({
    method: 'GET',
    path: '/v1/analytics/export',
    summary: 'All rows of a view. Nothing is dropped for a slow reader.',
    isStream: true,
    query: z.strictObject({
      view: z.string().describe('Its name.').default('v_events'),
      since: since.describe('Only of this time on. Left out: all.').optional(),
    }),
    answer: rowLine,
    run: (backend, {query, signal}) =>
      backend
        .pluginApi('analytics')
        .exportRows({view: query.view, sinceMs: toMs(query.since) ?? undefined}, {signal}) as never,
  }),
  route({
    method: 'POST',
    path: '/v1/analytics/forget',
    summary: 'Takes a user out of all that is kept; sums over rooms and hours stay, and so do blocks.',
    body: z.strictObject({userId: userId.describe('The user.')}),
    answer: forgetResult,
    async run(backend, {body}) {
      const result = await forgetUser(backend, body.userId)
      if (result === undefined) throw neverSeen(`user ${body.userId}`)
      return result
    },
  }),
]

function toMs(text: string | undefined): number | null {
  return text === undefined ? null : Date.parse(text)
}
