import {z} from 'zod'

import type {RoomStatsSort} from '../../contract/metrics.js'
import {EXPOSITION_TYPES} from '../../util/exposition-types.js'
import {MAX_FILTER_CHARACTERS, sortKeys} from '../../util/listing-columns.js'
import {
  metricsHistory,
  metricsSample,
  roomMetrics,
  serverMetrics,
  slowMessage,
  userMetrics,
} from '../metrics-schemas.js'
import {countText, flagText, idText, noSuchRoom, noSuchUser, route} from '../route.js'

const MAX_ROOMS = 10_000
const MAX_POINTS = 3_600
const MAX_SLOW = 300
const DEFAULT_LIMIT = 20

const roomQuery = z.strictObject({
  limit: countText(0, MAX_ROOMS)
    .describe(`Most rooms in \`roomStats\`. Left out: ${DEFAULT_LIMIT}.`)
    .default(DEFAULT_LIMIT),
  sort: z
    .enum(sortKeys('roomStats') as [RoomStatsSort])
    .describe('Largest, newest or first in the alphabet on top.')
    .default('rate'),
  reverse: flagText.describe('Turns the order around.').default(false),
  filter: z
    .string()
    .min(1)
    .max(MAX_FILTER_CHARACTERS)
    .describe('Only rooms whose id, or the name of whose game, has this in it.')
    .optional(),
})

export const metricsRoutes = [
  route({
    method: 'GET',
    path: '/metrics',
    summary: 'Everything that is counted, as text for monitors.',
    query: z.strictObject({
      format: z
        .enum(['prometheus', 'openmetrics'])
        .describe('Text format 0.0.4 of Prometheus, or OpenMetrics 1.0.')
        .default('prometheus'),
    }),
    answer: z.string(),
    contentType: ({format}) => EXPOSITION_TYPES[format],
    run: (backend, {query}) => backend.pluginApi('metrics').prometheus(query.format),
  }),
  route({
    method: 'GET',
    path: '/v1/metrics',
    summary: 'How the server fares: rates and percentiles over the last interval, and the busiest rooms.',
    query: roomQuery,
    answer: serverMetrics,
    run: (backend, {query}) => backend.pluginApi('metrics').server(query),
  }),
  route({
    method: 'GET',
    path: '/v1/metrics/history',
    summary: 'What was sampled over the last minutes, once a second.',
    query: z.strictObject({
      since: z.iso.datetime({offset: true}).describe('Only samples after this time.').meta({form: 'time'}).optional(),
      points: countText(1, MAX_POINTS)
        .describe('Most points; more samples are joined, as means or, for delays, the worst. Left out: all.')
        .optional(),
    }),
    answer: metricsHistory,
    run(backend, {query: {since, points}}) {
      const sinceMs = since === undefined ? undefined : Date.parse(since)
      return backend.pluginApi('metrics').history({sinceMs, points})
    },
  }),
  route({
    method: 'GET',
    path: '/v1/metrics/samples',
    summary: 'Each sample when it is taken, once a second.',
    isStream: true,
    answer: metricsSample,
    run: (backend, {signal}) => backend.pluginApi('metrics').samples({signal}),
  }),
  route({
    method: 'GET',
    path: '/v1/metrics/slow',
    summary: 'The slowest messages of the last 15 minutes, at most 20 of each minute.',
    query: z.strictObject({
      limit: countText(1, MAX_SLOW).describe(`Most messages. Left out: ${DEFAULT_LIMIT}.`).default(DEFAULT_LIMIT),
      sort: z.enum(['duration', 'time']).describe('Slowest, or newest, on top.').default('duration'),
    }),
    answer: z.array(slowMessage),
    run: (backend, {query}) => backend.pluginApi('metrics').slow(query),
  }),
  route({
    method: 'GET',
    path: '/v1/metrics/rooms/:roomId',
    summary: 'One room with its rate, its game and, at most 200, members with theirs.',
    params: z.strictObject({roomId: idText.describe('The room.')}),
    answer: roomMetrics,
    run(backend, {params}) {
      const room = backend.pluginApi('metrics').room(params.roomId)
      if (room === undefined) throw noSuchRoom(params.roomId)
      return room
    },
  }),
  route({
    method: 'GET',
    path: '/v1/metrics/users/:userId',
    summary: 'One connected user with its rate, and the rooms the user is in with theirs.',
    params: z.strictObject({userId: idText.describe('The user.')}),
    answer: userMetrics,
    run(backend, {params}) {
      const user = backend.pluginApi('metrics').user(params.userId)
      if (user === undefined) throw noSuchUser(params.userId)
      return user
    },
  }),
]
