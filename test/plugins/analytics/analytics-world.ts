import {onTestFinished} from 'vitest'
import type {GsClient} from '../../../src/client/game-client.js'
import type {ConfigInput} from '../../../src/config/schema.js'
import type {AnalyticsApi} from '../../../src/contract/analytics.js'
import type {Clock} from '../../../src/contract/clock.js'
import {createTestServer} from '../../../src/ops/create-test-server.js'
import type {GameServer} from '../../../src/server/game-server.js'
import {ManualClock} from '../../helpers/manual-clock.js'
import {until} from '../../helpers/until.js'

/** A server with the plugin, in a time that the test moves. */
export interface AnalyticsWorld {
  readonly server: GameServer
  readonly api: AnalyticsApi
  readonly clock: Clock
  /** Moves the wall clock in steps of ten minutes at most, with one tick each. */
  moveTo(time: string): Promise<void>
  enter(userId: number): Promise<GsClient>
  /** Ends a connection and waits until the server knows. */
  leave(client: GsClient): Promise<void>
  close(): Promise<void>
}

const STEP_MS = 600_000
const TICK_MS = 1000

/** It is Monday, 5 January 2026, 12:00 UTC. */
export async function analyticsWorld(config: ConfigInput = {}, startMs?: number): Promise<AnalyticsWorld> {
  const manual = new ManualClock()
  let offsetMs = startMs === undefined ? 0 : startMs - manual.nowMs()
  const clock: Clock = {
    nowMs: () => manual.nowMs() + offsetMs,
    monotonicMs: manual.monotonicMs,
    every: (intervalMs, task) => manual.every(intervalMs, task),
    after: (delayMs, task) => manual.after(delayMs, task),
  }
  const world = await createTestServer({plugins: ['analytics'], ...config}, {clock})
  onTestFinished(() => world.close())
  const {server} = world
  const api = server.pluginApi('analytics')
  return {
    server,
    api,
    clock,
    async moveTo(time) {
      const endMs = Date.parse(time)
      while (clock.nowMs() < endMs) {
        const restMs = Math.min(STEP_MS, endMs - clock.nowMs())
        const tickMs = Math.min(TICK_MS, restMs)
        offsetMs += restMs - tickMs
        manual.advance(tickMs)
        await api.flush()
      }
    },
    enter: userId => world.connect({userId}),
    async leave(client) {
      const {userId} = client
      await client.close()
      await until(() => server.users.get(userId) === undefined, 'the end of a session')
    },
    close: world.close,
  }
}
