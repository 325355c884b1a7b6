import {expect, test} from 'vitest'
import {renderRoom} from '../../src/render/room-details.js'

const terminal = {isTerminal: false, hasColor: false, columns: Number.POSITIVE_INFINITY}
const nowMs = Date.parse('2026-01-05T12:00:00.000Z')
const time = '2026-01-05T11:59:50.000Z'
const room = {roomId: 7, game: null, gameState: null, createdAt: time, lastActivity: time, players: null} as const

test('a room has its fields, then its members', () => {
  const members = [
    {userId: 1, nickname: 'ann', joinedAt: time},
    {userId: 4_294_967_295, joinedAt: time},
  ]
  const shown = renderRoom({...room, userCount: 2, gameStartedAt: null, members}, {terminal, nowMs})
  expect(shown).toMatch(/^room id {8}7\n/)
  expect(shown.split('\n\n')[1]).toBe(
    ['      USER  NAME  JOINED', '         1  ann   10s ago', '4294967295  -     10s ago'].join('\n'),
  )
})

test('members that are not listed are counted', () => {
  const members = [{userId: 1, joinedAt: time}]
  const shown = renderRoom({...room, userCount: 300, gameStartedAt: null, members}, {terminal, nowMs})
  expect(shown.split('\n').at(-1)).toBe('1 of 300')
})
