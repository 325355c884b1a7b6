import {expect, test} from 'vitest'
import type {BufferedOutcome, Statement} from '../../../src/contract/store.js'
import {BatchWriter} from '../../../src/plugins/analytics/batch-writer.js'
import {ManualClock} from '../../helpers/manual-clock.js'

/** A store that takes a write when the test says so. */
function heldStore() {
  const writes: {statements: readonly Statement[]; settle: (outcome: BufferedOutcome) => void}[] = []
  const append = (statements: readonly Statement[]) =>
    new Promise<BufferedOutcome>(settle => writes.push({statements, settle}))
  return {writes, append}
}

function createWriter() {
  const store = heldStore()
  const writer = new BatchWriter({store, clock: new ManualClock(), runId: 1})
  const record = (rows: number) => {
    for (let row = 0; row < rows; row += 1)
      writer.open.addEvent({id: 1, atMs: 2, type: 'error', userId: 3, roomId: 4, data: null})
    writer.open.rollups.hour(0).count('error', rows)
    writer.seal(false)
  }
  /** Events of the hour that a write adds to the sums. */
  const hourEvents = (index: number) => {
    const statement = store.writes[index]?.statements.find(({sql}) => sql.includes('analytics_hours'))
    return JSON.parse(String(statement?.params?.[0] ?? '[[0,"",0]]'))[0][2]
  }
  return {writer, record, hourEvents, writes: store.writes}
}

const settled = () => new Promise(resolve => setImmediate(resolve))

test('a batch that is not stored loses its events, which is counted, and its sums go with the next one', async () => {
  const {writer, record, hourEvents, writes} = createWriter()
  record(3)
  record(2)
  writes[0]?.settle('dropped')
  await settled()
  expect(hourEvents(1)).toBe(5)
  writes[1]?.settle('stored')
  await writer.settled()
  expect(writer.totals).toEqual({stored: 2, dropped: 3})
  const checkpoint = writes[1]?.statements.at(-1)
  expect(checkpoint?.params?.slice(1)).toEqual([2, 3, 1])
})

test('a store that takes nothing fills a bounded queue; what comes then is dropped, its sums are not', async () => {
  const {writer, record, writes} = createWriter()
  for (let batch = 0; batch < 40; batch += 1) record(5000)
  const {dropped} = writer.totals
  expect(dropped).toBeGreaterThan(0)
  expect(writer.utilizationPercent).toBeGreaterThan(90)
  let stored = 0
  for (let index = 0; index < writes.length; index += 1) {
    writes[index]?.settle('stored')
    await settled()
  }
  writer.seal(false)
  await settled()
  writes.at(-1)?.settle('stored')
  await writer.settled()
  for (const {statements} of writes) {
    const sums = statements.find(({sql}) => sql.includes('analytics_hours'))
    if (sums !== undefined) stored += JSON.parse(String(sums.params?.[0]))[0][2]
  }
  expect(stored).toBe(200_000)
  expect(writer.totals).toEqual({stored: 200_000 - dropped, dropped})
})

test('while the store is behind, small batches become one', async () => {
  const {writer, record, hourEvents, writes} = createWriter()
  for (let batch = 0; batch < 100; batch += 1) record(10)
  expect(writer.totals).toEqual({stored: 0, dropped: 0})
  for (let index = 0; index < 3; index += 1) {
    writes[index]?.settle('stored')
    await settled()
  }
  await writer.settled()
  expect([hourEvents(0), hourEvents(1), hourEvents(2)]).toEqual([10, 10, 980])
  expect(writes).toHaveLength(3)
  expect(writer.totals).toEqual({stored: 1000, dropped: 0})
})

test('nothing is written when nothing has happened, unless somebody is here', () => {
  const {writer, writes} = createWriter()
  writer.seal(false)
  expect(writes).toHaveLength(0)
  writer.seal(true)
  expect(writes[0]?.statements).toHaveLength(1)
})
