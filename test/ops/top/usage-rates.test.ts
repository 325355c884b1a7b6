import {expect, test} from 'vitest'
import {numbersBetween} from '../../../src/ops/top/usage-rates.js'

const usage = {
  ...{uptimeMs: 10_000, cpuMs: 500, eventLoopActiveMs: 900, eventLoopDelayP99Ms: 2, messages: 100, errors: 5},
  ...{deliveries: 1_000, bytesIn: 10_000, bytesOut: 90_000},
}
const status = {memoryUsageMb: 100}

test('rates are differences over the time that really passed', () => {
  const later = {
    ...{uptimeMs: 12_500, cpuMs: 1_500, eventLoopActiveMs: 1_150, eventLoopDelayP99Ms: 4, messages: 150, errors: 10},
    ...{deliveries: 3_500, bytesIn: 12_500, bytesOut: 95_000},
  }
  expect(numbersBetween(usage, later, status)).toMatchObject({
    messagesPerSecond: 20,
    deliveriesPerSecond: 1_000,
    bytesInPerSecond: 1_000,
    bytesOutPerSecond: 2_000,
    errorRatePercent: 10,
    cpuUsagePercent: 40,
    eventLoopUtilizationPercent: 10,
    eventLoopDelayP99Ms: 4,
    memoryUsageMb: 100,
    p99ResponseTimeMs: null,
  })
})

test('without an earlier look, or with one just now, there are none', () => {
  expect(numbersBetween(undefined, usage, status).messagesPerSecond).toBeNull()
  expect(numbersBetween(usage, {...usage, uptimeMs: 10_020}, status).cpuUsagePercent).toBeNull()
})

test('a quiet server has no errors', () => {
  expect(numbersBetween(usage, {...usage, uptimeMs: 11_000}, status).errorRatePercent).toBe(0)
})
