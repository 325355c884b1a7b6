import {z} from 'zod'

import type {
  Backup,
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
  Usage,
  UserDetails,
  UserSummary,
} from '../contract/admin.js'
import type {PluginStatus} from '../contract/plugins.js'
import type {StoreStatus} from '../contract/store.js'
import {MAX_ID} from '../protocol/limits.js'

/**
 * Schemas of all answers: with the words of `describe` they make `docs/admin.md`, and tests hold real answers against
 * them. Units are part of the names.
 */
export const time = z.iso.datetime()
export const count = z.int().nonnegative()
export const bytes = count
export const milliseconds = z.number().nonnegative()
export const userId = z.int().min(1).max(MAX_ID)
export const roomId = userId

export const routeInfo = z.strictObject({
  method: z.enum(['GET', 'POST']).describe('How it is called.'),
  path: z.string().describe('Parts that begin with a colon stand for a value.'),
  summary: z.string().describe('What it is for.'),
  isStream: z.boolean().describe('It answers NDJSON, one event a line, until one side ends it.'),
  isAction: z.boolean().describe('It changes something, so the read-only socket refuses it.'),
}) satisfies z.ZodType<RouteInfo>

export const readiness = z.strictObject({
  ready: z.boolean().describe('False while it drains, stops or is overloaded.'),
}) satisfies z.ZodType<Readiness>

export const pluginStatus = z.strictObject({
  name: z.string().describe('The plugin.'),
  state: z
    .enum(['running', 'failing', 'disabled'])
    .describe('Failing: it runs, and has failed within the last minute.'),
  failures: count.describe('Since the start: throws, rejections and hooks that took too long.'),
  lastFailure: z.string().nullable().describe('What the last one said.'),
  hooks: z
    .array(
      z.strictObject({
        hook: z.string().describe('Name of the hook.'),
        timedCalls: count.describe('Calls that were timed.'),
        timedMs: milliseconds.describe('What these took on the main thread, together.'),
      }),
    )
    .describe('The hooks it has.'),
}) as z.ZodType<PluginStatus>

const storeStatus = z.strictObject({
  file: z.string().nullable().describe('Path of the file; null: everything is in memory.'),
  state: z.enum(['ok', 'disk_full', 'read_only', 'failed']).describe('`ok`, or why nothing is kept at the moment.'),
  problem: z.string().nullable().describe('Of the last failure; null while `ok`.'),
  sizeBytes: bytes.describe('Size of the file.'),
  queuedRows: count.describe('Rows that wait to be written.'),
  droppedRows: count.describe('Rows that were dropped since the start.'),
  commits: count.describe('Transactions that were written since the start.'),
  salvage: z
    .strictObject({
      file: z.string().describe('Where the file that could not be read lies now.'),
      rows: count.describe('Rows that were saved of it.'),
      lostTables: z.array(z.string()).describe('Tables that could not be read to their end.'),
    })
    .nullable()
    .describe('What the start found broken; null: nothing.'),
}) satisfies z.ZodType<StoreStatus>

export const instanceStatus = z.strictObject({
  name: z.string().describe('Name of the server.'),
  version: z.string().describe('Of gs.'),
  pid: count.describe('Its process.'),
  startedAt: time.describe('When it was ready.'),
  uptimeMs: milliseconds.describe('Time since then.'),
  host: z.string().describe('Where it listens for clients.'),
  port: count.describe('And on which port.'),
  socket: z.string().describe('Path of the admin socket.'),
  state: z.enum(['running', 'draining', 'stopping']).describe('What it is about to do.'),
  overload: z.enum(['event_loop', 'memory']).nullable().describe('What it is short of.'),
  connections: count.describe('Open ones, those before `welcome` included.'),
  users: count.describe('Those who are welcomed.'),
  rooms: count.describe('Those that are open.'),
  memoryUsageMb: z.number().nonnegative().describe('Resident memory of the process.'),
  unsentBytes: bytes.describe('What all clients together have not taken yet.'),
  plugins: z.array(pluginStatus).describe('Plugins that run or ran.'),
  store: storeStatus.nullable().describe('The data store; null while nothing has used it.'),
}) satisfies z.ZodType<InstanceStatus>

export const usage = z.strictObject({
  uptimeMs: milliseconds.describe('Time since the start of the server.'),
  cpuMs: milliseconds.describe('Processor time of the process, all threads.'),
  eventLoopActiveMs: milliseconds.describe('How long the event loop was not waiting.'),
  eventLoopDelayP99Ms: milliseconds.describe('How late the event loop was, over the last second.'),
  messages: count.describe('Frames after `hello`.'),
  errors: count.describe('Those that were answered with an error.'),
  deliveries: count.describe("Room frames handed to members' sockets."),
  bytesIn: bytes.describe('From clients.'),
  bytesOut: bytes.describe('To clients.'),
}) satisfies z.ZodType<Usage>

export const backup = z.strictObject({
  file: z.string().describe('Where the copy lies.'),
  sizeBytes: bytes.describe('Its size.'),
}) satisfies z.ZodType<Backup>

export const roomSummary = z.strictObject({
  roomId: roomId.describe('The room.'),
  userCount: count.describe('Its members.'),
  game: z.string().nullable().describe('Name of its game.'),
  gameState: z.enum(['playing', 'ended']).nullable().describe('Of its game.'),
  createdAt: time.describe('When it was opened.'),
  lastActivity: time.describe('When a message last came, or its members changed.'),
}) satisfies z.ZodType<RoomSummary>

export const roomDetails = roomSummary.extend({
  players: z.array(userId).nullable().describe('Those with a seat in the game, in the order of the seats.'),
  gameStartedAt: time.nullable().describe('When the game began.'),
  members: z
    .array(
      z.strictObject({
        userId: userId.describe('The member.'),
        nickname: z.string().optional().describe('Left out if there is none.'),
        joinedAt: time.describe('When the member came.'),
      }),
    )
    .describe('In the order of joining, at most 200.'),
}) as z.ZodType<RoomDetails>

export const userSummary = z.strictObject({
  userId: userId.describe('The user.'),
  nickname: z.string().nullable().describe('What the user is called.'),
  address: z.string().describe('IP address of the client.'),
  connectedAt: time.describe('When the user was welcomed.'),
  rooms: count.describe('How many the user is in.'),
  messages: count.describe('Frames that came from the user.'),
  unsentBytes: bytes.describe('What the client has not taken yet.'),
}) satisfies z.ZodType<UserSummary>

export const userDetails = userSummary.extend({
  isGuest: z.boolean().describe('The server chose the id.'),
  sessionId: z.uuid().describe('Of this connection.'),
  roomIds: z.array(roomId).describe('The rooms, in the order of joining.'),
  bytesIn: bytes.describe('What came.'),
  bytesOut: bytes.describe('What went out.'),
  lastMessageAt: time.describe('When something last came.'),
}) satisfies z.ZodType<UserDetails>

export const closedSummary = z.strictObject({
  closedAt: time.describe('When it ended.'),
  reason: z.string().describe('One of the [close reasons](errors.md#why-connections-end).'),
  userId: userId.nullable().describe('Null before `welcome`.'),
  nickname: z.string().nullable().describe('What the user was called.'),
  address: z.string().describe('IP address of the client.'),
  durationMs: milliseconds.describe('From the accept to the end.'),
  messages: count.describe('Frames that came.'),
  bytesIn: bytes.describe('What came.'),
  bytesOut: bytes.describe('What went out.'),
  unsentBytes: bytes.describe('What the client had not taken.'),
}) as z.ZodType<ClosedSummary>

export const reached = z.strictObject({
  users: count.describe('How many users it reached.'),
}) satisfies z.ZodType<Reached>

export const reloadResult = z.strictObject({
  file: z.string().nullable().describe('The file that was read; null without one.'),
  applied: z.array(z.string()).describe('Keys that changed and are in force.'),
  needRestart: z.array(z.string()).describe('Keys that changed and keep their old values until a restart.'),
}) satisfies z.ZodType<ReloadResult>

export const logEvent = z.strictObject({
  time: time.describe('When it was logged.'),
  level: z.enum(['debug', 'info', 'warn', 'error']).describe('How serious it is.'),
  message: z.string().describe('Control characters are escaped.'),
  fields: z.record(z.string(), z.unknown()).describe('What else the line has; depends on the message.'),
}) satisfies z.ZodType<LogEvent>

export const traceEvent = z.strictObject({
  time: time.describe('When the handling ended.'),
  userId: userId.describe('Who sent the message.'),
  address: z.string().describe('IP address of the client.'),
  roomId: roomId.nullable().describe('The room it was for.'),
  type: z.string().nullable().describe('Type of the message. Null: it was not understood, or was refused unread.'),
  sizeBytes: bytes.describe('Size of the frame.'),
  error: z.string().nullable().describe('Code of the refusal. Null: the message was accepted.'),
  rule: z.string().nullable().describe('Rule of the plugin that refused.'),
  durationMs: milliseconds.describe('From the read that completed the frame to the end of its handling.'),
  hooks: z
    .array(
      z.strictObject({
        plugin: z.string().describe('Whose hook it is.'),
        hook: z.string().describe('Name of the hook.'),
        durationMs: milliseconds.describe('From its call to its answer, waiting included.'),
      }),
    )
    .describe('The hooks that the message met, in their order.'),
}) as z.ZodType<TraceEvent>

export const nothing = z.strictObject({})

export function listing<Item>(item: z.ZodType<Item>): z.ZodType<Listing<Item>> {
  return z.strictObject({
    items: z.array(item).describe('As many as `limit` asks for.'),
    total: count.describe('How many there are before the cut.'),
  })
}
