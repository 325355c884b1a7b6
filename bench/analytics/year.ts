import {mkdtempSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {DatabaseSync} from 'node:sqlite'
import {ANALYTICS_STEPS} from '../../src/plugins/analytics/schema.ts'
import {dayOf} from '../../src/plugins/analytics/utc.ts'
import {openStore} from '../../src/store/open-store.ts'
import {SeededRandom} from '../../src/util/seeded-random.ts'
import {systemClock} from '../../src/util/system-clock.ts'
import {quietLog} from '../bare-plugins.ts'

const DAYS = 400
const USERS = 100_000
const ROOMS = 2500
const SEED = 1
/** Steps before there were sums by month: what comes after fills them from days. */
const STEPS_WITHOUT_MONTHS = 2

/** Share of users, and how likely they come on the day after the first one; of that, a third is left after so many days. */
const KINDS = [
  {share: 0.5, eagerness: 0.15, loyaltyDays: 3},
  {share: 0.3, eagerness: 0.4, loyaltyDays: 30},
  {share: 0.2, eagerness: 0.75, loyaltyDays: 300},
] as const

export interface Year {
  readonly directory: string
  readonly userDays: number
  readonly sizeBytes: number
  /** How long an older file takes to get its months. */
  readonly migrationMs: number
}

/** Sums of 400 days with 100 000 users, as a busy server leaves them; the same each time but for their end, which is now. */
export async function fillYear(): Promise<Year> {
  const directory = mkdtempSync(join(tmpdir(), 'gs-bench-'))
  await migrate(directory, ANALYTICS_STEPS.slice(0, STEPS_WITHOUT_MONTHS))
  const database = new DatabaseSync(join(directory, 'gs.db'))
  database.exec('PRAGMA synchronous = OFF; BEGIN')
  const userDays = fillUserDays(database, dayOf(Date.now()) - DAYS + 1)
  database.exec(REST)
  database.exec('COMMIT')
  database.close()
  const startMs = performance.now()
  const sizeBytes = await migrate(directory, ANALYTICS_STEPS)
  return {directory, userDays, sizeBytes, migrationMs: performance.now() - startMs}
}

async function migrate(directory: string, steps: readonly string[]): Promise<number> {
  const store = await openStore({directory, clock: systemClock, log: quietLog})
  await store.migrate('analytics', steps)
  const {sizeBytes} = store.status()
  await store.close()
  return sizeBytes
}

function fillUserDays(database: DatabaseSync, firstDay: number): number {
  const random = new SeededRandom(SEED)
  const days = Array.from({length: DAYS}, (): number[] => [])
  for (let userId = 1; userId <= USERS; userId += 1) {
    const draw = random.next()
    const {eagerness, loyaltyDays} = KINDS[draw < KINDS[0].share ? 0 : draw < KINDS[0].share + KINDS[1].share ? 1 : 2]
    const first = random.below(DAYS)
    days[first]?.push(userId)
    for (let day = first + 1; day < Math.min(DAYS, first + 6 * loyaltyDays); day += 1) {
      if (random.chance(eagerness * Math.exp(-(day - first) / loyaltyDays))) days[day]?.push(userId)
    }
  }
  const insert = database.prepare('INSERT INTO analytics_user_days VALUES (?, ?, ?, ?, ?, ?, ?)')
  for (const [index, users] of days.entries()) {
    for (const userId of users) {
      const counts = [1 + random.below(3), random.below(7_200_000), random.below(200), random.below(4), random.below(2)]
      insert.run(firstDay + index, userId, ...counts)
    }
  }
  return days.flat().length
}

/** Made of the days of users, without chance. Sessions are those of 30 days, hours those of the busiest rooms. */
const REST = `
  INSERT INTO analytics_users
    SELECT user_id, first * 86400000, max(day) * 86400000, max(day) * 86400000, sum(sessions), sum(playtime_ms),
      sum(messages), sum(games_played), sum(games_won),
      max(day = first + 1) + max(day = first + 7) * 2 + max(day = first + 30) * 4
    FROM (SELECT *, min(day) OVER (PARTITION BY user_id) AS first FROM analytics_user_days) GROUP BY user_id;
  CREATE TEMP TABLE hours AS SELECT value AS hour FROM json_each('[${[...Array(24).keys()]}]');
  INSERT INTO analytics_user_hours
    SELECT user_id, hour, 1 + messages / 24 FROM analytics_users CROSS JOIN hours WHERE (user_id + hour) % 4 = 0;
  CREATE TEMP TABLE visits AS
    SELECT day, user_id, 1 + (user_id * 13 + day % 5) % ${ROOMS} AS room_id, playtime_ms, messages
    FROM analytics_user_days;
  INSERT INTO analytics_user_rooms SELECT user_id, room_id, count(*), max(day) FROM visits GROUP BY 1, 2;
  INSERT INTO analytics_room_days
    SELECT day, room_id, count(*), count(*), sum(playtime_ms), count(*), sum(messages), 0 FROM visits GROUP BY 1, 2;
  INSERT INTO analytics_rooms
    SELECT room_id, min(day) * 86400000, max(day) * 86400000, sum(visits), sum(ended_visits), sum(visit_ms),
      max(peak_users), sum(messages), 0
    FROM analytics_room_days GROUP BY room_id;
  INSERT INTO analytics_room_hours
    SELECT 0, day * 86400000 + hour * 3600000, count(*) / 8 FROM analytics_user_days CROSS JOIN hours GROUP BY day, hour;
  INSERT INTO analytics_room_hours
    SELECT room_id, day * 86400000 + hour * 3600000, visits
    FROM analytics_room_days CROSS JOIN hours WHERE room_id <= 100;
  INSERT INTO analytics_online
    SELECT day * 86400000 + hour * 3600000, count(*) / 8, sum(playtime_ms) / 24
    FROM analytics_user_days CROSS JOIN hours GROUP BY day, hour;
  INSERT INTO analytics_sessions
    SELECT user_id, day * 86400000, user_id || '-' || day, day * 86400000 + playtime_ms, 'client_closed'
    FROM analytics_user_days WHERE day > (SELECT max(day) - 30 FROM analytics_user_days);`
