import {describe, expect, it} from 'vitest'

import {SlidingWindow} from '../../../src/plugins/security/sliding-window.js'
import {SeededRandom} from '../../../src/util/seeded-random.js'

const SECOND_MS = 1000
const SECONDS = 61
/** Above it whole seconds are counted. */
const LIMIT = 1000

/** The same by the book: every second that is not past as a whole counts. */
class Model {
  #noted: {second: number; cost: number}[] = []

  count(nowMs: number): number {
    const second = Math.floor(nowMs / SECOND_MS)
    this.#noted = this.#noted.filter(one => one.second > second - SECONDS)
    return this.#noted.reduce((sum, {cost}) => sum + cost, 0)
  }

  waitMs(cost: number, nowMs: number): number {
    let excess = this.count(nowMs) + Math.min(cost, LIMIT) - LIMIT
    if (excess <= 0) return 0
    for (const one of this.#noted) {
      excess -= one.cost
      if (excess <= 0) return (one.second + SECONDS) * SECOND_MS - nowMs
    }
    throw new Error('more than the limit was let in')
  }

  add(cost: number, nowMs: number): void {
    this.#noted.push({second: Math.floor(nowMs / SECOND_MS), cost})
  }
}

/** Steps between messages, each as long as one of these at most: busy, now and then, and with pauses of minutes. */
const STEPS_MS = [5, 300, 4000, 30_000, 130_000]

describe('a window that counts seconds', () => {
  it.each(STEPS_MS)('counts and waits by the book with steps of up to %i ms', stepMs => {
    const random = new SeededRandom(stepMs)
    const [window, model] = [new SlidingWindow(), new Model()]
    let nowMs = -100_000
    for (let message = 0; message < 5000; message += 1) {
      nowMs += random.next() * (random.chance(0.9) ? stepMs : 5)
      const cost = 1 + Math.floor(random.next() * (stepMs / 5))
      const waitMs = window.waitMs(cost, LIMIT, nowMs)
      expect(waitMs).toBe(model.waitMs(cost, nowMs))
      if (waitMs === 0) {
        window.add(cost, LIMIT, nowMs)
        model.add(Math.min(cost, LIMIT), nowMs)
      }
      expect(window.count(nowMs)).toBe(model.count(nowMs))
    }
  })

  it('goes on counting what was kept one by one before the limit was raised', () => {
    const window = new SlidingWindow()
    for (const nowMs of [100, 7_100, 7_200, 59_000]) window.add(1, 10, nowMs)
    expect(window.waitMs(1, LIMIT, 59_500)).toBe(0)
    expect(window.count(60_999)).toBe(4)
    expect(window.count(61_000)).toBe(3)
    expect(window.count(68_000)).toBe(1)
    expect(window.count(120_000)).toBe(0)
  })
})
