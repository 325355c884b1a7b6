import {expect, test} from 'vitest'
import type {SlowMessage} from '../../src/contract/metrics.js'
import {renderSlow} from '../../src/render/slow-messages.js'

const nowMs = Date.UTC(2026, 0, 5, 12)
const terminal = {isTerminal: false, hasColor: false, columns: Number.POSITIVE_INFINITY}

const message: SlowMessage = {
  timestamp: new Date(nowMs - 12_000).toISOString(),
  durationMs: 30.26,
  handlingMs: 0.012,
  userId: 2,
  roomId: null,
  type: null,
  sizeBytes: 61,
  error: 'unknown_type',
  rule: null,
  plugins: [],
}

test('slow messages are a table, with the slowest plugin first and dashes for what is not known', () => {
  const plugins = [
    {plugin: 'metrics', durationMs: 0.002},
    {plugin: 'mine', durationMs: 1234},
  ]
  const other = {...message, roomId: 7, type: 'chat', error: null, durationMs: 1240, handlingMs: 1239, plugins} as const
  expect(
    renderSlow([other, message, {...message, rule: 'be-kind', plugins: null}], {terminal, nowMs}).split('\n'),
  ).toEqual([
    '   TOOK     OWN  WHEN     USER  ROOM  TYPE  SIZE  ERROR         IN PLUGINS',
    ' 1.24 s  1.24 s  12s ago     2     7  chat  61 B  -             mine 1.23 s, metrics 2 µs',
    '30.3 ms   12 µs  12s ago     2     -  -     61 B  unknown_type  -',
    '30.3 ms   12 µs  12s ago     2     -  -     61 B  be-kind       -',
  ])
  expect(renderSlow([], {terminal, nowMs})).toBe('no message took long')
})
