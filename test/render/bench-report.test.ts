import {expect, test} from 'vitest'
import {renderBenchProgress} from '../../src/render/bench-progress.js'
import {renderBench} from '../../src/render/bench-report.js'
import {result, windowPlan} from '../ops/bench/bench-results.js'

const account = {
  name: 'default',
  version: '1.2.3',
  pid: 42,
  cpuPercent: 97.6,
  cpuUsPerDelivery: 0.2714,
  messagesPerSecond: 100,
  deliveriesPerSecond: 1000,
  errors: 0,
  eventLoopUtilizationPercent: 99.7,
  eventLoopDelayP99Ms: 1.234,
  memoryUsageMb: 131.55,
  unsentBytes: 0,
  plugins: [{name: 'security\u001b[2J', usPerMessage: 0.149, timedMessages: 15}],
}

test('a report has a line a figure, in groups, and shows no control characters of a plugin', () => {
  const report = renderBench(
    result({
      published: 123_456,
      p99Ms: 2,
      errors: {bad_message: 3, rate_limited: 1200},
      lost: {slow_consumer: 1},
      server: account,
      isCutShort: true,
    }),
  )
  expect(report.split('\n')).toEqual([
    'target                    127.0.0.1:7000',
    'load                      100 clients in 10 rooms, 1 of each publishing, 4 in flight each',
    'messages                  64 bytes, ndjson, from 2 threads',
    'measured                  10s, cut short',
    '',
    'delivered                 123 456/s  (1 234 560 messages)',
    'published                 12 346/s  (123 456 messages)',
    'echo p50                  2.00 ms',
    'echo p99                  2.00 ms',
    'echo max                  2.00 ms',
    'errors                    1 203  (rate_limited 1 200, bad_message 3)',
    'lost clients              1  (slow_consumer 1)',
    '',
    'server                    default 1.2.3, pid 42, 131.6 MB',
    'server CPU                98 % of a core, 0.271 µs a delivery',
    'server loop               busy 100 %, late 1.23 ms (p99)',
    'plugin security\\u001b[2J  0.15 µs a message',
    '',
    'load itself               busy 30 %, CPU 20 %, late 0.10 ms (p99) in the busiest thread',
  ])
})

test('a load of one room at a fixed rate is told as such; without echoes there are no times', () => {
  const plan = {...windowPlan, rooms: 1, workers: 1, pace: {kind: 'rate', messagesPerSecond: 2000} as const}
  const report = renderBench(result({plan, published: 0, samples: 0}))
  expect(report).toContain('100 clients in 1 room, 1 of each publishing, 2000 messages/s in all')
  expect(report).toContain('from 1 thread\n')
  expect(report).toMatch(/^echo p99 +-$/m)
  expect(report).not.toContain('server')
})

test('progress is one line that fits the terminal', () => {
  const progress = {phase: 'measuring', ratio: 0.5, clients: 100, deliveriesPerSecond: 12_345.6} as const
  const terminal = {isTerminal: true, hasColor: false, columns: 80}
  expect(renderBenchProgress(progress, terminal)).toBe(
    'measuring  [###############...............]  50 %  12346 delivered/s',
  )
  expect(renderBenchProgress({...progress, phase: 'connecting'}, terminal)).toMatch(/ 100 clients$/)
  expect(renderBenchProgress(progress, {...terminal, columns: 20})).toHaveLength(19)
})
