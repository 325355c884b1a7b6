import {expect, test} from 'vitest'
import {brokenLimits, parseBenchLimit} from '../../../src/ops/bench/bench-limit.js'
import {result} from './bench-results.js'

test.for([
  ['p99>50ms', 50],
  ['p50 >= 0.5ms', 0.5],
  ['max<2s', 2000],
  ['p99<=250us', 0.25],
  ['errors>0', 0],
  ['lost >= 3', 3],
  ['delivered<100000', 100_000],
  [' published < 10.5 ', 10.5],
] as const)('%s is a limit', ([text, bound]) => {
  const limit = parseBenchLimit(text)
  expect(limit.bound).toBeCloseTo(bound, 9)
  expect(limit.text).toBe(text.trim())
})

test.for([
  '',
  'p99',
  'p99>50',
  'p99>50m',
  'p99=50ms',
  'p98>50ms',
  'errors>1ms',
  'errors>-1',
  'p99>50ms x',
  'toString>1',
])('"%s" is none, and the hint shows what is', text => {
  expect(() => parseBenchLimit(text)).toThrow(
    expect.objectContaining({code: 'usage', hint: expect.stringContaining("'p99>50ms'")}),
  )
})

test('a limit is broken on its own side of the bound, and not on the bound itself unless it says so', () => {
  const broken = (text: string) =>
    brokenLimits([parseBenchLimit(text)], result({p99Ms: 50, errors: {bad_message: 2}})).map(({value}) => value)
  expect([broken('p99>50ms'), broken('p99>=50ms'), broken('p99<50ms'), broken('p99<=50ms')]).toEqual([
    [],
    [50],
    [],
    [50],
  ])
  expect([broken('p99>49.9ms'), broken('p99<50.1ms')]).toEqual([[50], [50]])
  expect([broken('errors>1'), broken('errors>2')]).toEqual([[2], []])
})

test('where no message came back, every limit on its time is broken, and others are not', () => {
  const limits = ['p99>50ms', 'max<1ms', 'errors>0'].map(parseBenchLimit)
  expect(brokenLimits(limits, result({samples: 0})).map(({limit}) => limit)).toEqual(['p99>50ms', 'max<1ms'])
})
