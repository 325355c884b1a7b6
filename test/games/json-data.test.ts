import * as vm from 'node:vm'
import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {findJsonFault} from '../../src/games/json-data.js'

const LIMIT = 10_000

const nested = (levels: number): unknown => (levels === 1 ? [] : [nested(levels - 1)])

describe('data is fine when it comes back the same', () => {
  test.each([
    null,
    true,
    0,
    -0.5,
    '',
    'é\u0000"',
    [],
    {},
    [[], [{}]],
    {a: [1, {b: null}]},
    Object.assign(Object.create(null), {a: 1}),
    JSON.parse('{"__proto__": 1}'),
    vm.runInNewContext('({a: [1]})'),
    nested(62),
  ])('%o', value => {
    expect(findJsonFault(value, LIMIT)).toBeUndefined()
  })

  test('properties that are undefined count as absent', () => {
    expect(findJsonFault({winner: undefined}, LIMIT)).toBeUndefined()
  })

  test('the same part twice is no cycle', () => {
    const part = {a: 1}
    expect(findJsonFault([part, part, {part}], LIMIT)).toBeUndefined()
  })
})

describe('data that would be lost or changed is named with its place', () => {
  class Piece {}
  const cycle: {inner: object[]} = {inner: []}
  cycle.inner.push(cycle)

  test.each([
    [undefined, 'undefined'],
    [() => 1, 'a function'],
    [Symbol('s'), 'a symbol'],
    [1n, 'a bigint'],
    [Number.NaN, 'the number NaN'],
    [{score: Number.POSITIVE_INFINITY}, 'score is the number Infinity'],
    [[1, undefined], '[1] is undefined'],
    [new Array(3), '[0] is undefined'],
    [{board: [{piece: new Piece()}]}, 'board[0].piece is an object of class Piece'],
    [{since: new Date(0)}, 'since is an object of class Date'],
    [new Map(), 'an object of class Map'],
    [Promise.resolve(), 'an object of class Promise'],
    [Object.create({constructor: undefined}, {}), 'an object of class its own'],
    [cycle, 'inner[0] is a part that contains itself'],
    [nested(63), 'is more than 62 levels'],
    [{toJSON: () => 1}, 'toJSON is a function'],
  ])('%o', (value, reason) => {
    const fault = findJsonFault(value, LIMIT)
    expect(fault?.kind).toBe('not_json')
    expect(fault?.reason).toContain(reason)
  })
})

describe('size', () => {
  test('just what fits passes, one more does not', () => {
    for (const value of ['x'.repeat(98), {a: 'x'.repeat(92)}, ['x'.repeat(50), 'x'.repeat(43)]]) {
      const bytes = JSON.stringify(value).length
      expect(findJsonFault(value, bytes)).toBeUndefined()
      expect(findJsonFault(value, bytes - 1)?.kind).toBe('too_large')
    }
  })

  test('a few objects that mean an endless text are too large at once', () => {
    let value: unknown = 'x'
    for (let level = 0; level < 50; level++) value = [value, value]
    expect(findJsonFault(value, 262_144)?.kind).toBe('too_large')
  })

  test('nothing is called too large that would fit', () => {
    fc.assert(
      fc.property(fc.jsonValue(), value => {
        const text = JSON.stringify(value)
        expect(findJsonFault(JSON.parse(text), Buffer.byteLength(text))).toBeUndefined()
      }),
    )
  })
})
