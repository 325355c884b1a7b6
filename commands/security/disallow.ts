import {AdminCommand} from '../../src/cli/admin-command.js'
import * as security from '../../src/cli/security-flags.js'
import type {TargetResult} from '../../src/contract/security.js'
import {disallowTargets} from '../../src/ops/admin/security.js'
import {renderResults} from '../../src/render/security.js'

export default class SecurityDisallow extends AdminCommand {
  static override summary = 'Take users, addresses or ranges off the allow-list.'
  static override description = 'Exit status 3 when one is not on it.'
  static override examples = [
    '<%= config.bin %> security disallow 42',
    '<%= config.bin %> security disallow --cidr 203.0.113.0/24',
  ]
  static override strict = false
  static override args = security.targetArgument
  static override flags = {...security.addressFlags}

  async run(): Promise<TargetResult[]> {
    const {argv, flags} = await this.parse(SecurityDisallow)
    const targets = security.readTargets(argv, flags, {mayBeSpans: true})
    security.assertTargets(targets)
    const results = await disallowTargets(await this.admin(flags), targets, security.actorName())
    this.log(renderResults(results))
    process.exitCode = security.exitStatusOf(results)
    return results
  }
}
