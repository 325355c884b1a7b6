import {expect, test} from 'vitest'
import {renderDetails} from '../../src/render/details.js'

test('fields stand in two columns, by words and without the units that the values show', () => {
  const nowMs = Date.parse('2026-01-05T12:00:00.000Z')
  const fields = {
    userId: 42,
    isGuest: true,
    connectedAt: '2026-01-05T11:59:30.000Z',
    unsentBytes: 0,
    uptimeMs: 61_500,
    bytesIn: 5,
    players: null,
  }
  expect(renderDetails(fields, nowMs)).toBe(
    [
      'user id    42',
      'guest      yes',
      'connected  30s ago',
      'unsent     0 B',
      'uptime     1m 1s',
      'bytes in   5 B',
      'players    -',
    ].join('\n'),
  )
})

test('control characters of clients are shown, not sent', () => {
  expect(renderDetails({nickname: 'a\u001b[2J\nb'}, 0)).toBe('nickname  a\\u001b[2J\\u000ab')
})
