import {expect, test} from 'vitest'
import {HISTORY_MS, History} from '../../../src/tui/top/history.js'

const nowMs = 1_000_000_000

function point(agoMs: number, messagesPerSecond: number | null, p99ResponseTimeMs: number | null = null) {
  return {atMs: nowMs - agoMs, messagesPerSecond, deliveriesPerSecond: null, p50ResponseTimeMs: null, p99ResponseTimeMs}
}

test('a curve has a step for each column, the mean of rates and the worst of response times', () => {
  const history = new History()
  for (let second = 59; second >= 0; second -= 1) history.add(point(second * 1000, second < 2 ? 10 : 4, second))
  const curve = history.curve('messagesPerSecond', 30, nowMs)
  expect(curve).toHaveLength(30)
  expect(curve.at(-2)).toBe(7)
  expect(curve[10]).toBe(4)
  expect(history.curve('p99ResponseTimeMs', 30, nowMs).at(-2)).toBe(2)
})

test('a curve begins with room for a minute and goes back 15 minutes at most', () => {
  const history = new History()
  expect(history.spanMs(nowMs)).toBe(60_000)
  history.add(point(2 * HISTORY_MS, 1))
  expect(history.spanMs(nowMs)).toBe(HISTORY_MS)
})

test('short holes are bridged, and long ones are not', () => {
  const history = new History()
  history.add(point(50_000, 5))
  history.add(point(0, 5))
  const curve = history.curve('messagesPerSecond', 60, nowMs)
  expect(curve.filter(value => value !== null)).toHaveLength(12)
  expect(curve.at(-1)).toBe(5)
  expect(curve.at(-20)).toBeNull()
})

test('nothing measured is nothing drawn', () => {
  const history = new History()
  history.add(point(0, null))
  expect(history.curve('messagesPerSecond', 3, nowMs)).toEqual([null, null, null])
})

test('what the server remembers goes before what was seen, once', () => {
  const history = new History()
  history.add(point(3_000, 9))
  history.add(point(0, 2))
  history.begin([point(2_000, 1), point(1_000, 1)])
  expect(history.curve('messagesPerSecond', 60, nowMs).slice(-4)).toEqual([null, 1, 1, 2])
  expect(history.last?.messagesPerSecond).toBe(2)
})

test('there is a bound to what is kept', () => {
  const history = new History()
  for (let index = 0; index < 2_000; index += 1) history.add(point(0, index))
  expect(history.curve('messagesPerSecond', 1, nowMs)).toEqual([(200 + 1_999) / 2])
})
