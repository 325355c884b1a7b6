import {expect, test} from 'vitest'
import {showBytes, showCount, showMs, showPercent} from '../../../src/tui/top/show-number.js'

test.each([
  [0, '0'],
  [0.25, '0.3'],
  [7, '7'],
  [9.94, '9.9'],
  [9.96, '10'],
  [9_999, '9999'],
  [10_000, '10.0k'],
  [20_140, '20.1k'],
  [999_400, '999k'],
  [999_600, '1.00M'],
  [3_200_000_000, '3.20G'],
  [null, '-'],
] as const)('a count of %s is %s', (value, text) => {
  expect(showCount(value)).toBe(text)
})

test('bytes, times and shares have their units, and unknown ones a dash', () => {
  expect([showBytes(1_050_000, false), showBytes(1_050_000, true), showBytes(null, true)]).toEqual([
    '1.05 MB',
    '1050000',
    '-',
  ])
  expect([showMs(0.214), showMs(12.34), showMs(250.4), showMs(null)]).toEqual(['0.21 ms', '12.3 ms', '250 ms', '-'])
  expect([showPercent(0), showPercent(41.3), showPercent(null)]).toEqual(['0.0 %', '41 %', '-'])
})
