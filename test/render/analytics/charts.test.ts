import {describe, expect, test} from 'vitest'
import type {RealtimeStats, UserAnalytics} from '../../../src/contract/analytics.js'
import {bar, sparkline} from '../../../src/render/analytics/bars.js'
import {renderRoomCard, renderUserCard} from '../../../src/render/analytics/cards.js'
import {renderAnalyticsEvent} from '../../../src/render/analytics/events.js'
import {renderHeatmap} from '../../../src/render/analytics/heatmap.js'
import {renderRanking} from '../../../src/render/analytics/ranking.js'
import {renderRealtime} from '../../../src/render/analytics/realtime.js'
import {renderRetention} from '../../../src/render/analytics/retention.js'

const look = {hasColor: false, isUtf8: true, columns: 80}
const ascii = {...look, isUtf8: false}
const nowMs = Date.parse('2026-01-12T12:00:00Z')
const zeros = new Array<number>(24).fill(0)

test('bars and lines: nothing for 0, something for little, all for the most', () => {
  expect(sparkline([0, 1, 50, 100], true)).toBe(' ▁▄█')
  expect(sparkline([0, 1, 50, 100], false)).toBe(' .=#')
  expect(sparkline([], true)).toBe('')
  expect(sparkline([0, 0], true)).toBe('  ')
  expect([0, 1, 50, 100].map(value => bar(value, 100, {width: 4, isUtf8: false}))).toEqual(['', '#', '##', '####'])
})

describe('the card', () => {
  const user: UserAnalytics = {
    userId: 42,
    totalSessions: 3,
    totalPlaytimeMs: 5_400_000,
    messagesSent: 12,
    gamesPlayed: 2,
    gamesWon: 1,
    favoriteRooms: {7: 5, 8: 10},
    firstSeen: '2026-01-05T12:00:00.000Z',
    lastActive: null,
    activityPattern: zeros.with(9, 4).with(10, 8),
    isOnline: true,
  }

  test('of a user has hours of the day and favourite rooms, the most visited first', () => {
    const card = renderUserCard(user, {look: ascii, nowMs})
    expect(card).toContain('user             42, online')
    expect(card).toContain('playtime         1h 30m')
    expect(card).toContain('first seen       2026-01-05T12:00:00.000Z (7d ago)')
    expect(card).toContain('last active      -')
    expect(card).toContain(`\n${' '.repeat(18)}==##\n00h         06h         12h         18h`)
    expect(card).toMatch(/ROOM {2}VISITS\n {3}8 {6}10 {2}#{20}\n {3}7 {7}5 {2}#{10}$/)
  })

  test('of a room speaks of its sessions', () => {
    const card = renderRoomCard(
      {
        roomId: 7,
        totalSessions: 4,
        peakUsers: 2,
        totalMessages: 13,
        gamesPlayed: 1,
        avgSessionDurationMs: 61_000.4,
        popularTimes: zeros.with(0, 1),
        firstSeen: user.firstSeen,
        lastSeen: user.firstSeen,
      },
      {look, nowMs},
    )
    expect(card).toContain('average session  1m 1s')
    expect(card).toContain('\n██\n00h')
  })
})

test('a ranking shows time as time, and says what it is about', () => {
  const entries = [
    {rank: 1, id: 42, value: 7_200_000},
    {rank: 2, id: 7, value: 3_600_000},
  ]
  expect(renderRanking({by: 'playtime', since: '2026-01-05', entries}, {isOfRooms: false, look: ascii})).toBe(
    [
      '#  USER  PLAYTIME  since 2026-01-05',
      `1    42        2h  ${'#'.repeat(24)}`,
      `2     7        1h  ${'#'.repeat(12)}`,
    ].join('\n'),
  )
  expect(renderRanking({by: 'peak', since: null, entries: []}, {isOfRooms: true, look})).toBe(
    'no room has any peak since ever',
  )
})

test('the heat-map has a colour or a mark for each hour of the week', () => {
  const cells = Array.from({length: 7}, () => [...zeros])
  expect(renderHeatmap({roomId: 7, since: null, cells}, look)).toBe(
    'Users in room 7 by weekday and hour (UTC)\nnobody was there',
  )
  cells[0] = zeros.with(0, 0.5).with(23, 5)
  const marks = renderHeatmap({roomId: null, since: '2026-01-05', cells}, look)
  expect(marks).toContain(`\nMon  .${' '.repeat(44)} @\n`)
  expect(marks).toContain('most: 5')
  expect(marks).not.toContain('\u001b')
  const colors = renderHeatmap({roomId: null, since: null, cells}, {...look, hasColor: true})
  expect(colors).toContain('\u001b[48;5;226m  \u001b[0m')
  expect(colors.split('\n').filter(line => /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun) /.test(line))).toHaveLength(7)
})

test('retention shows shares of those for whom the day is over', () => {
  const cohort = {
    week: '2026-01-05',
    users: 3,
    day1: {of: 3, users: 2},
    day7: {of: 2, users: 0},
    day30: {of: 0, users: 0},
  }
  expect(renderRetention({cohorts: [cohort]}, look)).toContain('2026-01-05      3  67% (2 of 3)  0% (0 of 2)       -')
  const reason = '\n\n-: that day is not over yet for any of them'
  expect(renderRetention({cohorts: [cohort]}, look).endsWith(reason)).toBe(true)
  const whole = {...cohort, day30: {of: 1, users: 0}}
  expect(renderRetention({cohorts: [whole]}, look).endsWith('0% (0 of 1)')).toBe(true)
  expect(renderRetention({cohorts: []}, look)).toBe('nobody has come for the first time in these weeks')
})

test('live numbers name the loss of a run that was cut short', () => {
  const stats: RealtimeStats = {
    eventsPerMinute: 59.6,
    totalEventsProcessed: 100,
    avgProcessingTimeUs: 0.125,
    bufferUtilizationPercent: 1.25,
    eventsDropped: 2,
    eventsStored: 98,
    eventsMissedByReaders: 0,
    readers: 1,
    users: 3,
    activeRooms: 2,
    eventsBySecond: [1, 2],
    busiestRooms: [{roomId: 7, userCount: 2, messages: 40}],
    interruptedRun: {endedAt: '2026-01-05T12:00:00.000Z', eventsLost: 12, sessions: 3},
  }
  const text = renderRealtime(stats, ascii)
  expect(text).toContain('events           60 a minute, 100 since the start')
  expect(text).toContain('interrupted      2026-01-05T12:00:00.000Z: 12 events lost, 3 sessions closed')
  expect(text).toContain('ROOM  USERS  MESSAGES/MIN')
  const unknown = {...stats, interruptedRun: {endedAt: '2026-01-05T12:00:00.000Z', eventsLost: null, sessions: 3}}
  expect(renderRealtime(unknown, ascii)).toContain('an unknown number of events lost')
})

test('an event is one line, and nothing in it reaches the terminal as it is', () => {
  const event = {
    id: 1,
    timestamp: '2026-01-05T12:00:00.000Z',
    type: 'error',
    userId: 1,
    errorType: 'bad_message',
    message: 'a\u001b[31mb c',
  } as const
  const line = renderAnalyticsEvent(event)
  expect(line).toMatch(
    /^2026-01-05T12:00:00.000Z error {12} {1}userId=1 errorType=bad_message message="a\\u001b\[31mb c"$/,
  )
  expect(renderAnalyticsEvent({dropped: 3})).toBe('(3 dropped: they came faster than they were read)')
})
