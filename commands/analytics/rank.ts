import {Flags} from '@oclif/core'
import {AnalyticsCommand, beginOf, dataDirFlag, sinceFlag} from '../../src/cli/analytics-command.js'
import type {Ranking} from '../../src/contract/analytics.js'
import {showRank} from '../../src/ops/admin/analytics.js'
import {renderRanking} from '../../src/render/analytics/ranking.js'
import {RANK_KEYS} from '../../src/util/analytics-names.js'

const MAX_ROWS = 1000

export default class AnalyticsRank extends AnalyticsCommand {
  static override summary = 'Rank users, or rooms, by what they have most of.'
  static override examples = [
    '<%= config.bin %> analytics rank --by playtime --since 7d',
    '<%= config.bin %> analytics rank --rooms --by peak --limit 5 --json',
  ]
  static override flags = {
    by: Flags.option({
      description: 'What to rank by; wins is for users, peak for rooms.',
      options: RANK_KEYS,
      default: 'playtime',
    })(),
    rooms: Flags.boolean({description: 'Rooms instead of users.', default: false}),
    since: sinceFlag('Only so far back, in whole days of UTC: 7d. Left out: since ever.'),
    limit: Flags.integer({description: 'Most rows to show.', default: 20, min: 1, max: MAX_ROWS, helpValue: 'N'}),
    'data-dir': dataDirFlag,
  }

  async run(): Promise<Ranking> {
    const {flags} = await this.parse(AnalyticsRank)
    const {by, rooms: isOfRooms, since, limit} = flags
    const ranking = await showRank(await this.source(flags), {by, isOfRooms, sinceMs: beginOf(since), limit})
    this.log(renderRanking(ranking, {isOfRooms, look: this.look}))
    return ranking
  }
}
