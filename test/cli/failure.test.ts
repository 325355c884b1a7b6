import {expect, test} from 'vitest'
import {describeFailure} from '../../src/cli/failure.js'
import {GsError} from '../../src/errors.js'

test('an expected failure has its words, its hint and its status', () => {
  expect(describeFailure(new GsError('server_unreachable', 'nothing answers', {hint: 'Start it.'}))).toEqual({
    exitCode: 5,
    json: {error: {code: 'server_unreachable', message: 'nothing answers', hint: 'Start it.'}},
    words: 'gs: nothing answers\nhint: Start it.\n',
  })
  expect(describeFailure(new GsError('usage', 'no\u001b'))).toEqual({
    exitCode: 2,
    json: {error: {code: 'usage', message: 'no\u001b', hint: null}},
    words: 'gs: no\\u001b\n',
  })
})

test('anything else is a bug and shows its stack', () => {
  const {exitCode, json, words} = describeFailure(new TypeError('x is not a function'))
  expect(exitCode).toBe(1)
  expect(json.error).toEqual({code: 'internal', message: 'x is not a function', hint: null})
  expect(words).toMatch(/^gs: this is a bug in gs\nTypeError: x is not a function\n {4}at /)
  expect(describeFailure('thrown text').words).toContain('thrown text')
})
