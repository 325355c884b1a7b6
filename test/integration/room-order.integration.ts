import {describe, expect, test} from 'vitest'
import {checkRoomOrder, ORDER_VARIANTS} from './room-order.js'

// The long form, with many more seeds: npm run test:order. One seed again: npm run test:order -- --variant NAME --seed N
const SEEDS = [1, 2, 3, 4, 5, 6]

describe('all members see one order, and nothing from before or after, whatever they do', () => {
  test.each(ORDER_VARIANTS)('$name', {timeout: 30_000}, async variant => {
    for (const seed of SEEDS) {
      const report = await checkRoomOrder({variant, seed, operations: 400})
      expect(report.compared, `of seed ${seed}`).toBeGreaterThan(1000)
    }
  })
})
