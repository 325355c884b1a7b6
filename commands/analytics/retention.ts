import {Flags} from '@oclif/core'
import {AnalyticsCommand, dataDirFlag} from '../../src/cli/analytics-command.js'
import type {Retention} from '../../src/contract/analytics.js'
import {showRetention} from '../../src/ops/admin/analytics.js'
import {renderRetention} from '../../src/render/analytics/retention.js'

const MAX_WEEKS = 520

export default class AnalyticsRetention extends AnalyticsCommand {
  static override summary = 'Show how many users come back after 1, 7 and 30 days, by the week of their first visit.'
  static override examples = [
    '<%= config.bin %> analytics retention',
    '<%= config.bin %> analytics retention --weeks 26 --json',
  ]
  static override flags = {
    weeks: Flags.integer({description: 'Most weeks to show.', default: 12, min: 1, max: MAX_WEEKS, helpValue: 'N'}),
    'data-dir': dataDirFlag,
  }

  async run(): Promise<Retention> {
    const {flags} = await this.parse(AnalyticsRetention)
    const retention = await showRetention(await this.source(flags), {weeks: flags.weeks})
    this.log(renderRetention(retention, this.look))
    return retention
  }
}
