import {AnalyticsCommand, dataDirFlag} from '../../src/cli/analytics-command.js'
import {idArgument} from '../../src/cli/list-flags.js'
import type {UserAnalytics} from '../../src/contract/analytics.js'
import {showUser} from '../../src/ops/admin/analytics.js'
import {renderUserCard} from '../../src/render/analytics/cards.js'

export default class AnalyticsUser extends AnalyticsCommand {
  static override summary = 'Show what one user has done: playtime, messages, games, hours, favourite rooms.'
  static override examples = [
    '<%= config.bin %> analytics user 42',
    '<%= config.bin %> analytics user 42 --data-dir ./data --json',
  ]
  static override args = {user: idArgument('user', 'Id of the user.')}
  static override flags = {'data-dir': dataDirFlag}

  async run(): Promise<UserAnalytics> {
    const {args, flags} = await this.parse(AnalyticsUser)
    const user = await showUser(await this.source(flags), args.user)
    this.log(renderUserCard(user, {look: this.look, nowMs: Date.now()}))
    return user
  }
}
