import {render} from 'ink-testing-library'
import {expect, onTestFinished, test, vi} from 'vitest'
import type {RealtimeStats} from '../../../../src/contract/analytics.js'
import {AnalyticsScreen} from '../../../../src/tui/ink/analytics/AnalyticsScreen.js'

const stats: RealtimeStats = {
  eventsPerMinute: 60,
  totalEventsProcessed: 100,
  avgProcessingTimeUs: 0.5,
  bufferUtilizationPercent: 0,
  eventsDropped: 0,
  eventsStored: 100,
  eventsMissedByReaders: 0,
  readers: 0,
  users: 3,
  activeRooms: 2,
  eventsBySecond: [1, 2, 3],
  busiestRooms: Array.from({length: 10}, (_, index) => ({roomId: 70 + index, userCount: 2, messages: 20 - index})),
  interruptedRun: null,
}

function screen({rows = 24, poll = async () => stats}: {rows?: number; poll?: () => Promise<RealtimeStats>} = {}) {
  const onLeave = vi.fn()
  const terminal = render(<AnalyticsScreen poll={poll} look={{isColored: false, isUtf8: true}} onLeave={onLeave} />)
  onTestFinished(() => terminal.unmount())
  for (const [name, value] of Object.entries({columns: 80, rows}))
    Object.defineProperty(terminal.stdout, name, {value, configurable: true})
  terminal.stdout.emit('resize')
  const frame = () => terminal.lastFrame() ?? ''
  const shows = (part: string) => vi.waitFor(() => expect(frame()).toContain(part), {timeout: 5000, interval: 5})
  return {frame, shows, onLeave, type: terminal.stdin.write}
}

test('the busiest rooms have the rows that are left, and none on a low terminal', async () => {
  const high = screen({rows: 30})
  await high.shows('MESSAGES/MIN')
  expect(high.frame()).toContain('3 in 2 rooms')
  expect(high.frame().match(/█{2,}$/gm)).toHaveLength(10)
  const middle = screen({rows: 15})
  await middle.shows('MESSAGES/MIN')
  expect(middle.frame().split('\n').length).toBeLessThanOrEqual(15)
  const low = screen({rows: 10})
  await low.shows('3 in 2 rooms')
  await vi.waitFor(() => expect(low.frame()).not.toContain('MESSAGES/MIN'))
  expect(low.frame().split('\n').length).toBeLessThanOrEqual(10)
})

test('a server that is gone is said to be, beside what was seen last', async () => {
  let answers = 0
  const poll = async () => {
    answers += 1
    if (answers > 1) throw new Error('the server went away')
    return stats
  }
  const {frame, shows} = screen({poll})
  await shows('the server went away')
  expect(frame()).toContain('3 in 2 rooms')
})

test.for(['q', '\u001b', '\u0003'])('%j leaves', async key => {
  const {shows, type, onLeave} = screen()
  await shows('q leaves')
  type(key)
  await vi.waitFor(() => expect(onLeave).toHaveBeenCalled(), {timeout: 5000, interval: 5})
})
