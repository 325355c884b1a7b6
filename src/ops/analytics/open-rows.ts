import type {ExportRequest, QueryRequest, RowLine} from '../../contract/row-lines.js'
import {isoTime} from '../../util/iso-time.js'
import type {AnalyticsSource} from '../admin/analytics.js'
import {RowStream} from './row-stream.js'

/**
 * What SQL finds in the views.
 *
 * @throws {GsError} statement_invalid for what is no SQL, writes, or reads anything else; limit_reached when it took
 * longer than it may, also later while rows are read; as `openAnalytics` and the admin client.
 */
export async function queryAnalytics(source: AnalyticsSource, request: QueryRequest): Promise<RowStream> {
  if ('admin' in source) {
    return RowStream.open(source.admin.stream('/v1/analytics/query', {}, {body: request}) as AsyncIterable<RowLine>)
  }
  const {queryStored} = await import('./stored-rows.js')
  return RowStream.open(await queryStored(source.dataDir, request))
}

/**
 * All rows of a view.
 *
 * @throws {GsError} not_found for what is no view; usage for a period where it has no times; as `queryAnalytics`.
 */
export async function exportAnalytics(
  source: AnalyticsSource,
  request: ExportRequest,
  signal: AbortSignal,
): Promise<RowStream> {
  if ('admin' in source) {
    const {view, sinceMs} = request
    const query = {view, since: sinceMs === undefined ? undefined : isoTime(sinceMs)}
    return RowStream.open(source.admin.stream('/v1/analytics/export', query, {signal}) as AsyncIterable<RowLine>)
  }
  const {exportStored} = await import('./stored-rows.js')
  return RowStream.open(await exportStored(source.dataDir, request, signal))
}
