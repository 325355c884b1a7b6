import {AdminCommand} from '../../src/cli/admin-command.js'
import {exportBlocks} from '../../src/ops/admin/security.js'
import {visibleJson} from '../../src/util/visible-text.js'

export default class SecurityExport extends AdminCommand {
  static override summary = 'Print the blocks as lines of JSON, for gs security import.'
  static override description = 'Those of the configuration are left out. Works while the plugin is disabled, too.'
  static override examples = ['<%= config.bin %> security export > blocks.ndjson']

  async run(): Promise<void> {
    const {flags} = await this.parse(SecurityExport)
    const admin = await this.admin(flags)
    await this.announceAll(
      signal => exportBlocks(admin, signal),
      block => visibleJson(JSON.stringify(block)),
    )
  }
}
