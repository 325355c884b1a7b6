import {AdminCommand} from '../../src/cli/admin-command.js'
import {idArgument} from '../../src/cli/list-flags.js'
import type {UserSecurity} from '../../src/contract/security.js'
import {showUserSecurity} from '../../src/ops/admin/security.js'
import {renderUserSecurity} from '../../src/render/security.js'

export default class SecurityShow extends AdminCommand {
  static override summary = 'Show why a user is where they are: counts, last refusals, blocks, and what comes next.'
  static override examples = ['<%= config.bin %> security show 42']
  static override args = {user: idArgument('user', 'Id of the user.')}

  async run(): Promise<UserSecurity> {
    const {args, flags} = await this.parse(SecurityShow)
    const user = await showUserSecurity(await this.admin(flags), args.user)
    this.log(renderUserSecurity(user, Date.now()))
    return user
  }
}
