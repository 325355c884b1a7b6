import {Flags} from '@oclif/core'

import {AdminCommand} from '../src/cli/admin-command.js'
import {idFlag, listFlags} from '../src/cli/list-flags.js'
import type {ClosedSummary} from '../src/contract/admin.js'
import {CLOSE_REASONS} from '../src/errors.js'
import {listClosed} from '../src/ops/admin/users.js'
import {renderListing} from '../src/render/listing.js'

export default class Closed extends AdminCommand {
  static override summary = 'List the last closed connections and why each ended, newest first.'
  static override examples = ['<%= config.bin %> closed', '<%= config.bin %> closed --reason slow_consumer --json']
  static override flags = {
    ...listFlags('closed'),
    reason: Flags.option({description: 'Only those that ended so.', options: Object.keys(CLOSE_REASONS)})(),
    user: idFlag('Only those of this user.'),
  }

  async run(): Promise<readonly ClosedSummary[]> {
    const {flags} = await this.parse(Closed)
    const listing = await listClosed(await this.admin(flags), flags)
    this.log(renderListing('closed', listing, {terminal: this.terminal, nowMs: Date.now()}))
    return listing.items
  }
}
