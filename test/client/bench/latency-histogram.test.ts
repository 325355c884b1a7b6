import fc from 'fast-check'
import {expect, test} from 'vitest'
import {LatencyHistogram} from '../../../src/client/bench/latency-histogram.js'

function histogramOf(values: readonly number[]): LatencyHistogram {
  const histogram = new LatencyHistogram()
  for (const value of values) histogram.record(value)
  return histogram
}

/** The value that `percent` of all are not above, found the plain way. */
function nearestRank(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((one, other) => one - other)
  return sorted[Math.max(1, Math.ceil((sorted.length * percent) / 100)) - 1] as number
}

const times = fc.array(fc.integer({min: 0, max: 2 ** 31 - 1}), {minLength: 1, maxLength: 200})

test('a percentile is never below the true one, and at most 1.6 % above', () => {
  fc.assert(
    fc.property(times, fc.constantFrom(1, 50, 90, 99, 100), (values, percent) => {
      const exact = nearestRank(values, percent)
      const found = histogramOf(values).percentileUs(percent)
      expect(found).toBeGreaterThanOrEqual(exact)
      expect(found).toBeLessThanOrEqual(exact * (1 + 1 / 64))
    }),
  )
})

test('those of several threads add up to the one that would have had everything', () => {
  fc.assert(
    fc.property(times, times, (ones, others) => {
      const sum = histogramOf(ones)
      sum.add(histogramOf(others).toData())
      const whole = histogramOf([...ones, ...others])
      expect(sum.toData()).toEqual(whole.toData())
      expect(sum.samples).toBe(whole.samples)
    }),
  )
})

test('without samples everything is 0; the largest is exact; what is too large counts as the largest there is', () => {
  const empty = histogramOf([])
  expect([empty.samples, empty.percentileUs(99), empty.maxUs]).toEqual([0, 0, 0])
  expect(histogramOf([5, 1234.5]).maxUs).toBe(1234.5)
  expect(histogramOf([1e12]).percentileUs(50)).toBe(2 ** 31 - 1)
})
