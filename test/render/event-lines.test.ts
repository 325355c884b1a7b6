import {describe, expect, test} from 'vitest'
import {renderLogEvent, renderTraceEvent} from '../../src/render/event-lines.js'

const time = '2026-01-05T12:00:00.123Z'

describe('a log line', () => {
  test('is time, level, message and fields', () => {
    const fields = {port: 7000, name: 'one two', plugins: ['a'], file: null, gone: undefined}
    expect(renderLogEvent({time, level: 'info', message: 'ready', fields})).toBe(
      '12:00:00.123Z INFO  ready port=7000 name="one two" plugins=["a"] file=null gone=-',
    )
  })

  test('is one line, whatever clients said', () => {
    const fields = {nickname: 'a\u001b[2Jb', text: 'x\ny', quote: '"='}
    expect(renderLogEvent({time, level: 'error', message: 'oh\nno\u0007', fields})).toBe(
      '12:00:00.123Z ERROR oh\\u000ano\\u0007 nickname=a\\u001b[2Jb text="x\\ny" quote="\\"="',
    )
  })

  test('says how many were dropped', () => {
    expect(renderLogEvent({dropped: 3})).toBe('(3 dropped: they came faster than they were read)')
  })
})

describe('a traced message', () => {
  const event = {
    time,
    userId: 42,
    address: '127.0.0.1',
    roomId: 7,
    type: 'chat',
    sizeBytes: 64,
    error: null,
    rule: null,
    durationMs: 0.0123,
    hooks: [{plugin: 'security', hook: 'beforeMessage', durationMs: 0.002}],
  } as const

  test('tells who, where, what, what became of it, and the time in each hook', () => {
    expect(renderTraceEvent(event)).toBe(
      '12:00:00.123Z user=42 room=7 chat 64 B ok total=12.3µs security.beforeMessage=2.0µs',
    )
  })

  test('that was refused names the code, and the rule if there is one', () => {
    const refused = {...event, roomId: null, type: null, error: 'bad_message', hooks: []}
    expect(renderTraceEvent(refused)).toBe(
      '12:00:00.123Z user=42 not understood 64 B refused: bad_message total=12.3µs',
    )
    expect(renderTraceEvent({...refused, rule: 'sql\u001b'})).toContain(' refused: bad_message by sql\\u001b total=')
  })

  test('says how many were dropped', () => {
    expect(renderTraceEvent({dropped: 1})).toMatch(/^\(1 dropped/)
  })
})
