import {Flags} from '@oclif/core'
import {AnalyticsCommand} from '../../src/cli/analytics-command.js'
import {idArgument} from '../../src/cli/list-flags.js'
import type {ForgetResult} from '../../src/contract/analytics.js'
import {GsError} from '../../src/errors.js'
import {forgetUser} from '../../src/ops/admin/analytics.js'
import {renderForgetResult} from '../../src/render/analytics/forget-result.js'

export default class AnalyticsForget extends AnalyticsCommand {
  static override summary = 'Take a user out of everything that is kept; it cannot be undone.'
  static override description =
    'Sums over rooms and hours stay, as nobody can be told from them, and so do active blocks. A user who is connected begins anew.'
  static override examples = ['<%= config.bin %> analytics forget 42 --yes']
  static override args = {user: idArgument('user', 'Id of the user.')}
  static override flags = {
    yes: Flags.boolean({char: 'y', description: 'Confirm that it cannot be undone.', default: false}),
  }

  async run(): Promise<ForgetResult> {
    const {args, flags} = await this.parse(AnalyticsForget)
    if (!flags.yes) {
      throw new GsError('usage', `forgetting user ${args.user} cannot be undone`, {hint: 'Confirm it with --yes.'})
    }
    const result = await forgetUser(await this.admin(flags), args.user)
    this.log(renderForgetResult(result))
    return result
  }
}
