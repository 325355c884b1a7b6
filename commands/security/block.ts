import {Flags} from '@oclif/core'

import {AdminCommand} from '../../src/cli/admin-command.js'
import * as security from '../../src/cli/security-flags.js'
import type {TargetResult} from '../../src/contract/security.js'
import {blockTargets} from '../../src/ops/admin/security.js'
import {renderResults} from '../../src/render/security.js'

export default class SecurityBlock extends AdminCommand {
  static override summary = 'Block users, addresses or ranges; who is connected is closed.'
  static override description =
    'A block is on the disk before this ends. Several targets are all tried; exit status 1 when one was refused.'
  static override examples = [
    '<%= config.bin %> security block 42 --for 10m --reason "spam"',
    '<%= config.bin %> security block --ip 203.0.113.7 --cidr 198.51.100.0/24 --for 7d',
  ]
  static override strict = false
  static override args = security.targetArgument
  static override flags = {
    ...security.addressFlags,
    for: security.forFlag,
    reason: security.reasonFlag,
    force: Flags.boolean({description: 'Also what is very wide, or this machine itself.', default: false}),
  }

  async run(): Promise<TargetResult[]> {
    const {argv, flags} = await this.parse(SecurityBlock)
    const targets = security.readTargets(argv, flags)
    security.assertTargets(targets)
    const {reason, force, for: forMs} = flags
    const options = {forMs, reason, force, actor: security.actorName()}
    const results = await blockTargets(await this.admin(flags), targets, options)
    this.log(renderResults(results))
    process.exitCode = security.exitStatusOf(results)
    return results
  }
}
