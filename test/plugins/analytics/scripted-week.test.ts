import {expect, test} from 'vitest'
import type {AnalyticsApi} from '../../../src/contract/analytics.js'
import {openAnalytics, type StoredAnalytics} from '../../../src/ops/analytics/open-analytics.js'
import {tempFolder} from '../../helpers/temp-folder.js'
import {type AnalyticsWorld, analyticsWorld} from './analytics-world.js'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

/** 24 numbers, those that are not named 0. */
function hours(values: Readonly<Record<number, number>>): number[] {
  return Array.from({length: 24}, (_, hour) => values[hour] ?? 0)
}

function span(from: number, to: number, value: number): Record<number, number> {
  return Object.fromEntries(Array.from({length: to - from + 1}, (_, index) => [from + index, value]))
}

/** Three users, two rooms, eight days. What is checked below was added up by hand from these lines. */
async function playWeek({enter, leave, moveTo}: AnalyticsWorld): Promise<void> {
  // Monday noon: 1 and 2 come, and talk in room 7.
  const one = await enter(1)
  const two = await enter(2)
  await one.joinRoom(7)
  await two.joinRoom(7)
  for (const text of ['a', 'b', 'c']) await one.chat(7, text)
  await two.chat(7, 'd')
  await one.heartbeat()
  // 1 is in two rooms.
  await moveTo('2026-01-05T12:30:00.000Z')
  await one.joinRoom(8)
  await one.chat(8, 'e')
  // On both sides of an hour's edge.
  await moveTo('2026-01-05T12:59:59.999Z')
  await one.chat(7, 'f')
  await moveTo('2026-01-05T13:00:00.000Z')
  await one.chat(7, 'g')
  await moveTo('2026-01-05T13:10:00.000Z')
  await two.leaveRoom(7)
  await moveTo('2026-01-05T23:30:00.000Z')
  await leave(two)
  // 1 stays over midnight.
  await moveTo('2026-01-06T00:30:00.000Z')
  await leave(one)
  // Tuesday: 2 comes back, 3 is new and wins.
  await moveTo('2026-01-06T10:00:00.000Z')
  const twoAgain = await enter(2)
  const three = await enter(3)
  await twoAgain.joinRoom(7)
  await three.joinRoom(7)
  await twoAgain.startGame(7, 'relay')
  await moveTo('2026-01-06T10:20:00.000Z')
  await twoAgain.endGame(7, 3)
  await moveTo('2026-01-06T10:30:00.000Z')
  await leave(twoAgain)
  await leave(three)
  // The next Monday: 1 is back, and is refused.
  await moveTo('2026-01-12T09:00:00.000Z')
  const oneAgain = await enter(1)
  await moveTo('2026-01-12T09:15:00.000Z')
  await expect(oneAgain.chat(9, 'nobody hears this')).rejects.toMatchObject({code: 'not_in_room'})
  await leave(oneAgain)
  await moveTo('2026-01-13T12:00:00.000Z')
}

/** Every field, against sums by hand. */
async function checkWeek(
  api: Pick<AnalyticsApi, 'user' | 'room' | 'rank' | 'heatmap'> & Pick<StoredAnalytics, 'retention'>,
): Promise<void> {
  expect(await api.user(1)).toEqual({
    userId: 1,
    totalSessions: 2,
    totalPlaytimeMs: 12.5 * HOUR_MS + 15 * MINUTE_MS,
    messagesSent: 8,
    gamesPlayed: 0,
    gamesWon: 0,
    favoriteRooms: {7: 1, 8: 1},
    firstSeen: '2026-01-05T12:00:00.000Z',
    lastActive: '2026-01-12T09:15:00.000Z',
    activityPattern: hours({12: 8, 13: 1, 9: 1}),
    isOnline: false,
  })
  expect(await api.user(2)).toEqual({
    userId: 2,
    totalSessions: 2,
    totalPlaytimeMs: 11.5 * HOUR_MS + 30 * MINUTE_MS,
    messagesSent: 6,
    gamesPlayed: 1,
    gamesWon: 0,
    favoriteRooms: {7: 2},
    firstSeen: '2026-01-05T12:00:00.000Z',
    lastActive: '2026-01-06T10:20:00.000Z',
    activityPattern: hours({12: 3, 13: 1, 10: 4}),
    isOnline: false,
  })
  expect(await api.user(3)).toEqual({
    userId: 3,
    totalSessions: 1,
    totalPlaytimeMs: 30 * MINUTE_MS,
    messagesSent: 1,
    gamesPlayed: 1,
    gamesWon: 1,
    favoriteRooms: {7: 1},
    firstSeen: '2026-01-06T10:00:00.000Z',
    lastActive: '2026-01-06T10:00:00.000Z',
    activityPattern: hours({10: 2}),
    isOnline: false,
  })
  expect(await api.user(4)).toBeUndefined()
  expect(await api.room(7)).toEqual({
    roomId: 7,
    totalSessions: 4,
    peakUsers: 2,
    totalMessages: 13,
    gamesPlayed: 1,
    avgSessionDurationMs: (750 * MINUTE_MS + 70 * MINUTE_MS + 2 * 30 * MINUTE_MS) / 4,
    popularTimes: hours({12: 2, 13: 2, ...span(14, 23, 1), 0: 1, 10: 2}),
    firstSeen: '2026-01-05T12:00:00.000Z',
    lastSeen: '2026-01-06T10:30:00.000Z',
  })
  expect(await api.room(8)).toEqual({
    roomId: 8,
    totalSessions: 1,
    peakUsers: 1,
    totalMessages: 2,
    gamesPlayed: 0,
    avgSessionDurationMs: 12 * HOUR_MS,
    popularTimes: hours({12: 1, 13: 1, ...span(14, 23, 1), 0: 1}),
    firstSeen: '2026-01-05T12:30:00.000Z',
    lastSeen: '2026-01-06T00:30:00.000Z',
  })
  // Nobody was ever in it.
  expect(await api.room(9)).toBeUndefined()

  const top = async (query: Parameters<typeof api.rank>[0]) =>
    (await api.rank(query)).entries.map(({id, value}) => [id, value])
  expect(await top({by: 'playtime'})).toEqual([
    [1, 12.75 * HOUR_MS],
    [2, 12 * HOUR_MS],
    [3, 0.5 * HOUR_MS],
  ])
  // The half hour after midnight is Tuesday's.
  expect(await top({by: 'playtime', sinceMs: Date.parse('2026-01-06T20:00:00Z')})).toEqual([
    [1, 45 * MINUTE_MS],
    [2, 30 * MINUTE_MS],
    [3, 30 * MINUTE_MS],
  ])
  expect(await top({by: 'messages', sinceMs: Date.parse('2026-01-05T00:00:00Z'), limit: 2})).toEqual([
    [1, 8],
    [2, 6],
  ])
  expect(await top({by: 'wins'})).toEqual([[3, 1]])
  expect(await top({by: 'sessions', isOfRooms: true})).toEqual([
    [7, 4],
    [8, 1],
  ])
  expect(await top({by: 'peak', isOfRooms: true, sinceMs: Date.parse('2026-01-06T00:00:00Z')})).toEqual([[7, 2]])

  const {cells} = await api.heatmap()
  // Each hour of a Monday from noon on has been twice, and two users were there once.
  expect(cells[0]).toEqual(hours({9: 1, ...span(12, 23, 1)}))
  expect(cells[1]).toEqual(hours({0: 0.5, 10: 1}))
  expect(
    cells
      .slice(2)
      .flat()
      .every(value => value === 0),
  ).toBe(true)
  expect((await api.heatmap({roomId: 7})).cells[0]).toEqual(hours({12: 1, 13: 1, ...span(14, 23, 0.5)}))

  expect(await api.retention({})).toEqual({
    cohorts: [
      {
        week: '2026-01-05',
        users: 3,
        // Who is here at midnight has come back.
        day1: {of: 3, users: 2},
        day7: {of: 2, users: 1},
        day30: {of: 0, users: 0},
      },
    ],
  })
}

test('a week as it was played is a week as it was summed up, with the server, and without it', async () => {
  const dataDir = tempFolder()
  const world = await analyticsWorld({dataDir})
  await playWeek(world)
  await checkWeek(world.api)
  await world.close()
  const stored = await openAnalytics(dataDir)
  try {
    await checkWeek({...stored, heatmap: (query = {}) => stored.heatmap(query)})
  } finally {
    await stored.close()
  }
})
