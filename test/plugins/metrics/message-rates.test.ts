import {describe, expect, it} from 'vitest'

import {MessageRates} from '../../../src/plugins/metrics/message-rates.js'

/** A minute after the sample of slot 0, so that a rate is the messages since then. */
const START = {slot: 0, atMs: 0}
const NOW_MS = 60_000

function createRates(counts: Map<number, number>): MessageRates {
  const eachMessageCount = (visit: (id: number, count: number) => void) => {
    for (const [id, count] of counts) visit(id, count)
  }
  return new MessageRates({eachMessageCount}, 2)
}

describe('MessageRates', () => {
  it('counts what was there before it from then on', () => {
    const rates = createRates(new Map([[7, 5]]))
    expect(rates.perMinute(7, 9, START, NOW_MS)).toBe(4)
  })

  it('keeps each count apart, however many there are', () => {
    const counts = new Map(Array.from({length: 1000}, (_, id) => [id, id * 2]))
    const rates = createRates(new Map())
    for (const id of counts.keys()) rates.begin(id)
    expect(rates.perMinute(999, 5, START, NOW_MS)).toBe(5)
    const sampled = createRates(counts)
    for (const [id, count] of counts) counts.set(id, count + 1)
    sampled.sample(1)
    for (const id of counts.keys()) {
      expect(sampled.perMinute(id, id * 2 + 3, START, NOW_MS)).toBe(3)
      expect(sampled.perMinute(id, id * 2 + 3, {...START, slot: 1}, NOW_MS)).toBe(2)
    }
  })

  it('is exact for one that has counted more than 32 bits hold', () => {
    const counts = new Map([[1, 2 ** 32 - 2]])
    const rates = createRates(counts)
    expect(rates.perMinute(1, 2 ** 32 + 3, START, NOW_MS)).toBe(5)
    counts.set(1, 2 ** 40 + 1)
    rates.sample(1)
    expect(rates.perMinute(1, 2 ** 40 + 8, {...START, slot: 1}, NOW_MS)).toBe(7)
  })

  it('begins at nothing for one that takes the place of another', () => {
    const counts = new Map([[1, 40]])
    const rates = createRates(counts)
    rates.sample(1)
    rates.forget(1)
    rates.begin(2)
    for (const slot of [0, 1]) expect(rates.perMinute(2, 3, {...START, slot}, NOW_MS)).toBe(3)
    rates.begin(3)
    counts.set(2, 10).set(3, 20)
    rates.sample(0)
    expect(rates.perMinute(2, 11, START, NOW_MS)).toBe(1)
    expect(rates.perMinute(3, 22, START, NOW_MS)).toBe(2)
  })

  it('knows nothing of one that is gone', () => {
    const rates = createRates(new Map([[1, 40]]))
    rates.forget(1)
    rates.forget(1)
    rates.begin(2)
    rates.begin(3)
    expect(rates.perMinute(1, 6, START, NOW_MS)).toBe(6)
    expect(rates.perMinute(3, 6, START, NOW_MS)).toBe(6)
  })
})
