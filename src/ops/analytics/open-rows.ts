import {join, resolve} from 'node:path'
import {readEvents} from '../../client/admin/read-events.js'
import type {ExportRequest, QueryRequest, RowLine} from '../../contract/row-lines.js'
import {exportJob, queryJob} from '../../plugins/analytics/row-jobs.js'
import {readRows} from '../../store/read-rows.js'
import type {RowJob} from '../../store/row-job.js'
import {isoTime} from '../../util/iso-time.js'
import type {AnalyticsSource} from '../admin/analytics.js'
import {openAnalytics} from './open-analytics.js'
import {RowStream} from './row-stream.js'

/**
 * What SQL finds in the views.
 *
 * @throws {GsError} statement_invalid for what is no SQL, writes, or reads anything else; limit_reached when it took
 * longer than it may, also later while rows are read; as `openAnalytics` and the admin client.
 */
export async function queryAnalytics(source: AnalyticsSource, request: QueryRequest): Promise<RowStream> {
  if ('admin' in source) {
    return RowStream.open(source.admin.stream<RowLine>('/v1/analytics/query', {}, {body: request}) as never)
  }
  return RowStream.open(await storedRows(source.dataDir, file => queryJob(file, request), request.limitMs))
}

/**
 * All rows of a view.
 *
 * @throws {GsError} not_found for what is no view; usage for a period where it has no times; as `queryAnalytics`.
 */
export async function exportAnalytics(
  source: AnalyticsSource,
  request: ExportRequest,
  signal?: AbortSignal,
): Promise<RowStream> {
  if ('admin' in source) {
    const {view, sinceMs} = request
    const query = {view, since: sinceMs === undefined ? undefined : isoTime(sinceMs)}
    const options = signal === undefined ? {} : {signal}
    return RowStream.open(source.admin.stream<RowLine>('/v1/analytics/export', query, options) as never)
  }
  return RowStream.open(await storedRows(source.dataDir, file => exportJob(file, request), null, signal))
}

async function storedRows(
  directory: string,
  toJob: (file: string) => RowJob,
  limitMs: number | null,
  signal?: AbortSignal,
): Promise<AsyncIterable<RowLine>> {
  // Says what is wrong with a directory that has no analytics, or others than these.
  const stored = await openAnalytics(directory)
  await stored.close()
  const job = toJob(join(resolve(directory), 'gs.db'))
  return readEvents<RowLine>(readRows(job, {limitMs, signal}) as AsyncIterable<Buffer>)
}
