import {basename, resolve} from 'node:path'
import {Flags} from '@oclif/core'
import {AnalyticsCommand, beginOf, dataDirFlag, sinceFlag} from '../../src/cli/analytics-command.js'
import {reportAnalytics} from '../../src/ops/admin/analytics.js'
import {type WrittenReport, writeReport} from '../../src/ops/analytics/write-report.js'
import {formatSize} from '../../src/units.js'

export default class AnalyticsReport extends AnalyticsCommand {
  static override summary = 'Write a page for people: numbers, curves, top players and rooms, who comes back.'
  static override description = 'The page is one HTML file that needs nothing from elsewhere.'
  static override examples = [
    '<%= config.bin %> analytics report --since 30d --out report.html',
    '<%= config.bin %> analytics report --since 7d --data-dir ./data --force',
  ]
  static override flags = {
    since: sinceFlag('Only so far back, in whole days of UTC: 30d. Left out: since ever.'),
    out: Flags.string({char: 'o', description: 'The file.', default: 'report.html', helpValue: 'FILE'}),
    force: Flags.boolean({description: 'Replace a file that is there.', default: false}),
    title: Flags.string({description: 'What to call the game. Left out: the name of the server.', helpValue: 'TEXT'}),
    'data-dir': dataDirFlag,
  }

  async run(): Promise<WrittenReport> {
    const {flags} = await this.parse(AnalyticsReport)
    const {out: path, force: mayReplace, title, 'data-dir': dataDir} = flags
    const {report, instance} = await reportAnalytics(await this.source(flags), {sinceMs: beginOf(flags.since)})
    // Nothing else draws charts.
    const {renderReport} = await import('../../src/render/analytics/report/page.js')
    const name = title ?? instance ?? basename(resolve(dataDir ?? '.'))
    const written = await writeReport(renderReport(report, {name}), {path, mayReplace})
    this.log(`${written.file} (${formatSize(written.sizeBytes)})`)
    return written
  }
}
