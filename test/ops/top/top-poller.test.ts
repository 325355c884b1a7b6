import {describe, expect, test} from 'vitest'
import {GsError} from '../../../src/errors.js'
import {TopPoller} from '../../../src/ops/top/top-poller.js'
import type {TopQuery, TopSample} from '../../../src/ops/top/top-sample.js'
import {ManualClientClock} from '../../helpers/manual-client-clock.js'
import {topSample} from '../../tui/top/top-world.js'

/** A server that answers when the test says so. */
function pollerWorld() {
  const clock = new ManualClientClock()
  const asked: {query: TopQuery; answer: (sample: TopSample) => void; fail: (error: unknown) => void}[] = []
  const seen: string[] = []
  const poller = new TopPoller({
    read: query => new Promise((answer, fail) => asked.push({query, answer, fail})),
    query: {},
    intervalMs: 1000,
    onSample: () => seen.push('sample'),
    onLost: ({code}) => seen.push(`lost: ${code}`),
    onFault: error => seen.push(`fault: ${(error as Error).message}`),
    clock,
    random: () => 1,
  })
  const settle = () => new Promise<void>(resolve => setImmediate(resolve))
  const answer = async () => {
    asked.at(-1)?.answer(topSample())
    await settle()
  }
  const fail = async (error: unknown) => {
    asked.at(-1)?.fail(error)
    await settle()
  }
  return {clock, asked, seen, poller, answer, fail}
}

const gone = new GsError('server_unreachable', 'gone')

describe('the poller', () => {
  test('looks at once, and then at the interval from the beginning of the last look', async () => {
    const {clock, asked, poller, answer} = pollerWorld()
    poller.start()
    clock.advance(300)
    await answer()
    expect(clock.waitsMs).toEqual([700])
    clock.advance(700)
    expect(asked).toHaveLength(2)
  })

  test('does not crowd a slow server', async () => {
    const {clock, asked, poller, answer} = pollerWorld()
    poller.start()
    clock.advance(10_000)
    poller.lookNow()
    poller.lookNow()
    expect(asked).toHaveLength(1)
    await answer()
    expect(asked).toHaveLength(2)
    await answer()
    expect(asked).toHaveLength(2)
  })

  test('asks for something else at once, and for the same only in its time', async () => {
    const {asked, poller, answer} = pollerWorld()
    poller.start()
    await answer()
    poller.ask({})
    expect(asked).toHaveLength(1)
    poller.ask({roomId: 7})
    expect(asked.at(-1)?.query).toEqual({roomId: 7})
  })

  test('asks for nothing while paused, and at once afterwards', async () => {
    const {clock, asked, poller, answer} = pollerWorld()
    poller.start()
    await answer()
    poller.isPaused = true
    clock.advance(60_000)
    expect(asked).toHaveLength(1)
    poller.isPaused = false
    expect(asked).toHaveLength(2)
  })

  test('asks while paused once for something else, so that no other view stays empty', async () => {
    const {clock, asked, poller, answer} = pollerWorld()
    poller.start()
    await answer()
    poller.isPaused = true
    poller.ask({roomId: 7})
    expect(asked.at(-1)?.query).toEqual({roomId: 7})
    await answer()
    clock.advance(60_000)
    poller.ask({roomId: 7})
    expect(asked).toHaveLength(2)
  })

  test('does not ask again for a server that is gone while paused', async () => {
    const {clock, asked, poller, fail} = pollerWorld()
    poller.start()
    poller.isPaused = true
    await fail(gone)
    expect({waits: clock.waitsMs, asked: asked.length}).toEqual({waits: [], asked: 1})
  })

  test('says once a time that the server is gone, waits longer and longer, and goes on when it is back', async () => {
    const {clock, seen, poller, answer, fail} = pollerWorld()
    poller.start()
    await fail(gone)
    expect(clock.waitsMs).toEqual([250])
    clock.advance(250)
    await fail(gone)
    expect(clock.waitsMs).toEqual([500])
    for (let attempt = 0; attempt < 8; attempt += 1) {
      clock.advance(2_000)
      await fail(gone)
    }
    expect(clock.waitsMs).toEqual([2_000])
    clock.advance(2_000)
    await answer()
    expect(clock.waitsMs).toEqual([1_000])
    expect(seen.at(-2)).toBe('lost: server_unreachable')
    expect(seen.at(-1)).toBe('sample')
  })

  test('ends with what asking again would not help', async () => {
    const {clock, seen, poller, fail} = pollerWorld()
    poller.start()
    await fail(new GsError('not_permitted', 'no'))
    expect({seen, waits: clock.waitsMs}).toEqual({seen: ['fault: no'], waits: []})
  })

  test('is silent after it was closed', async () => {
    const {clock, seen, poller, answer} = pollerWorld()
    poller.start()
    poller.close()
    await answer()
    expect({seen, waits: clock.waitsMs}).toEqual({seen: [], waits: []})
  })

  test('takes a new interval from now on', async () => {
    const {clock, poller, answer} = pollerWorld()
    poller.start()
    await answer()
    poller.intervalMs = 5_000
    expect(clock.waitsMs).toEqual([5_000])
  })
})
