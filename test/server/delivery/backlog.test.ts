import {describe, expect, test} from 'vitest'
import {Backlog, type BacklogLimits, type Laggard} from '../../../src/server/delivery/backlog.js'

const limits: BacklogLimits = {
  unsentHardBytes: 1000,
  unsentSoftBytes: 100,
  unsentSoftMs: 10_000,
  unsentTotalBytes: 3000,
}

class Reader implements Laggard {
  readonly #backlog: Backlog<Reader>
  unsentBytes = 0
  unsentOverSoftSinceMs: number | null = null

  constructor(backlog: Backlog<Reader>) {
    this.#backlog = backlog
  }

  /** Is sent something, and takes nothing. */
  leave(sizeBytes: number): void {
    this.unsentBytes += sizeBytes
    this.#backlog.note(this, sizeBytes)
  }
}

/** A backlog, and readers with so many bytes unsent. */
function createBacklog(...unsent: number[]) {
  const backlog = new Backlog<Reader>(limits)
  const readers = unsent.map(sizeBytes => {
    const reader = new Reader(backlog)
    reader.leave(sizeBytes)
    return reader
  })
  return {backlog, readers, reader: readers[0] ?? new Reader(backlog)}
}

describe('the hard limit', () => {
  test('lets exactly that much be unsent, and not a byte more', () => {
    const {backlog, reader} = createBacklog(1000)
    expect(backlog.takeOverdue()).toEqual([])
    reader.leave(1)
    expect(backlog.takeOverdue()).toEqual([reader])
  })

  test('names a reader once, however many writes went over it', () => {
    const {backlog, reader} = createBacklog(1001)
    reader.leave(1)
    reader.leave(1)
    expect(backlog.takeOverdue()).toEqual([reader])
    expect(backlog.takeOverdue()).toEqual([])
  })

  test('names nobody who was forgotten meanwhile', () => {
    const {backlog, reader} = createBacklog(1001)
    backlog.forget(reader)
    expect(backlog.takeOverdue()).toEqual([])
    expect(backlog.measure()).toBe(0)
  })
})

describe('the soft limit', () => {
  test('lets more than it be unsent for exactly so long', () => {
    const {backlog, reader} = createBacklog(101)
    expect(backlog.takeStale(5000)).toEqual([])
    expect(backlog.takeStale(14_999)).toEqual([])
    expect(backlog.takeStale(15_000)).toEqual([reader])
  })

  test('does not mind what is not above it', () => {
    const {backlog} = createBacklog(100)
    expect(backlog.takeStale(0)).toEqual([])
    expect(backlog.takeStale(1_000_000)).toEqual([])
  })

  test('starts anew after a reader came below it', () => {
    const {backlog, reader} = createBacklog(500)
    backlog.takeStale(0)
    reader.unsentBytes = 100
    backlog.takeStale(9000)
    reader.leave(1)
    expect(backlog.takeStale(10_000)).toEqual([])
    expect(backlog.takeStale(19_999)).toEqual([])
    expect(backlog.takeStale(20_000)).toEqual([reader])
  })

  test('starts anew after a reader took everything', () => {
    const {backlog, reader} = createBacklog(500)
    backlog.takeStale(0)
    reader.unsentBytes = 0
    backlog.takeStale(9000)
    reader.leave(500)
    expect(backlog.takeStale(10_000)).toEqual([])
    expect(backlog.takeStale(20_000)).toEqual([reader])
  })
})

describe('the budget of all together', () => {
  test('lets exactly that much be unsent', () => {
    const {backlog} = createBacklog(1000, 1000, 1000)
    expect(backlog.takeOverdue()).toEqual([])
  })

  test('is kept by evicting the largest first, and no more than it takes', () => {
    const {backlog, readers} = createBacklog(300, 900, 600, 800, 500)
    expect(backlog.takeOverdue()).toEqual([readers[1]])
    backlog.forget(readers[1] as Reader)
    readers[0]?.leave(700)
    readers[4]?.leave(100)
    expect(backlog.takeOverdue()).toEqual([])
    readers[4]?.leave(1)
    expect(backlog.takeOverdue()).toEqual([readers[0]])
  })

  test('may cost several', () => {
    const {backlog, readers} = createBacklog(1000, 1000, 1000, 1000, 999)
    expect(backlog.takeOverdue()).toEqual([readers[0], readers[1]])
  })

  test('counts those over the hard limit as gone, and each of them once', () => {
    const {backlog, readers} = createBacklog(1001, 999, 998, 1)
    readers[0]?.leave(1)
    expect(backlog.takeOverdue()).toEqual([readers[0]])
    const rich = createBacklog(1001, 999, 998, 997, 900)
    rich.readers[0]?.leave(1)
    expect(rich.backlog.takeOverdue()).toEqual([rich.readers[0], rich.readers[1]])
  })

  test('is not used up by what was taken long since', () => {
    const {backlog, reader} = createBacklog()
    for (let round = 0; round < 100; round += 1) {
      reader.leave(900)
      reader.unsentBytes = 0
      expect(backlog.takeOverdue()).toEqual([])
    }
    expect(backlog.measure()).toBe(0)
  })
})

test('what is unsent is measured exactly, and without those who are forgotten', () => {
  const {backlog, readers} = createBacklog(10, 20, 30)
  expect(backlog.measure()).toBe(60)
  backlog.forget(readers[2] as Reader)
  if (readers[0]) readers[0].unsentBytes = 4
  expect(backlog.measure()).toBe(24)
})
