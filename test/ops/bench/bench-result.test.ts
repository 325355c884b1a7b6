import {describe, expect, test} from 'vitest'
import {result, windowPlan} from './bench-results.js'

describe('a load', () => {
  test('is divided by the time that was measured', () => {
    expect(result({published: 1000})).toMatchObject({
      durationMs: 10_000,
      publishedPerSecond: 100,
      deliveriesPerSecond: 1000,
      errors: {total: 0, byCode: {}},
    })
  })

  test('says nothing of itself while it is at ease', () => {
    const {generator, notes} = result({use: {busyRatio: 0.89, loopDelayP99Ms: 0.4}})
    expect({isBottleneck: generator.isBottleneck, notes}).toEqual({isBottleneck: false, notes: []})
  })

  test('that was busy all the time was the bottleneck', () => {
    const {generator, notes} = result({use: {busyRatio: 0.97}})
    expect(generator.isBottleneck).toBe(true)
    expect(notes).toEqual([
      expect.stringMatching(/bottleneck: a thread of the load was busy 97 % of the time; .*--workers/),
    ])
  })

  test('that was late by a part of what it measured was the bottleneck', () => {
    expect(result({p99Ms: 20, use: {loopDelayP99Ms: 6}}).notes.join()).toContain('late by 6.0 ms')
    expect(result({p99Ms: 200, use: {loopDelayP99Ms: 6}}).notes).toEqual([])
  })

  test('that could not keep its rate was the bottleneck, unless it had nothing to do', () => {
    const plan = {...windowPlan, pace: {kind: 'rate', messagesPerSecond: 1000} as const}
    expect(result({plan, published: 9000, use: {busyRatio: 0.6}}).notes.join()).toContain('the rate was not kept')
    expect(result({plan, published: 9990, use: {busyRatio: 0.6}}).notes).toEqual([])
    expect(result({plan, published: 0, use: {busyRatio: 0}}).notes).toEqual([])
  })
})
