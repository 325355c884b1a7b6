import {AdminCommand} from '../src/cli/admin-command.js'
import {listFlags} from '../src/cli/list-flags.js'
import type {UserSummary} from '../src/contract/admin.js'
import {listUsers} from '../src/ops/admin/users.js'
import {renderListing} from '../src/render/listing.js'

export default class User extends AdminCommand {
  static override summary = 'List the connected users of a running server, longest connected first.'
  static override examples = ['<%= config.bin %> user', '<%= config.bin %> user --sort messages --limit 5 --json']
  static override flags = {...listFlags('users')}

  async run(): Promise<readonly UserSummary[]> {
    const {flags} = await this.parse(User)
    const listing = await listUsers(await this.admin(flags), flags)
    this.log(renderListing('users', listing, {terminal: this.terminal, nowMs: Date.now()}))
    return listing.items
  }
}
