import type {InstanceStatus} from '../../../src/contract/admin.js'
import type {CacheStats} from '../../../src/contract/cache.js'
import type {BlockSummary, SecurityStats, UserSecurity} from '../../../src/contract/security.js'
import type {TopRoom, TopSample} from '../../../src/ops/top/top-sample.js'
import {glyphsFor} from '../../../src/tui/top/glyphs.js'
import {History} from '../../../src/tui/top/history.js'
import type {PanelInput} from '../../../src/tui/top/panels/panel.js'
import type {StyledLine} from '../../../src/tui/top/styled-text.js'
import {beginTop, type TopOptions, type TopState} from '../../../src/tui/top/top-state.js'

export const nowMs = Date.UTC(2026, 10, 28, 12)

export function topState(options: Partial<TopOptions> = {}): TopState {
  const defaults = {sort: undefined, isReversed: false, filter: '', intervalMs: 1000, isReadOnly: false}
  return {...beginTop({view: 'overview', ...defaults, ...options}), link: {kind: 'connected'}}
}

export function room(roomId: number, changes: Partial<TopRoom> = {}): TopRoom {
  const lastActivity = new Date(nowMs - 5_000).toISOString()
  return {roomId, userCount: 4, messagesPerMinute: 60, lastActivity, game: null, gameState: null, ...changes}
}

export function topSample(changes: Partial<TopSample> = {}): TopSample {
  return {
    takenAtMs: nowMs,
    status: instanceStatus,
    numbers: {
      messagesPerSecond: 320,
      deliveriesPerSecond: 12_000,
      bytesInPerSecond: 34_000,
      bytesOutPerSecond: 190_000,
      errorRatePercent: 0,
      avgResponseTimeMs: 0.1,
      p50ResponseTimeMs: 0.08,
      p99ResponseTimeMs: 1.5,
      cpuUsagePercent: 41,
      memoryUsageMb: 112.4,
      memoryLimitMb: 512,
      eventLoopUtilizationPercent: 12,
      eventLoopDelayP99Ms: 3,
      slowConsumers: 0,
    },
    totals: {messages: 1000, errors: 3, deliveries: 40_000, bytesIn: 1e6, bytesOut: 9e6},
    metrics: null,
    rooms: {items: [room(1), room(2), room(3)], total: 3, sort: 'rate'},
    ...changes,
  }
}

const instanceStatus: InstanceStatus = {
  ...{name: 'default', version: '0.1.0', pid: 7, startedAt: new Date(nowMs - 90_000).toISOString(), uptimeMs: 90_000},
  ...{host: '127.0.0.1', port: 7000, socket: '/run/gs/default.sock', state: 'running', overload: null},
  ...{connections: 12, users: 11, rooms: 3, memoryUsageMb: 112.4, unsentBytes: 0, store: null},
  plugins: [
    {
      ...{name: 'word-filter', state: 'running', failures: 2, lastFailure: 'it threw'},
      hooks: [{hook: 'beforeMessage', timedCalls: 1000, timedMs: 1}],
    },
  ],
}

export const securityStats: SecurityStats = {
  ...{mode: 'enforce', totalUsers: 12, blockedUsers: 2, suspiciousUsers: 1, blockedIps: 1, ruleBlocks: 1},
  ...{wouldRefuse: {burst: 4}, wouldBlock: 0, allowed: 0, trackedAddresses: 3, evictedSuspects: 0, unsaved: 0},
  refusals: {rate_user: 7, sql: 30},
}

export function block(target: string, changes: Partial<BlockSummary> = {}): BlockSummary {
  const userId = /^\d+$/.test(target) ? Number(target) : null
  const since = new Date(nowMs - 60_000).toISOString()
  const until = new Date(nowMs + 540_000).toISOString()
  return {
    ...{kind: userId === null ? 'range' : 'user', target, userId, rule: 'rate_user', reason: null, author: null},
    ...{evidence: null, isConfigured: false, isDurable: true, since, until},
    ...changes,
  }
}

export const userSecurity: UserSecurity = {
  ...{userId: 42, isConnected: true, address: '127.0.0.1', allowedBy: null, block: block('42'), addressBlock: null},
  ...{suspicion: 12, suspicionLimit: 100, violations: 2, violationLimit: 3, messagesInMinute: 59, messageLimit: 60},
  ...{admitted: 100, refused: 5, refusals: [], ladder: [], nextBlockMs: {violations: 1, suspicion: 1}, next: []},
}

export const cacheStats: CacheStats = {
  ...{l1Size: 500, l2Size: 0, l1Bytes: 1000, l2Bytes: 0, l1Limit: 1000, l2Limit: 10_000, l2BytesLimit: 1e6},
  ...{policy: 'filtered', compression: 'brotli', l1Hits: 90, l2Hits: 5, misses: 5, hitRatePercent: 95, sets: 7},
  ...{promotions: 1, demotions: 2, l1Evictions: 0, l2Evictions: 0, rawBytes: 300, storedBytes: 100, unencoded: 0},
  evictions: {filtered: 1, capacity: 2, bytes: 3, expired: 4, deleted: 5, corrupt: 0},
  ...{ghosts: 0, encoded: 0, encodeMs: 0, loads: 3, loadFailures: 0, avgLoadMs: 2, sharedLoads: 0, staleHits: 0},
  ...{games: 4, gamesLost: 0},
}

export function panelInput(changes: Partial<PanelInput> & {isUtf8?: boolean} = {}): PanelInput {
  const {isUtf8 = true} = changes
  const history = new History()
  for (let second = 120; second >= 0; second -= 1) {
    const rate = 100 + (second % 10)
    const atMs = nowMs - second * 1000
    history.add({
      atMs,
      messagesPerSecond: rate,
      deliveriesPerSecond: rate * 10,
      p50ResponseTimeMs: 0.1,
      p99ResponseTimeMs: 0.5,
    })
  }
  const defaults = {state: topState(), sample: topSample(), history, events: [], nowMs}
  return {...defaults, glyphs: glyphsFor(isUtf8), ...changes, isUtf8}
}

export function textOf(line: StyledLine): string {
  return line.map(({text}) => text).join('')
}
