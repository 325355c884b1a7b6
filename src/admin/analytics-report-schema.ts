import {z} from 'zod'

import type {AnalyticsReport} from '../contract/analytics-report.js'
import {heatmap, retention} from './analytics-schemas.js'
import {count, milliseconds, roomId, time, userId} from './answer-schemas.js'

const amount = z.number().nonnegative()
const date = z.iso.date()

const comparedTotals = {
  users: count.describe('Different ones.'),
  newUsers: count.describe('Those who came for the first time.'),
  sessions: count.describe('Begun in the period.'),
  playtimeMs: milliseconds.describe('Of sessions that have ended.'),
  messages: count.describe('Accepted ones.'),
  gamesPlayed: count.describe('Counted at their start.'),
  peakUsers: count.describe('Most connected users at one time.'),
}

export const analyticsReport = z.strictObject({
  since: date.describe('The first day.'),
  until: time.describe('When it was made.'),
  totals: z
    .strictObject({...comparedTotals, averageSessionMs: milliseconds.describe('Of those that have ended.')})
    .describe('Key numbers.'),
  comparison: z
    .strictObject({
      days: z.int().positive().describe('How many days each of the two has.'),
      recent: z.strictObject(comparedTotals).describe('Of the days of the period that are over.'),
      before: z.strictObject(comparedTotals).describe('Of as many days before the period.'),
    })
    .nullable()
    .describe('Null: today is all of the period, or not all of the days before it are kept.'),
  online: z
    .strictObject({
      bucketMs: milliseconds.describe('What one point stands for.'),
      points: z
        .array(
          z.strictObject({
            at: time.describe('Its beginning.'),
            peakUsers: count.describe('Most connected users.'),
            averageUsers: amount.describe('How many they were on average.'),
          }),
        )
        .describe('In the order of time, without gaps.'),
    })
    .describe('Connected users over time.'),
  days: z
    .array(
      z.strictObject({
        date: date.describe('The day.'),
        users: count.describe('Different ones.'),
        newUsers: count.describe('Those who were there for the first time.'),
      }),
    )
    .describe('In the order of time, without gaps.'),
  heatmap: heatmap.describe('Of the whole server.'),
  topUsers: z
    .array(
      z.strictObject({
        userId: userId.describe('The user.'),
        playtimeMs: milliseconds.describe('Of sessions that have ended.'),
        sessions: count.describe('Begun in the period.'),
        messages: count.describe('Accepted ones.'),
        gamesPlayed: count.describe('Counted at their start.'),
        gamesWon: count.describe('Counted at their end.'),
      }),
    )
    .describe('Most playtime first, at most 10.'),
  topRooms: z
    .array(
      z.strictObject({
        roomId: roomId.describe('The room.'),
        visitMs: milliseconds.describe('Of all visits that have ended, together.'),
        visits: count.describe('Joins.'),
        messages: count.describe('Accepted ones.'),
        gamesPlayed: count.describe('Counted at their start.'),
        peakUsers: count.describe('Most members at one time.'),
      }),
    )
    .describe('Most time first, at most 10.'),
  retention: retention.describe('Of the last 12 weeks.'),
  sessionLengths: z
    .array(
      z.strictObject({
        belowMs: milliseconds.nullable().describe('They were shorter, but not than that before; null: no limit.'),
        sessions: count.describe('How many they are.'),
      }),
    )
    .describe('Of sessions that have ended.'),
  games: z
    .array(
      z.strictObject({
        game: z.string().describe('Its name.'),
        ended: count.describe('How often it was played to an end of any kind.'),
        averageMs: milliseconds.describe('How long that took.'),
      }),
    )
    .describe('Most played first, at most 10.'),
}) satisfies z.ZodType<AnalyticsReport>
