import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {MAX_ID} from '../../src/protocol/limits.js'
import {escapedText, readPlainChat} from '../../src/protocol/plain-chat.js'

const MAX_CHARACTERS = 20

const chat = fc.record(
  {
    roomId: fc.oneof(fc.integer({min: 1, max: MAX_ID}), fc.constantFrom(0, -1, 1.5, MAX_ID + 1, 2 ** 53)),
    message: fc.oneof(fc.string({maxLength: 24}), fc.string({unit: 'binary', maxLength: 24})),
    seq: fc.oneof(fc.maxSafeNat(), fc.constantFrom(-1, 0.5)),
  },
  {requiredKeys: ['roomId', 'message']},
)

describe('a plain chat line', () => {
  test.each([
    ['{"type":"chat","roomId":7,"message":"hi"}', {type: 'chat', roomId: 7, message: 'hi'}],
    [
      '{"type":"chat","roomId":4294967295,"message":"é漢🙂 / \u007f\u2028","seq":0}',
      {type: 'chat', roomId: MAX_ID, message: 'é漢🙂 / \u007f\u2028', seq: 0},
    ],
  ])('is read: %s', (line, message) => {
    const read = readPlainChat(line, MAX_CHARACTERS)
    expect(read).toEqual(message)
    expect(read && escapedText(read)).toBe(JSON.stringify(message.message).slice(1, -1))
  })

  test.each([
    '{"type":"chat","roomId":7,"message":""}',
    '{"type":"chat","roomId":07,"message":"hi"}',
    '{"type":"chat","roomId":0,"message":"hi"}',
    '{"type":"chat","roomId":4294967296,"message":"hi"}',
    '{"type":"chat","roomId":7,"message":"a\\"b"}',
    '{"type":"chat","roomId":7,"message":"a\\u0000b"}',
    '{"type":"chat","roomId":7,"message":"a\tb"}',
    '{"type":"chat","roomId":7,"message":"hi","seq":01}',
    '{"type":"chat","roomId":7,"message":"hi","seq":-1}',
    '{"type":"chat","roomId":7,"message":"hi","seq":9007199254740993}',
    '{"type":"chat","roomId":7,"message":"hi","more":1}',
    '{"type":"chat","roomId":7,"message":"hi"}x',
    ' {"type":"chat","roomId":7,"message":"hi"}',
    `{"type":"chat","roomId":7,"message":"${'x'.repeat(MAX_CHARACTERS + 1)}"}`,
  ])('is left to the parser: %j', line => {
    expect(readPlainChat(line, MAX_CHARACTERS)).toBeNull()
  })

  test('is what JSON makes of it, whatever was changed in it', () => {
    const line = chat.map(fields => JSON.stringify({type: 'chat', ...fields}))
    const changed = fc.tuple(line, fc.nat(), fc.nat({max: 2}), fc.string({unit: 'binary', maxLength: 2}))
    const lines = changed.map(([text, at, cut, put]) => {
      const start = at % text.length
      return (text.slice(0, start) + put + text.slice(start + cut)).toWellFormed()
    })
    fc.assert(
      fc.property(fc.oneof(line, lines), text => {
        const read = readPlainChat(text, MAX_CHARACTERS)
        if (read === null) return
        expect({...read}).toEqual(JSON.parse(text))
        expect(escapedText(read)).toBe(JSON.stringify(read.message).slice(1, -1))
        expect(read.roomId).toBeLessThanOrEqual(MAX_ID)
        expect([...read.message].length).toBeLessThanOrEqual(MAX_CHARACTERS)
      }),
      {numRuns: 5000},
    )
  })
})
