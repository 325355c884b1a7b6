import {AdminCommand} from '../../src/cli/admin-command.js'
import {idArgument} from '../../src/cli/list-flags.js'
import type {UserDetails} from '../../src/contract/admin.js'
import {showUser} from '../../src/ops/admin/users.js'
import {renderDetails} from '../../src/render/details.js'

export default class UserShow extends AdminCommand {
  static override summary = 'Show one connected user: rooms, traffic and address.'
  static override examples = ['<%= config.bin %> user show 42']
  static override args = {user: idArgument('user', 'Id of the user.')}

  async run(): Promise<UserDetails> {
    const {args, flags} = await this.parse(UserShow)
    const user = await showUser(await this.admin(flags), args.user)
    this.log(renderDetails(user, Date.now()))
    return user
  }
}
