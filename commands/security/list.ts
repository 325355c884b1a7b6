import {AdminCommand} from '../../src/cli/admin-command.js'
import {idFlag, listFlags} from '../../src/cli/list-flags.js'
import {blockFilterFlags} from '../../src/cli/security-flags.js'
import type {BlockSummary} from '../../src/contract/security.js'
import {listBlocks} from '../../src/ops/admin/security.js'
import {renderListing} from '../../src/render/listing.js'

const DISABLED = 'gs: the security plugin is not enabled, so nothing enforces these\n'

export default class SecurityList extends AdminCommand {
  static override summary = 'List the blocks in force, newest first.'
  static override description = 'Works while the plugin is disabled, too, and says so on stderr.'
  static override examples = [
    '<%= config.bin %> security list',
    '<%= config.bin %> security list --rule user_rate --since 1h --json',
    '<%= config.bin %> security list --ip 203.0.113.7',
  ]
  static override flags = {
    ...listFlags('blocks'),
    user: idFlag('Only that of this user.'),
    ...blockFilterFlags,
  }

  async run(): Promise<readonly BlockSummary[]> {
    const {flags} = await this.parse(SecurityList)
    const listing = await listBlocks(await this.admin(flags), flags)
    if (!listing.isEnforced) process.stderr.write(DISABLED)
    this.log(renderListing('blocks', listing, {terminal: this.terminal, nowMs: Date.now()}))
    return listing.items
  }
}
