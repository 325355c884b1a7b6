import {Flags} from '@oclif/core'

import {AdminCommand} from '../../src/cli/admin-command.js'
import * as security from '../../src/cli/security-flags.js'
import type {TargetResult} from '../../src/contract/security.js'
import {GsError} from '../../src/errors.js'
import {unblockAll, unblockTargets} from '../../src/ops/admin/security.js'
import {renderResults} from '../../src/render/security.js'

export default class SecurityUnblock extends AdminCommand {
  static override summary = 'Lift blocks, and forget what counts against those they were about.'
  static override description =
    'Works while the plugin is disabled, too. Exit status 3 when a user is neither blocked nor known, 1 when ' +
    'one stands in the configuration.'
  static override examples = [
    '<%= config.bin %> security unblock 42',
    '<%= config.bin %> security unblock 42 43 --ip 203.0.113.7',
    '<%= config.bin %> security unblock --rule user_rate',
  ]
  static override strict = false
  static override args = security.targetArgument
  static override flags = {
    ...security.addressFlags,
    rule: Flags.string({description: 'All blocks that this rule made.', helpValue: 'RULE'}),
    all: Flags.boolean({description: 'All blocks.', default: false}),
  }

  async run(): Promise<readonly TargetResult[]> {
    const {argv, flags} = await this.parse(SecurityUnblock)
    const targets = security.readTargets(argv, flags)
    const {rule, all} = flags
    if ([targets.length > 0, rule !== undefined, all].filter(Boolean).length !== 1) {
      throw new GsError('usage', 'either targets, or --rule, or --all must be given')
    }
    const admin = await this.admin(flags)
    const actor = security.actorName()
    const lifting = targets.length > 0 ? unblockTargets(admin, targets, actor) : unblockAll(admin, {rule}, actor)
    const results = await lifting
    this.log(results.length === 0 ? 'nothing is blocked so' : renderResults(results))
    // What stands in the configuration is nobody's mistake when all are meant.
    process.exitCode = targets.length > 0 ? security.exitStatusOf(results) : 0
    return results
  }
}
