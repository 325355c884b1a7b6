import {expect, test} from 'vitest'
import {readableLine} from '../../src/logging/readable-line.js'

const json = (fields: object) => JSON.stringify({level: 'info', time: '2026-11-23T06:55:02.123Z', ...fields})

test('a line has the time, the level, the message and the fields', () => {
  const text = readableLine(
    json({userId: 42, why: 'a b', ok: true, none: null, list: [1], empty: '', word: 'x', msg: 'user joined'}),
    {
      hasColor: false,
    },
  )
  expect(text).toBe('06:55:02.123Z INFO  user joined userId=42 why="a b" ok=true none=null list=[1] empty="" word=x\n')
})

test('there are colours only when they are wanted', () => {
  expect(readableLine(json({level: 'error', msg: 'm'}), {hasColor: false})).not.toContain('\u001b')
  expect(readableLine(json({level: 'error', msg: 'm'}), {hasColor: true})).toContain('\u001b[31mERROR\u001b[39m m')
})

test('strings of clients cannot write to the terminal, wherever they stand', () => {
  const evil = '\u001b]0;title\u0007\u009b2J\u202e\n'
  const text = readableLine(json({[evil]: evil, deep: {[evil]: [evil]}, name: `x${evil}`.trim(), msg: evil}), {
    hasColor: false,
  })
  expect(text.slice(0, -1)).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u)
  expect(text).toContain('\\u001b]0;title\\u0007\\u009b2J\\u202e\\u000a')
})

test('a stack stands on lines of its own, each made visible', () => {
  const err = {type: 'Error', message: 'bad thing', stack: 'Error: bad thing\u001b\n    at a.js:1\n    at b.js:2'}
  expect(readableLine(json({err, msg: 'failed'}), {hasColor: false})).toBe(
    '06:55:02.123Z INFO  failed err="bad thing"\n    Error: bad thing\\u001b\n    at a.js:1\n    at b.js:2\n',
  )
})
