import {AdminCommand} from '../../src/cli/admin-command.js'
import {listFlags} from '../../src/cli/list-flags.js'
import * as security from '../../src/cli/security-flags.js'
import type {AllowSummary, TargetResult} from '../../src/contract/security.js'
import {allowTargets, listAllowed} from '../../src/ops/admin/security.js'
import {renderListing} from '../../src/render/listing.js'
import {renderResults} from '../../src/render/security.js'

export default class SecurityAllow extends AdminCommand {
  static override summary = 'Put users, addresses or ranges on the allow-list, or list it.'
  static override description =
    'No rule concerns a user on it, and no rule of addresses an address; their blocks are lifted. 10-19 are all users ' +
    'from 10 to 19. Without targets it lists what is allowed.'
  static override examples = [
    '<%= config.bin %> security allow',
    '<%= config.bin %> security allow 42 --for 2h --reason "our tester"',
    '<%= config.bin %> security allow --cidr 203.0.113.0/24',
  ]
  static override strict = false
  static override args = security.targetArgument
  static override flags = {
    ...security.addressFlags,
    for: security.forFlag,
    reason: security.reasonFlag,
    ...listFlags('allowed'),
  }

  async run(): Promise<readonly TargetResult[] | readonly AllowSummary[]> {
    const {argv, flags} = await this.parse(SecurityAllow)
    const targets = security.readTargets(argv, flags, {mayBeSpans: true})
    const admin = await this.admin(flags)
    if (targets.length === 0) {
      const listing = await listAllowed(admin, flags)
      this.log(renderListing('allowed', listing, {terminal: this.terminal, nowMs: Date.now()}))
      return listing.items
    }
    const {reason, for: forMs} = flags
    const results = await allowTargets(admin, targets, {forMs, reason, actor: security.actorName()})
    this.log(renderResults(results))
    process.exitCode = security.exitStatusOf(results)
    return results
  }
}
