import {AdminCommand} from '../src/cli/admin-command.js'
import type {ReloadResult} from '../src/contract/admin.js'
import {reloadInstance} from '../src/ops/admin/instance.js'

export default class Reload extends AdminCommand {
  static override summary = 'Have a running server read its configuration again.'
  static override description =
    'What can change while running does; the rest is named and waits for a restart. A bad configuration changes nothing.'
  static override examples = ['<%= config.bin %> reload']

  async run(): Promise<ReloadResult> {
    const {flags} = await this.parse(Reload)
    const result = await reloadInstance(await this.admin(flags))
    this.log(`in force: ${result.applied.join(', ') || 'nothing changed'}`)
    if (result.needRestart.length > 0) this.log(`needs a restart: ${result.needRestart.join(', ')}`)
    return result
  }
}
