import {describe, expect, test} from 'vitest'
import type {JsonValue} from '../../../src/contract/messages.js'
import {measureJson} from '../../../src/plugins/cache/freeze-json.js'
import {cacheWorld, stateOf} from './cache-world.js'

class Point {
  x = 1
}

function ring(): object {
  const value: {self?: object} = {}
  value.self = value
  return value
}

function nested(depth: number): JsonValue {
  return depth === 0 ? [] : [nested(depth - 1)]
}

describe('a value', () => {
  test.each([
    ['undefined', undefined],
    ['a function', () => 1],
    ['a bigint', 1n],
    ['a symbol', Symbol('s')],
    ['NaN', Number.NaN],
    ['infinity', [Number.POSITIVE_INFINITY]],
    ['a date', new Date()],
    ['a map', {a: new Map()}],
    ['an object of a class', new Point()],
    ['undefined in a list', [undefined]],
    ['a ring', ring()],
    ['63 levels', nested(63)],
    ['more than 256 KiB', 'x'.repeat(262_143)],
  ])('may not be %s', (_, value) => {
    const {cache} = cacheWorld()
    expect(() => cache.set('k', value as never)).toThrow(expect.objectContaining({code: 'usage'}))
    expect(cache.has('k')).toBe(false)
  })

  test('may have absent properties, 61 levels, and 256 KiB', () => {
    const {cache} = cacheWorld()
    for (const value of [{a: undefined, b: 1} as never, nested(61), 'x'.repeat(262_142)]) cache.set('k', value)
    expect(cache.stats().l1Bytes).toBe(262_144)
  })

  test('is frozen when it is set, and whoever reads it, from either tier, gets it frozen', () => {
    const world = cacheWorld()
    const value = stateOf('k')
    world.cache.set('k', value)
    expect(() => value.cells.push(1)).toThrow(TypeError)
    for (let index = 0; index < 20; index += 1) world.cache.set(`f:${index}`, index)
    world.settle()
    expect(world.cache.explain('k')?.tier).toBe('l2')
    for (let read = 0; read < 3; read += 1) {
      const found = world.cache.get('k') as unknown as {cells: number[]}
      expect(Object.isFrozen(found) && Object.isFrozen(found.cells)).toBe(true)
    }
  })

  test.each([null, true, false, 'ab', 0, -10, 12.5, [], [1, 2], {}, {a: 1}, {a: [1, {b: 'c'}], d: null}, stateOf('k')])(
    'of plain characters is measured exactly: %j',
    value => {
      expect(measureJson(value)).toBe(JSON.stringify(value).length)
    },
  )
})

describe('a key', () => {
  test.each(['', 'k'.repeat(257), 5, null, undefined, {}])('may not be %o', key => {
    const {cache} = cacheWorld()
    expect(() => cache.set(key as never, 1)).toThrow(expect.objectContaining({code: 'usage'}))
    expect(cache.get(key as never)).toBeUndefined()
  })

  test.each(['k', 'k'.repeat(256), '__proto__', 'constructor', 'a b\u0000'])('may be %o', key => {
    const {cache} = cacheWorld()
    cache.set(key, 1)
    expect(cache.get(key)).toBe(1)
  })
})

test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY, 31_536_000_001])('a time to live may not be %d', ttlMs => {
  const {cache} = cacheWorld()
  expect(() => cache.set('k', 1, {ttlMs})).toThrow(expect.objectContaining({code: 'usage'}))
})
