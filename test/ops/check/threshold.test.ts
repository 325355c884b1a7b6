import {describe, expect, test} from 'vitest'
import {type CheckUnit, isBroken, parseThreshold, toRange} from '../../../src/ops/check/threshold.js'

test.for<[text: string, unit: CheckUnit, fine: number[], bad: number[], range: string]>([
  ['50ms', 'ms', [0, 50], [-1, 50.001], '50'],
  ['2s', 'ms', [2000], [2001], '2000'],
  ['500us', 'ms', [0.5], [0.501], '0.5'],
  ['10:', 'count', [10, 1e9], [0, 9], '10:'],
  [':10', 'count', [0, 10], [-1, 11], '10'],
  ['10:20', 'count', [10, 20], [9, 21], '10:20'],
  ['@10:20', 'count', [9, 21], [10, 20], '@10:20'],
  ['~:10', 'count', [-5, 10], [11], '~:10'],
  ['@5', 'count', [6], [0, 5], '@5'],
  ['5%', 'percent', [5], [5.1], '5'],
  ['5.5', 'percent', [5.5], [5.6], '5.5'],
  ['1.5GB', 'mb', [1500], [1501], '1500'],
  ['400', 'mb', [400], [401], '400'],
  ['64KB', 'bytes', [64_000], [64_001], '64000'],
  ['100/s', 'perSecond', [100], [101], '100'],
  ['3us', 'us', [3], [3.1], '3'],
  ['0', 'count', [0], [1], '0'],
])('%s of %s', ([text, unit, fine, bad, range]) => {
  const threshold = parseThreshold(text, unit)
  expect(fine.filter(value => isBroken(threshold, value))).toEqual([])
  expect(bad.filter(value => !isBroken(threshold, value))).toEqual([])
  expect(toRange(threshold)).toBe(range)
})

describe('what is no threshold is refused with a hint', () => {
  test.for<[string, CheckUnit]>([
    ['', 'count'],
    [':', 'count'],
    ['50', 'ms'],
    ['50MB', 'ms'],
    ['50ms', 'count'],
    ['-5', 'count'],
    ['20:10', 'count'],
    ['1:2:3', 'count'],
    ['@', 'count'],
    ['ten', 'count'],
    ['1e3', 'count'],
    ['5 constructor', 'count'],
    ['NaN', 'percent'],
  ])('%o as %s', ([text, unit]) => {
    expect(() => parseThreshold(text, unit)).toThrow(
      expect.objectContaining({code: 'usage', hint: expect.stringContaining('Write a number')}),
    )
  })
})
