import {GsError} from '../../../errors.js'
import {NewFile} from '../../../util/new-file.js'
import type {AnalyticsSource} from '../../admin/analytics.js'
import {exportAnalytics} from '../open-rows.js'
import type {RowStream} from '../row-stream.js'
import type {ExportFormat, RowEncoder} from './row-encoder.js'
import {csvEncoder, ndjsonEncoder} from './text-encoders.js'

export interface ExportPlan {
  readonly source: AnalyticsSource
  readonly view: string
  readonly sinceMs: number | undefined
  readonly format: ExportFormat
  readonly signal: AbortSignal
}

export interface ExportProgress {
  readonly rows: number
  /** As counted at the beginning. */
  readonly total: number
}

export interface ExportResult {
  readonly view: string
  readonly format: ExportFormat
  /** Absolute path. */
  readonly file: string
  readonly rows: number
  readonly sizeBytes: number
}

/**
 * Writes a view into a new file, which is there when it is whole.
 *
 * @throws {GsError} file_exists, file_unwritable; as `exportAnalytics`.
 */
export async function exportToFile(
  plan: ExportPlan,
  {path, mayReplace, onProgress}: {path: string; mayReplace: boolean; onProgress: (progress: ExportProgress) => void},
): Promise<ExportResult> {
  const {view, format} = plan
  await using rows = await openRows(plan)
  await using file = await NewFile.open(path, {mayReplace})
  const encoder = await encoderFor(plan, rows.columns)
  const total = rows.total ?? 0
  let count = 0
  await file.write(encoder.begin())
  for await (const portion of rows.portions()) {
    await file.write(encoder.add(portion))
    count += portion.length
    onProgress({rows: count, total})
  }
  await file.write(encoder.end())
  await file.finish()
  return {view, format, file: file.path, rows: count, sizeBytes: file.sizeBytes}
}

/** The same as text, in portions. Throws as `exportToFile`; usage for a format that is no text. */
export async function* exportAsText(plan: ExportPlan): AsyncGenerator<{readonly text: string}, void, void> {
  if (plan.format === 'parquet') {
    throw new GsError('usage', 'parquet is no text', {hint: 'Write it to a file with --out.'})
  }
  await using rows = await openRows(plan)
  const encoder = await encoderFor(plan, rows.columns)
  yield* lines(encoder.begin())
  for await (const portion of rows.portions()) yield* lines(encoder.add(portion))
}

function openRows({source, view, sinceMs, signal}: ExportPlan): Promise<RowStream> {
  return exportAnalytics(source, {view, sinceMs}, signal)
}

async function encoderFor({format, view}: ExportPlan, columns: readonly string[]): Promise<RowEncoder> {
  if (format === 'ndjson') return ndjsonEncoder(columns)
  if (format === 'csv') return csvEncoder(columns)
  // A library that nothing else needs.
  const {parquetEncoder} = await import('./parquet-encoder.js')
  return parquetEncoder(view, columns)
}

/** Without the last line's end, which whoever prints it adds. */
function* lines(bytes: Uint8Array): Generator<{readonly text: string}> {
  if (bytes.length > 0) yield {text: Buffer.from(bytes).toString('utf8').replace(/\n$/, '')}
}
