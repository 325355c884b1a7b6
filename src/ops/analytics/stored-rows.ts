import {join, resolve} from 'node:path'
import {readEvents} from '../../client/admin/read-events.js'
import type {ExportRequest, QueryRequest, RowLine} from '../../contract/row-lines.js'
import {exportJob, queryJob} from '../../plugins/analytics/row-jobs.js'
import {readRows} from '../../store/read-rows.js'
import type {RowJob} from '../../store/row-job.js'
import {openAnalytics} from './open-analytics.js'

/** What SQL finds in a data directory. */
export async function queryStored(directory: string, request: QueryRequest): Promise<AsyncIterable<RowLine>> {
  const file = await checkedFile(directory)
  return readJob(queryJob(file, request), request.limitMs)
}

/** All rows of a view in a data directory. */
export async function exportStored(
  directory: string,
  request: ExportRequest,
  signal?: AbortSignal,
): Promise<AsyncIterable<RowLine>> {
  const file = await checkedFile(directory)
  return readJob(exportJob(file, request), null, signal)
}

/** Opening it says what is wrong with a directory that has no analytics, or others than these. */
async function checkedFile(directory: string): Promise<string> {
  const stored = await openAnalytics(directory)
  await stored.close()
  return join(resolve(directory), 'gs.db')
}

function readJob(job: RowJob, limitMs: number | null, signal?: AbortSignal): AsyncIterable<RowLine> {
  return readEvents<RowLine>(readRows(job, {limitMs, signal}) as AsyncIterable<Buffer>)
}
