import {z} from 'zod'

import type {
  ClosedSummary,
  InstanceStatus,
  Listing,
  LogEvent,
  Reached,
  Readiness,
  ReloadResult,
  RoomDetails,
  RoomSummary,
  RouteInfo,
  TraceEvent,
  UserDetails,
  UserSummary,
} from '../contract/admin.js'
import type {PluginStatus} from '../contract/plugins.js'

/** Schemas of all answers: they make `docs/admin.md`, and tests hold real answers against them. */
const time = z.iso.datetime()
const count = z.int().nonnegative()
const bytes = count
const milliseconds = z.number().nonnegative()
const userId = z.int().min(1).max(4_294_967_295)
const roomId = userId

export const routeInfo = z.strictObject({
  method: z.enum(['GET', 'POST']),
  path: z.string(),
  summary: z.string(),
  isStream: z.boolean(),
  isAction: z.boolean(),
}) satisfies z.ZodType<RouteInfo>

export const readiness = z.strictObject({ready: z.boolean()}) satisfies z.ZodType<Readiness>

export const pluginStatus = z.strictObject({
  name: z.string(),
  state: z.enum(['running', 'failing', 'disabled']),
  failures: count,
  lastFailure: z.string().nullable(),
  hooks: z.array(z.strictObject({hook: z.string(), timedCalls: count, timedMs: milliseconds})),
}) as z.ZodType<PluginStatus>

export const instanceStatus = z.strictObject({
  name: z.string(),
  version: z.string(),
  pid: count,
  startedAt: time,
  uptimeMs: milliseconds,
  host: z.string(),
  port: count,
  socket: z.string(),
  state: z.enum(['running', 'draining', 'stopping']),
  overload: z.enum(['event_loop', 'memory']).nullable(),
  connections: count,
  users: count,
  rooms: count,
  memoryUsageMb: z.number().nonnegative(),
  unsentBytes: bytes,
  plugins: z.array(pluginStatus),
}) satisfies z.ZodType<InstanceStatus>

export const roomSummary = z.strictObject({
  roomId,
  userCount: count,
  game: z.string().nullable(),
  gameState: z.enum(['playing', 'ended']).nullable(),
  createdAt: time,
  lastActivity: time,
}) satisfies z.ZodType<RoomSummary>

export const roomDetails = roomSummary.extend({
  players: z.array(userId).nullable(),
  gameStartedAt: time.nullable(),
  members: z.array(z.strictObject({userId, nickname: z.string().optional(), joinedAt: time})),
}) as z.ZodType<RoomDetails>

export const userSummary = z.strictObject({
  userId,
  nickname: z.string().nullable(),
  address: z.string(),
  connectedAt: time,
  rooms: count,
  messages: count,
  unsentBytes: bytes,
}) satisfies z.ZodType<UserSummary>

export const userDetails = userSummary.extend({
  isGuest: z.boolean(),
  sessionId: z.uuid(),
  roomIds: z.array(roomId),
  bytesIn: bytes,
  bytesOut: bytes,
  lastMessageAt: time,
}) satisfies z.ZodType<UserDetails>

export const closedSummary = z.strictObject({
  closedAt: time,
  reason: z.string(),
  userId: userId.nullable(),
  nickname: z.string().nullable(),
  address: z.string(),
  durationMs: milliseconds,
  messages: count,
  bytesIn: bytes,
  bytesOut: bytes,
  unsentBytes: bytes,
}) as z.ZodType<ClosedSummary>

export const reached = z.strictObject({users: count}) satisfies z.ZodType<Reached>

export const reloadResult = z.strictObject({
  file: z.string().nullable(),
  applied: z.array(z.string()),
  needRestart: z.array(z.string()),
}) satisfies z.ZodType<ReloadResult>

export const logEvent = z.strictObject({
  time,
  level: z.enum(['debug', 'info', 'warn', 'error']),
  message: z.string(),
  fields: z.record(z.string(), z.unknown()),
}) satisfies z.ZodType<LogEvent>

export const traceEvent = z.strictObject({
  time,
  userId,
  address: z.string(),
  roomId: roomId.nullable(),
  type: z.string().nullable(),
  sizeBytes: bytes,
  error: z.string().nullable(),
  rule: z.string().nullable(),
  durationMs: milliseconds,
  hooks: z.array(z.strictObject({plugin: z.string(), hook: z.string(), durationMs: milliseconds})),
}) as z.ZodType<TraceEvent>

export const nothing = z.strictObject({})

export function listing<Item>(item: z.ZodType<Item>): z.ZodType<Listing<Item>> {
  return z.strictObject({items: z.array(item), total: count})
}
