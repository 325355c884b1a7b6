import {AdminCommand} from '../../src/cli/admin-command.js'
import {parseId} from '../../src/cli/ids.js'
import {idArgument, messageFlag} from '../../src/cli/list-flags.js'
import {type KickResult, kickUsers} from '../../src/ops/admin/users.js'

export default class UserKick extends AdminCommand {
  static override summary = 'End the connections of users; their seats in games are given up.'
  static override description = 'Several ids are all tried. Exit status 3 when one of them is not connected.'
  static override examples = [
    '<%= config.bin %> user kick 42',
    '<%= config.bin %> user kick 42 43 --message "Be kind."',
  ]
  static override strict = false
  static override args = {user: idArgument('user', 'Ids of the users.')}
  static override flags = {message: messageFlag}

  async run(): Promise<KickResult[]> {
    const {argv, flags} = await this.parse(UserKick)
    const userIds = [...new Set(argv.map(text => parseId('user', String(text))))]
    const results = await kickUsers(await this.admin(flags), userIds, flags.message)
    for (const {userId, kicked} of results)
      this.log(kicked ? `kicked user ${userId}` : `user ${userId} is not connected`)
    if (results.some(({kicked}) => !kicked)) process.exitCode = 3
    return results
  }
}
