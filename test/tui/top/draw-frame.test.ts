import {describe, expect, test} from 'vitest'
import {drawFrame} from '../../../src/tui/top/draw-frame.js'
import {lineColumns} from '../../../src/tui/top/styled-text.js'
import {fromLog} from '../../../src/tui/top/top-events.js'
import {TOP_VIEWS} from '../../../src/tui/top/top-views.js'
import {
  block,
  cacheStats,
  nowMs,
  panelInput,
  room,
  securityStats,
  textOf,
  topSample,
  topState,
  userSecurity,
} from './top-world.js'

const sizes = [
  [1, 1],
  [20, 3],
  [40, 10],
  [60, 15],
  [80, 24],
  [124, 30],
  [160, 50],
  [200, 60],
] as const

/** Somebody who would like to steer the terminal of whoever looks. */
const hostile = '\u001b[2J日本\u202e🎮👩‍👩‍👧e\u0301\u0000'

function frameText(changes: Parameters<typeof panelInput>[0], columns = 80, rows = 24): string {
  const {lines} = drawFrame(panelInput(changes), {columns, rows}, {hasLineCharts: false})
  return lines.map(textOf).join('\n')
}

const event = fromLog(
  {time: new Date(nowMs).toISOString(), level: 'warn', message: hostile, fields: {why: hostile}},
  nowMs,
)

describe('a frame', () => {
  test.each(TOP_VIEWS)('of %s is exactly as large as the screen, at every size and with any names', view => {
    const users = [
      {userId: 1, nickname: hostile, address: '::1', connectedAt: new Date(nowMs).toISOString(), rooms: 1, messages: 5},
    ].map(user => ({...user, unsentBytes: 0}))
    const rooms = {items: [room(4_294_967_295, {game: hostile})], total: 1, sort: 'rate'}
    const sample = topSample({rooms, users: {items: users, total: 1}})
    for (const isUtf8 of [true, false]) {
      const input = panelInput({state: topState({view}), sample, events: [event], isUtf8})
      for (const [columns, rows] of sizes) {
        for (const overlay of [null, {kind: 'help'}, {kind: 'confirm', action: {kind: 'kick', userId: 7}}] as const) {
          const state = {...input.state, overlay}
          const {lines} = drawFrame({...input, state}, {columns, rows}, {hasLineCharts: false})
          expect(lines).toHaveLength(rows)
          for (const line of lines) expect(lineColumns(line), `${columns}x${rows}: ${textOf(line)}`).toBe(columns)
        }
      }
    }
  })

  test('has nothing but ASCII where the terminal knows no more', () => {
    for (const view of TOP_VIEWS) {
      const text = frameText({state: topState({view}), events: [event], isUtf8: false}, 160, 50)
      expect(text).toMatch(/^[\x20-\x7e\n]*$/)
    }
  })

  test('lets nothing of others steer the terminal', () => {
    const text = frameText({state: topState({view: 'events'}), events: [event]}, 160, 50)
    expect(text).toContain('\\u001b[2J日本\\u202e')
    expect(text.replaceAll('\n', '')).not.toMatch(/\p{Cc}|\p{Cf}|\p{Cs}/u)
  })

  test('tells the server, its load and its rooms', () => {
    const text = frameText({})
    expect(text).toContain('gs top  default  running  up 1m 30s  127.0.0.1:7000')
    expect(text).toMatch(/msgs\/s +320 /)
    expect(text).toMatch(/deliv\/s +12\.0k/)
    expect(text).toMatch(/cpu +█+░+ 41 %/)
    expect(text).toMatch(/▸ +1 +4 +60 +5s/)
    expect(text).toContain('word-filter 1.00 us/msg')
  })

  test('leaves room for charts of lines where somebody draws them, and draws them itself elsewhere', () => {
    const size = {columns: 160, rows: 50}
    expect(drawFrame(panelInput(), size, {hasLineCharts: true}).lineCharts).toHaveLength(3)
    expect(drawFrame(panelInput(), size, {hasLineCharts: false}).lineCharts).toEqual([])
    expect(drawFrame(panelInput(), {columns: 80, rows: 24}, {hasLineCharts: true}).lineCharts).toEqual([])
    const state = {...topState(), overlay: {kind: 'help'} as const}
    expect(drawFrame(panelInput({state}), size, {hasLineCharts: true}).lineCharts).toEqual([])
  })

  test('marks what is high without a colour', () => {
    const {numbers} = topSample()
    const loud = {...numbers, cpuUsagePercent: 95, memoryUsageMb: 400, eventLoopDelayP99Ms: 250, errorRatePercent: 2}
    const text = frameText({sample: topSample({numbers: loud})})
    expect(text).toContain('95 % !!')
    expect(text).toContain('400/512 MB !')
    expect(text).toContain('250 ms !!')
    expect(text).toContain('2.0 % !')
  })

  test('says what nobody measures', () => {
    const {numbers} = topSample()
    const unknown = {...numbers, messagesPerSecond: null, p99ResponseTimeMs: null, memoryLimitMb: null}
    const text = frameText({sample: topSample({numbers: unknown})})
    expect(text).toMatch(/msgs\/s +- /)
    expect(text).toMatch(/p99 +- /)
    expect(text).toContain(' 112 MB ')
  })

  test('tells what was not asked for yet from a plugin that is off', () => {
    const {security: _security, cache: _cache, ...unasked} = topSample()
    expect(frameText({sample: unasked}, 80, 24)).toMatch(/security - +cache - /)
    expect(frameText({sample: topSample({security: null, cache: null})}, 80, 24)).toMatch(/security off +cache off /)
  })

  test('says that the server is gone, that it is paused, and for how long', () => {
    const lost = {...topState(), link: {kind: 'lost', sinceMs: nowMs - 12_000, reason: 'it is gone'} as const}
    const lostText = frameText({state: lost})
    expect(lostText).toContain('NO ANSWER for 12s')
    expect(lostText.split('\n').at(-1)).toContain('it is gone')
    const paused = {...topState(), isPaused: true}
    expect(frameText({state: paused, nowMs: nowMs + 34_000})).toContain('PAUSED, 34s old')
    const both = frameText({state: {...lost, isPaused: true}, nowMs: nowMs + 34_000})
    expect(both).toContain('PAUSED, 34s old')
    expect(both).not.toContain('NO ANSWER')
    expect(both.split('\n').at(-1)).toContain('it is gone')
  })

  test('shows sums in the place of rates, and raw bytes', () => {
    const text = frameText({state: {...topState(), showsTotals: true, showsRawBytes: true}}, 160, 50)
    expect(text).toMatch(/msgs +1000 /)
    expect(text).toMatch(/ in +1000000 /)
    expect(text).toMatch(/errors +3 /)
  })

  test('a message stands in the last line for six seconds, in the place of the keys', () => {
    const state = {...topState(), message: {text: 'kicked user 7', tone: 'good', atMs: nowMs} as const}
    expect(
      frameText({state, nowMs: nowMs + 5_999})
        .split('\n')
        .at(-1),
    ).toContain('kicked user 7')
    expect(
      frameText({state, nowMs: nowMs + 6_000})
        .split('\n')
        .at(-1),
    ).toContain('q quit')
  })

  test('a room that is gone is said to be gone', () => {
    const state = {...topState(), trail: [{kind: 'room', id: 9} as const]}
    expect(frameText({state})).toContain('asking')
    expect(frameText({state, sample: topSample({room: null})})).toContain('this room is gone')
  })

  test('shows what security does, its rules, and its blocks', () => {
    const blocks = {
      items: [block('42'), block('203.0.113.0/24', {rule: null, until: null})],
      total: 2,
      isEnforced: true,
    }
    const sample = topSample({security: securityStats, blocks})
    const text = frameText({state: topState({view: 'security'}), sample})
    expect(text).toContain('security 3 blocked')
    expect(text).toMatch(/sql +30 +rate_user +7/)
    expect(text).toMatch(/▸ 42 +rate_user +9m +1m/)
    expect(text).toMatch(/203\.0\.113\.0\/24 +by hand +never/)
    const monitoring = topSample({
      security: {...securityStats, mode: 'monitor'},
      blocks: {...blocks, isEnforced: false},
    })
    const monitored = frameText({state: topState({view: 'security'}), sample: monitoring})
    expect(monitored).toContain('monitor: refuses nothing')
    expect(monitored).toMatch(/burst +4/)
    expect(monitored).toContain('blocks 2  not enforced')
  })

  test('shows what stands against a user', () => {
    const user = {
      ...{userId: 42, nickname: null, address: '127.0.0.1', rooms: 1, messages: 5, unsentBytes: 0, isGuest: false},
      ...{sessionId: 'x', roomIds: [7], bytesIn: 1, bytesOut: 2},
      ...{connectedAt: new Date(nowMs).toISOString(), lastMessageAt: new Date(nowMs).toISOString()},
    }
    const state = {...topState({view: 'users'}), trail: [{kind: 'user', id: 42} as const]}
    const text = frameText({state, sample: topSample({user, userSecurity})})
    expect(text).toContain('suspicion 12/100  violations 2/3  this minute 59/60  refused 5')
    expect(text).toContain('BLOCKED by rate_user until 2026')
    expect(frameText({state, sample: topSample({user, userSecurity: null})})).not.toContain('suspicion')
  })

  test('shows how full the cache is and of what use', () => {
    const text = frameText({state: topState({view: 'cache'}), sample: topSample({cache: cacheStats})})
    expect(text).toContain('cache 95 % hits')
    expect(text).toMatch(/L1 +█{8}░{8} 500\/1000/)
    expect(text).toContain('filtered 1  capacity 2  bytes 3  expired 4  deleted 5  corrupt 0')
    expect(text).toContain('compression 3.0 : 1')
  })

  test('says which plugins are off', () => {
    for (const view of ['security', 'cache'] as const) {
      const sample = topSample({security: null, cache: null})
      expect(frameText({state: topState({view}), sample})).toContain(`the plugin ${view} is off`)
    }
    expect(frameText({sample: topSample({security: null, cache: null})})).toContain('security off  cache off')
    expect(frameText({sample: topSample({security: securityStats, cache: cacheStats})})).toContain(
      'security 3 blocked  cache 95 % hits',
    )
  })
})
