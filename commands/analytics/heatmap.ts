import {AnalyticsCommand, beginOf, dataDirFlag, sinceFlag} from '../../src/cli/analytics-command.js'
import {idFlag} from '../../src/cli/list-flags.js'
import type {Heatmap} from '../../src/contract/analytics.js'
import {showHeatmap} from '../../src/ops/admin/analytics.js'
import {renderHeatmap} from '../../src/render/analytics/heatmap.js'

export default class AnalyticsHeatmap extends AnalyticsCommand {
  static override summary = 'Show when users are there, by weekday and hour.'
  static override examples = [
    '<%= config.bin %> analytics heatmap --since 30d',
    '<%= config.bin %> analytics heatmap --room 7 --json',
  ]
  static override flags = {
    room: idFlag('Only this room.'),
    since: sinceFlag('Only so far back: 30d. Left out: as long as it is kept.'),
    'data-dir': dataDirFlag,
  }

  async run(): Promise<Heatmap> {
    const {flags} = await this.parse(AnalyticsHeatmap)
    const heatmap = await showHeatmap(await this.source(flags), {roomId: flags.room, sinceMs: beginOf(flags.since)})
    this.log(renderHeatmap(heatmap, this.look))
    return heatmap
  }
}
