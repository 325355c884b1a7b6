import {Flags} from '@oclif/core'
import {AnalyticsCommand, beginOf, dataDirFlag, sinceFlag} from '../../src/cli/analytics-command.js'
import {StatusLine} from '../../src/cli/status-line.js'
import {stopSignal} from '../../src/cli/stop-signal.js'
import {GsError} from '../../src/errors.js'
import {type ExportResult, exportAsText, exportToFile} from '../../src/ops/analytics/export/export-view.js'
import {EXPORT_FORMATS} from '../../src/ops/analytics/export/row-encoder.js'
import {renderExportProgress} from '../../src/render/analytics/export-progress.js'
import {formatSize} from '../../src/units.js'

export default class AnalyticsExport extends AnalyticsCommand {
  static override summary = 'Write events, or the rows of another view, to a file.'
  static override description = 'The file is there when it is whole. docs/analytics.md describes the views.'
  static override examples = [
    '<%= config.bin %> analytics export --format parquet --since 30d --out events.parquet',
    '<%= config.bin %> analytics export --view v_sessions --format csv --data-dir ./data | head',
  ]
  static override flags = {
    view: Flags.string({description: 'What to write.', default: 'v_events', helpValue: 'VIEW'}),
    format: Flags.option({description: 'How to write it.', options: EXPORT_FORMATS, default: 'ndjson' as const})(),
    since: sinceFlag('Only so far back: 30d. Left out: all that is kept.'),
    out: Flags.string({char: 'o', description: 'The file. Left out: stdout.', helpValue: 'FILE'}),
    force: Flags.boolean({description: 'Replace a file that is there.', default: false}),
    'data-dir': dataDirFlag,
  }

  async run(): Promise<ExportResult | undefined> {
    const {flags} = await this.parse(AnalyticsExport)
    const {view, format, since, out: path, force: mayReplace} = flags
    if (path === undefined && this.jsonEnabled()) {
      throw new GsError('usage', '--json tells what was written to a file', {hint: 'Name the file with --out.'})
    }
    const base = {source: await this.source(flags), view, format, sinceMs: beginOf(since)}
    if (path === undefined) {
      await this.announceAll(
        signal => exportAsText({...base, signal}),
        ({text}) => text,
      )
      return undefined
    }
    const line = new StatusLine(process.env)
    const stop = stopSignal()
    try {
      const onProgress = line.paced(renderExportProgress)
      const result = await exportToFile({...base, signal: stop.signal}, {path, mayReplace, onProgress})
      line.clear()
      this.log(`${result.rows} rows in ${result.file} (${formatSize(result.sizeBytes)})`)
      return result
    } finally {
      line.clear()
      stop.dispose()
    }
  }
}
