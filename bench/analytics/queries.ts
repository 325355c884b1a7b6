import {openAnalytics, type StoredAnalytics} from '../../src/ops/analytics/open-analytics.ts'
import {Rollups} from '../../src/plugins/analytics/rollups.ts'
import {openStore} from '../../src/store/open-store.ts'
import {systemClock} from '../../src/util/system-clock.ts'
import {quietLog} from '../bare-plugins.ts'

const DAY_MS = 86_400_000
const [USER, ROOM] = [4242, 42]
/** As a server with so many active users has it once a second. */
const BATCH_USERS = 1000
const BATCH_EVERY_MS = 1000

type Ask = (stored: StoredAnalytics) => Promise<unknown>

const since = (days: number) => ({sinceMs: Date.now() - days * DAY_MS})

export const QUERIES: Readonly<Record<string, Ask>> = {
  'rank --since 7d': stored => stored.rank({by: 'playtime', ...since(7)}),
  'rank --since 30d': stored => stored.rank({by: 'playtime', ...since(30)}),
  'rank --since 90d': stored => stored.rank({by: 'playtime', ...since(90)}),
  'rank --since 180d': stored => stored.rank({by: 'playtime', ...since(180)}),
  'rank --since 365d': stored => stored.rank({by: 'playtime', ...since(365)}),
  rank: stored => stored.rank({by: 'playtime'}),
  'rank --rooms --since 180d': stored => stored.rank({by: 'messages', isOfRooms: true, ...since(180)}),
  'heatmap --since 365d': stored => stored.heatmap(since(365)),
  'heatmap --room': stored => stored.heatmap({roomId: ROOM, ...since(365)}),
  'retention --weeks 52': stored => stored.retention({weeks: 52}),
  user: stored => stored.user(USER),
  room: stored => stored.room(ROOM),
  'report --since 30d': stored => stored.report(since(30)),
  'report --since 365d': stored => stored.report(since(365)),
}

/** Milliseconds that each answer takes, `rounds` times over, while a server writes into the same directory. */
export async function measureQueries(directory: string, rounds: number): Promise<Map<string, number[]>> {
  const stored = await openAnalytics(directory)
  const stopWriting = await keepWriting(directory)
  const times = new Map<string, number[]>()
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, ask] of Object.entries(QUERIES)) {
      const startMs = performance.now()
      await ask(stored)
      times.set(name, [...(times.get(name) ?? []), performance.now() - startMs])
    }
  }
  await stopWriting()
  await stored.close()
  return times
}

async function keepWriting(directory: string): Promise<() => Promise<void>> {
  const store = await openStore({directory, clock: systemClock, log: quietLog})
  let batches = 0
  const write = () => {
    batches += 1
    const rollups = new Rollups()
    const nowMs = systemClock.nowMs()
    const hour = rollups.hour(nowMs)
    for (let index = 0; index < BATCH_USERS; index += 1) {
      hour.user(1 + ((batches * 97 + index * 89) % 100_000), nowMs).messages += 1
      hour.room(1 + (index % 100), nowMs).messages += 1
    }
    void store.append(rollups.statements())
  }
  write()
  const timer = setInterval(write, BATCH_EVERY_MS)
  return async () => {
    clearInterval(timer)
    await store.close()
  }
}
