import {Flags} from '@oclif/core'

import {AdminCommand} from '../../src/cli/admin-command.js'
import type {AuditEntry} from '../../src/contract/security.js'
import {readAudit} from '../../src/ops/admin/security.js'
import {renderAudit} from '../../src/render/security.js'

export default class SecurityAudit extends AdminCommand {
  static override summary = 'List what operators did about security, newest first.'
  static override examples = ['<%= config.bin %> security audit --limit 50']
  static override flags = {
    limit: Flags.integer({description: 'Most rows to show.', default: 20, min: 1, max: 100_000, helpValue: 'N'}),
  }

  async run(): Promise<AuditEntry[]> {
    const {flags} = await this.parse(SecurityAudit)
    const entries = await readAudit(await this.admin(flags), flags.limit)
    this.log(renderAudit(entries, this.terminal))
    return entries
  }
}
