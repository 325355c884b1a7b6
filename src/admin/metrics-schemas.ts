import {z} from 'zod'

import type {CloseReason, WireErrorCode} from '../contract/codes.js'
import type {
  MetricsHistory,
  MetricsSample,
  RoomMetrics,
  RoomStats,
  ServerMetrics,
  SlowMessage,
  UserMetrics,
} from '../contract/metrics.js'
import {bytes, count, milliseconds, roomId, time, userId} from './answer-schemas.js'

const amount = z.number().nonnegative()
const perSecond = amount
const percent = amount
const megabytes = amount
const counts = z.record(z.string(), count)
/** Every name has its count, be it 0. */
const countsOf = <Name extends string>() => counts as unknown as z.ZodType<Record<Name, number>>

const load = {
  connections: count.describe('Open sockets, those before `welcome` included.'),
  users: count.describe('Those who are welcomed.'),
  rooms: count.describe('Those that are open.'),
  messagesPerSecond: perSecond.describe('Frames after `hello`, malformed and refused ones too.'),
  deliveriesPerSecond: perSecond.describe("Room frames handed to members' sockets."),
  bytesInPerSecond: perSecond.describe('From clients.'),
  bytesOutPerSecond: perSecond.describe('To clients.'),
  avgResponseTimeMs: milliseconds.describe('From the read that completed a frame to the end of its handling.'),
  p50ResponseTimeMs: milliseconds.describe('Of 100 messages, 50 took no longer; at most 1 % too high.'),
  p95ResponseTimeMs: milliseconds.describe('Of 100 messages, 95 took no longer.'),
  p99ResponseTimeMs: milliseconds.describe('Of 100 messages, 99 took no longer.'),
  errorRatePercent: percent.describe('Messages that ended in an error, of all that were handled.'),
  memoryUsageMb: megabytes.describe('Resident memory of the process.'),
  heapUsedMb: megabytes.describe('Of the heap of JavaScript.'),
  cpuUsagePercent: percent.describe('Of one core, all threads together.'),
  eventLoopDelayP99Ms: milliseconds.describe('How late the event loop was: the worst second’s 99th percentile.'),
  eventLoopUtilizationPercent: percent.describe('How much of the time the event loop was not waiting.'),
  unsentBytes: bytes.describe('What all clients together have not taken yet.'),
}

export const metricsSample = z.strictObject({
  timestamp: time.describe('The end of the second.'),
  ...load,
  errorsPerSecond: perSecond.describe('Messages that ended in an error.'),
  refusalsPerSecond: perSecond.describe('Refusals by plugins.'),
}) satisfies z.ZodType<MetricsSample>

export const metricsHistory = z.strictObject({
  sampleMs: milliseconds.describe('Time between two samples.'),
  samples: z.array(metricsSample).describe('Oldest first.'),
}) satisfies z.ZodType<MetricsHistory>

const roomStats = z.strictObject({
  roomId: roomId.describe('The room.'),
  userCount: count.describe('Its members.'),
  messagesPerMinute: amount.describe('Accepted messages of members to the room: chat and those of its game.'),
  lastActivity: time.describe('When a frame last went to the room.'),
  game: z.string().nullable().describe('Name of its game.'),
  gameState: z.enum(['playing', 'ended']).nullable().describe('Of its game.'),
}) satisfies z.ZodType<RoomStats>

export const serverMetrics = z.strictObject({
  timestamp: time.describe('When this was taken.'),
  intervalMs: milliseconds.describe('What rates and averages cover: the time that really passed.'),
  ...load,
  memoryLimitMb: megabytes.describe('The `server.maxMemoryMb` of the configuration.'),
  heapLimitMb: megabytes.describe('Where the heap ends.'),
  slowConsumers: count.describe('Connections with more than `server.unsentSoftBytes` unsent.'),
  overload: z.enum(['event_loop', 'memory']).nullable().describe('What the server is short of.'),
  closeReasons: countsOf<CloseReason>().describe(
    'Closed connections since the start, by [reason](errors.md#why-connections-end).',
  ),
  refusals: counts.describe('Refusals by plugins since the start, by rule.'),
  messageTypes: countsOf<keyof ServerMetrics['messageTypes']>().describe(
    'Messages since the start, by type; `invalid`: those that were not understood.',
  ),
  errors: countsOf<WireErrorCode>().describe('Errors that answered messages since the start, by [code](errors.md).'),
  hookTimeUs: z.record(z.string(), amount).describe('Mean time of a message in the hooks of each plugin, by plugin.'),
  totals: z
    .strictObject({
      connectionsOpened: count.describe('Connections that were accepted.'),
      connectionsClosed: count.describe('Those that ended.'),
      messages: count.describe('Frames after `hello`.'),
      errors: count.describe('Those that were answered with an error.'),
      deliveries: count.describe("Room frames handed to members' sockets."),
      bytesIn: bytes.describe('From clients.'),
      bytesOut: bytes.describe('To clients.'),
      roomsCreated: count.describe('Rooms that were opened.'),
      gamesStarted: count.describe('Games that began.'),
      hookFailures: count.describe('Failures of plugins that were contained.'),
    })
    .describe('Sums since the start of the server.'),
  recent: z
    .strictObject({
      closeReasons: counts.describe('Closed connections, by reason.'),
      refusals: counts.describe('Refusals, by rule.'),
      messageTypes: counts.describe('Messages, by type.'),
      errors: counts.describe('Errors, by code.'),
    })
    .describe('What of these is new since the interval began; zeros are left out.'),
  roomStats: z.array(roomStats).describe('As many rooms as `limit` asks for.'),
  roomStatsTotal: count.describe('How many there are before the cut.'),
}) satisfies z.ZodType<ServerMetrics>

const ownTraffic = {
  messagesPerMinute: amount.describe('Frames of the user, refused ones too, whatever room they are for.'),
  messages: count.describe('The same since the connection.'),
  unsentBytes: bytes.describe('What the client has not taken yet.'),
}

export const roomMetrics = roomStats.extend({
  messages: count.describe('Accepted messages since the room was opened.'),
  createdAt: time.describe('When it was opened.'),
  players: z.array(userId).nullable().describe('Those with a seat in the game, in the order of the seats.'),
  gameStartedAt: time.nullable().describe('When the game began.'),
  members: z
    .array(
      z.strictObject({
        userId: userId.describe('The member.'),
        nickname: z.string().nullable().describe('What the user is called.'),
        joinedAt: time.describe('When the member came.'),
        ...ownTraffic,
      }),
    )
    .describe('In the order of joining, at most 200.'),
}) satisfies z.ZodType<RoomMetrics>

export const userMetrics = z.strictObject({
  userId: userId.describe('The user.'),
  nickname: z.string().nullable().describe('What the user is called.'),
  isGuest: z.boolean().describe('The server chose the id.'),
  address: z.string().describe('IP address of the client.'),
  sessionId: z.uuid().describe('Of this connection.'),
  connectedAt: time.describe('When the user was welcomed.'),
  lastMessageAt: time.describe('When something last came.'),
  ...ownTraffic,
  bytesIn: bytes.describe('What came.'),
  bytesOut: bytes.describe('What went out.'),
  rooms: z.array(roomStats).describe('The rooms the user is in, in the order of joining.'),
}) satisfies z.ZodType<UserMetrics>

export const slowMessage = z.strictObject({
  timestamp: time.describe('When its handling ended.'),
  durationMs: milliseconds.describe('From the read that completed the frame to the end of its handling.'),
  handlingMs: milliseconds.describe('Of that its own part; in the rest it waited for others to be handled.'),
  userId: userId.describe('Who sent it.'),
  roomId: roomId.nullable().describe('The room it was for.'),
  type: z.string().nullable().describe('Type of the message. Null: it was not understood, or was refused unread.'),
  sizeBytes: bytes.describe('Size of the frame.'),
  error: z.string().nullable().describe('Code of the refusal. Null: the message was accepted.'),
  rule: z.string().nullable().describe('Rule of the plugin that refused.'),
  plugins: z
    .array(
      z.strictObject({
        plugin: z.string().describe('The plugin.'),
        durationMs: milliseconds.describe('What its hooks took, waiting included.'),
      }),
    )
    .nullable()
    .describe('Time by plugin, of all or of those that took long. Null: it is not known.'),
}) as z.ZodType<SlowMessage>
