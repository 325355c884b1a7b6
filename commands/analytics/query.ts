import {Args, Flags} from '@oclif/core'
import {AnalyticsCommand, dataDirFlag} from '../../src/cli/analytics-command.js'
import {durationFlag} from '../../src/cli/flags.js'
import type {RowCell} from '../../src/contract/row-lines.js'
import {GsError} from '../../src/errors.js'
import {runQuery, toObjects} from '../../src/ops/analytics/query.js'
import {renderQuery} from '../../src/render/analytics/query-table.js'

const MAX_ROWS = 100_000
const MAX_TIME_MS = 600_000

export default class AnalyticsQuery extends AnalyticsCommand {
  static override summary = 'Ask the views by SQL, which can only read them.'
  static override description =
    'It runs in a process of its own, which is stopped when it takes too long. docs/analytics.md describes the views.'
  static override examples = [
    '<%= config.bin %> analytics query "SELECT date, sum(messages) AS messages FROM v_user_days GROUP BY date"',
    '<%= config.bin %> analytics query "SELECT * FROM v_sessions ORDER BY duration_ms DESC LIMIT 5" --data-dir ./data --json',
  ]
  static override args = {
    sql: Args.string({description: 'One SELECT, or WITH … SELECT.', required: true, ignoreStdin: true}),
  }
  static override flags = {
    limit: Flags.integer({description: 'Most rows to show.', default: 1000, min: 1, max: MAX_ROWS, helpValue: 'N'}),
    'max-time': durationFlag({
      description: 'How long it may take: 500ms 10s 5m.',
      minMs: 1,
      maxMs: MAX_TIME_MS,
      default: 10_000,
      defaultHelp: async () => '10s',
    }),
    'data-dir': dataDirFlag,
  }

  async run(): Promise<Record<string, RowCell>[]> {
    const {args, flags} = await this.parse(AnalyticsQuery)
    if (args.sql.trim() === '') throw new GsError('usage', 'the query is empty')
    const request = {sql: args.sql, maxRows: flags.limit, limitMs: flags['max-time']}
    const result = await runQuery(await this.source(flags), request)
    this.log(renderQuery(result, this.terminal))
    return toObjects(result)
  }
}
