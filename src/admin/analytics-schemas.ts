import {z} from 'zod'

import type {
  AnalyticsEvent,
  ForgetResult,
  Heatmap,
  Ranking,
  RealtimeStats,
  Retention,
  RoomAnalytics,
  UserAnalytics,
} from '../contract/analytics.js'
import {ANALYTICS_EVENT_TYPES, RANK_KEYS} from '../util/analytics-names.js'
import {count, milliseconds, roomId, time, userId} from './answer-schemas.js'

const amount = z.number().nonnegative()
const date = z.iso.date()
const byHour = z.array(count).length(24)

export const realtimeStats = z.strictObject({
  eventsPerMinute: amount.describe('Of the last 60 s; of a shorter run, taken up to a minute.'),
  totalEventsProcessed: count.describe('Since the start, messages that are only counted included.'),
  avgProcessingTimeUs: amount.describe('On the main thread, of the last 1 000 messages that were timed: one in 64 is.'),
  bufferUtilizationPercent: amount.describe('How much of the room for events that wait to be stored is taken.'),
  eventsDropped: count.describe('Events that the store could not take. They are part of all sums.'),
  eventsStored: count.describe('Since the start.'),
  eventsMissedByReaders: count.describe('Events that readers missed, being too slow.'),
  readers: count.describe('Who follows events at the moment.'),
  users: count.describe('Connected users.'),
  activeRooms: count.describe('Rooms that anybody is in.'),
  eventsBySecond: z.array(count).describe('Of the last 60 seconds, oldest first.'),
  busiestRooms: z
    .array(
      z.strictObject({
        roomId: roomId.describe('The room.'),
        userCount: count.describe('Its members.'),
        messages: count.describe('Accepted ones of the last minute.'),
      }),
    )
    .describe('Most messages in the last minute first, at most 10.'),
  interruptedRun: z
    .strictObject({
      endedAt: time.describe('When it was seen last.'),
      eventsLost: count.nullable().describe('What it had taken in and not stored; null: nobody knows.'),
      sessions: count.describe('Sessions that were closed at that time.'),
    })
    .nullable()
    .describe('The run before this one, if it ended without a word.'),
}) satisfies z.ZodType<RealtimeStats>

export const userAnalytics = z.strictObject({
  userId: userId.describe('The user.'),
  totalSessions: count.describe('The present one included.'),
  totalPlaytimeMs: milliseconds.describe('The present session included.'),
  messagesSent: count.describe('Accepted ones of every type but `hello` and `heartbeat`.'),
  gamesPlayed: count.describe('Counted at their start.'),
  gamesWon: count.describe('Counted at their end.'),
  favoriteRooms: z.record(z.string(), count).describe('How often the user joined each of the 50 most visited rooms.'),
  firstSeen: time.describe('First connect.'),
  lastActive: time.nullable().describe('Last message that was no heartbeat, refused ones included; null: none yet.'),
  activityPattern: byHour.describe('Accepted messages and connects in each hour of the day, UTC, from 0 to 23.'),
  isOnline: z.boolean().describe('A session goes on.'),
}) satisfies z.ZodType<UserAnalytics>

export const roomAnalytics = z.strictObject({
  roomId: roomId.describe('The room.'),
  totalSessions: count.describe('Joins.'),
  peakUsers: count.describe('The most members after any join.'),
  totalMessages: count.describe('Accepted messages to the room, of every type.'),
  gamesPlayed: count.describe('Counted at their start.'),
  avgSessionDurationMs: milliseconds.describe('From join to leave, of those that have left.'),
  popularTimes: byHour.describe(
    'In each hour of the day, UTC, from 0 to 23: how many different users were there, summed over days.',
  ),
  firstSeen: time.describe('First join.'),
  lastSeen: time.describe('Last join, leave, message or game.'),
}) satisfies z.ZodType<RoomAnalytics>

export const ranking = z.strictObject({
  by: z.enum(RANK_KEYS).describe('What they are ranked by.'),
  since: date.nullable().describe('First day that counts; null: since ever.'),
  entries: z
    .array(
      z.strictObject({
        rank: count.describe('From 1.'),
        id: userId.describe('Of the user or the room.'),
        value: amount.describe('Milliseconds for `playtime`, else a number.'),
      }),
    )
    .describe('Largest value first.'),
}) satisfies z.ZodType<Ranking>

export const heatmap = z.strictObject({
  roomId: roomId.nullable().describe('Null: the whole server.'),
  since: date.nullable().describe('Null: as long as it is kept.'),
  cells: z
    .array(z.array(amount).length(24))
    .length(7)
    .describe('A row for each day from Monday on, with 24 hours of UTC: different users in such an hour, on average.'),
}) satisfies z.ZodType<Heatmap>

const returned = (day: string) =>
  z
    .strictObject({
      of: count.describe('For whom that day is over.'),
      users: count.describe('Those of them who were there on it.'),
    })
    .describe(`Who came back on the ${day} day after the first one.`)

export const retention = z.strictObject({
  cohorts: z
    .array(
      z.strictObject({
        week: date.describe('The Monday of the week of their first visit.'),
        users: count.describe('How many they are.'),
        day1: returned('first'),
        day7: returned('seventh'),
        day30: returned('thirtieth'),
      }),
    )
    .describe('Newest first.'),
}) satisfies z.ZodType<Retention>

export const forgetResult = z.strictObject({
  userId: userId.describe('Who is forgotten.'),
  rows: count.describe('Rows that were taken out of the store.'),
  cachedGames: count
    .nullable()
    .describe('Kept games that named the user and are deleted; null: the cache plugin does not run.'),
  activeBlocks: z
    .array(
      z.strictObject({
        reason: z.string().nullable().describe('Why: words of an operator, or the rule.'),
        until: time.nullable().describe('Null: until it is lifted.'),
      }),
    )
    .nullable()
    .describe('Blocks of the user, which stay; null: the security plugin does not run.'),
}) satisfies z.ZodType<ForgetResult>

/** All types in one: which of the fields there are depends on the type. */
export const analyticsEvent = z.strictObject({
  id: count.describe('Grows with each event.'),
  timestamp: time.describe('When it happened.'),
  type: z.enum(ANALYTICS_EVENT_TYPES).describe('What happened.'),
  userId: userId.describe('Whose it is. Not in games and new rooms.').optional(),
  roomId: roomId.describe('Where it was.').optional(),
  sessionId: z.string().describe('In `user_connected` and `user_disconnected`.').optional(),
  isGuest: z.boolean().describe('In `user_connected`: the server chose the id.').optional(),
  durationMs: milliseconds
    .describe('In `user_disconnected`, `room_left` and `game_ended`: how long it was.')
    .optional(),
  reason: z.string().describe('In `user_disconnected`: why the connection ended.').optional(),
  messageType: z.string().describe('In `message_sent`: the type of an accepted message.').optional(),
  userCount: count.describe('In `room_joined` and `room_left`: members after that.').optional(),
  creatorId: userId.describe('In `room_created`: who joined first.').optional(),
  game: z.string().describe('In `game_started` and `game_ended`: its name.').optional(),
  playerCount: count.describe('In `game_started`.').optional(),
  outcome: z.string().describe('In `game_ended`: `finished`, `abandoned`, `failed` or `room_closed`.').optional(),
  winner: userId.nullable().describe('In `game_ended`: null for none.').optional(),
  errorType: z.string().describe('In `error`: the code that a message was refused with.').optional(),
  message: z.string().describe('In `error`: what the sender was told, at most 200 characters.').optional(),
}) as unknown as z.ZodType<AnalyticsEvent>

/** Lines of each kind in one: which fields there are depends on the kind. */
export const rowLine = z.strictObject({
  columns: z.array(z.string()).describe('In the first line: names of the columns.').optional(),
  total: count.nullable().describe('In the first line: how many rows will come; null: nobody knows.').optional(),
  rows: z
    .array(z.array(z.union([z.string(), z.number(), z.null()])))
    .describe('Rows, each a list of values in the order of the columns. Blobs are hexadecimal.')
    .optional(),
  end: z
    .strictObject({
      rows: count.describe('How many there were.'),
      isCut: z.boolean().describe('There are more than were asked for.'),
    })
    .describe('In the last line, if all went well.')
    .optional(),
  error: z
    .strictObject({
      code: z.string().describe('As in other answers.'),
      message: z.string().describe('What is wrong.'),
      hint: z.string().nullable().describe('What to do about it.'),
    })
    .describe('In the last line, if not.')
    .optional(),
})
