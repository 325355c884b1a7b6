import {AdminCommand} from '../src/cli/admin-command.js'
import type {SecurityStats} from '../src/contract/security.js'
import {getSecurityStats, listRules} from '../src/ops/admin/security.js'
import {renderSecurityStats} from '../src/render/security.js'

export default class Security extends AdminCommand {
  static override summary = 'Show what the security plugin refused, and what it would have.'
  static override examples = ['<%= config.bin %> security', '<%= config.bin %> security --json']

  async run(): Promise<SecurityStats> {
    const {flags} = await this.parse(Security)
    const admin = await this.admin(flags)
    const stats = await getSecurityStats(admin)
    if (!this.jsonEnabled()) this.log(renderSecurityStats(stats, await listRules(admin), this.terminal))
    return stats
  }
}
