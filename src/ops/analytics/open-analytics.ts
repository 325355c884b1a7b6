import type {
  Cohort,
  Heatmap,
  HeatmapQuery,
  Ranking,
  RankQuery,
  RoomAnalytics,
  UserAnalytics,
} from '../../contract/analytics.js'
import type {AnalyticsReport} from '../../contract/analytics-report.js'
import {GsError} from '../../errors.js'
import {readHeatmap} from '../../plugins/analytics/readers/read-heatmap.js'
import {readRank} from '../../plugins/analytics/readers/read-rank.js'
import {readReport} from '../../plugins/analytics/readers/read-report.js'
import {readRetention} from '../../plugins/analytics/readers/read-retention.js'
import {readRoom} from '../../plugins/analytics/readers/read-room.js'
import {readUser} from '../../plugins/analytics/readers/read-user.js'
import type {Reading} from '../../plugins/analytics/readers/reading.js'
import {ANALYTICS_STEPS} from '../../plugins/analytics/schema.js'
import {openStoreReader} from '../../store/open-reader.js'

/** What can be asked without a server. */
export interface StoredAnalytics extends Reading {
  user(userId: number): Promise<UserAnalytics | undefined>
  room(roomId: number): Promise<RoomAnalytics | undefined>
  rank(query: RankQuery): Promise<Ranking>
  heatmap(query: HeatmapQuery): Promise<Heatmap>
  retention(query: {weeks?: number | undefined}): Promise<{readonly cohorts: readonly Cohort[]}>
  report(query: {sinceMs?: number | undefined}): Promise<AnalyticsReport>
  close(): Promise<void>
}

/**
 * Opens the analytics in a data directory for reading, whether a server runs on it or not. Sessions that are open there
 * have lasted until its last checkpoint, which is at most a second old while a server runs.
 *
 * @throws {GsError} not_found when there are none; store_newer; store_unavailable when they cannot be read, or
 * are of an older version.
 */
export async function openAnalytics(directory: string): Promise<StoredAnalytics> {
  const reader = await openStoreReader(directory)
  try {
    await checkVersion(reader, directory)
    const [run] = await reader.query<{seen_ms: number | null}>(
      'SELECT max(checkpoint_ms) AS seen_ms FROM analytics_runs',
    )
    const reading: Reading = {query: reader.query, nowMs: run?.seen_ms ?? 0}
    return {
      ...reading,
      user: userId => readUser(reading, userId),
      room: roomId => readRoom(reading, roomId),
      rank: query => readRank(reading, query),
      heatmap: query => readHeatmap(reading, query),
      retention: query => readRetention(reading, query),
      report: query => readReport(reading, query),
      close: () => reader.close(),
    }
  } catch (error) {
    await reader.close()
    throw error
  }
}

async function checkVersion({query}: Pick<Reading, 'query'>, directory: string): Promise<void> {
  const [table] = await query("SELECT 1 AS found FROM sqlite_schema WHERE name = 'plugin_schemas'")
  const [schema] =
    table === undefined
      ? []
      : await query<{version: number}>("SELECT version FROM plugin_schemas WHERE owner = 'analytics'")
  if (schema === undefined) {
    throw new GsError('not_found', `there are no analytics in ${directory}`, {
      hint: 'A server with --plugins analytics collects them.',
    })
  }
  if (schema.version > ANALYTICS_STEPS.length) {
    throw new GsError('store_newer', `the analytics in ${directory} are of a newer gs: version ${schema.version}`)
  }
  if (schema.version < ANALYTICS_STEPS.length) {
    throw new GsError(
      'store_unavailable',
      `the analytics in ${directory} are of an older gs: version ${schema.version} of ${ANALYTICS_STEPS.length}`,
      {hint: 'A server that is started on it once brings them up to date.'},
    )
  }
}
