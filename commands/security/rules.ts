import {AdminCommand} from '../../src/cli/admin-command.js'
import type {RuleView} from '../../src/contract/security.js'
import {listRules} from '../../src/ops/admin/security.js'
import {renderRules} from '../../src/render/security.js'

export default class SecurityRules extends AdminCommand {
  static override summary = 'List the rules with mode, counts, and what breaks them.'
  static override examples = ['<%= config.bin %> security rules']

  async run(): Promise<RuleView[]> {
    const {flags} = await this.parse(SecurityRules)
    const rules = await listRules(await this.admin(flags))
    this.log(renderRules(rules, this.terminal))
    return rules
  }
}
