import {expect, test} from 'vitest'
import {renderListing, showField} from '../../src/render/listing.js'

const terminal = {isTerminal: false, hasColor: false, columns: Number.POSITIVE_INFINITY}
const nowMs = Date.parse('2026-01-05T12:00:00.000Z')
const room = {
  roomId: 7,
  userCount: 12,
  game: 'chess',
  gameState: 'playing',
  createdAt: '2026-01-05T11:58:29.500Z',
  lastActivity: '2026-01-05T11:59:59.900Z',
}

test('a list has a title for each name to sort by, numbers to the right, times as how long ago', () => {
  const items = [room, {...room, roomId: 4_294_967_295, game: null, gameState: null}]
  expect(renderListing('rooms', {items, total: 2}, {terminal, nowMs})).toBe(
    [
      '      ROOM  USERS  GAME   STATE    CREATED     ACTIVE',
      '         7     12  chess  playing  1m 30s ago  100ms ago',
      '4294967295     12  -      -        1m 30s ago  100ms ago',
    ].join('\n'),
  )
})

test('a list that was cut says so, an empty one is its title', () => {
  expect(renderListing('rooms', {items: [room], total: 9}, {terminal, nowMs})).toMatch(/\n1 of 9; --limit shows more$/)
  expect(renderListing('rooms', {items: [], total: 0}, {terminal, nowMs})).toBe(
    'ROOM  USERS  GAME  STATE  CREATED  ACTIVE',
  )
})

test.for([
  ['sizeBytes', 0, '0 B'],
  ['bytesIn', 1500, '1.50 KB'],
  ['durationMs', 0, '0ms'],
  ['durationMs', 999, '999ms'],
  ['durationMs', 1999, '1s'],
  ['durationMs', 3_723_000, '1h 2m'],
  ['closedAt', '2026-01-05T11:59:57.001Z', '2s ago'],
  // The clocks of the two may differ by a little.
  ['closedAt', '2026-01-05T12:00:01.000Z', '0ms ago'],
  ['messages', 12_345, '12345'],
  ['isGuest', true, 'yes'],
  ['isGuest', false, 'no'],
  ['roomIds', [1, 2], '1, 2'],
  ['roomIds', [], '-'],
  ['nickname', null, '-'],
  ['nickname', undefined, '-'],
  ['nickname', '', ''],
] as const)('%s %o is shown as %s', ([field, value, shown]) => {
  expect(showField(field, value, nowMs)).toBe(shown)
})
