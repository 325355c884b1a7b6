import {AdminCommand} from '../../src/cli/admin-command.js'
import {idArgument, messageFlag} from '../../src/cli/list-flags.js'
import {GsError} from '../../src/errors.js'
import {type KickResult, kickUsers} from '../../src/ops/admin/users.js'

export default class UserKick extends AdminCommand {
  static override summary = 'End the connections of users; their seats in games are given up.'
  static override description = 'Several ids are all tried. Exit status 3 when one of them is not connected.'
  static override examples = [
    '<%= config.bin %> user kick 42',
    '<%= config.bin %> user kick 42 43 --message "Be kind."',
  ]
  static override strict = false
  static override args = {user: idArgument('Ids of the users.')}
  static override flags = {message: messageFlag}

  async run(): Promise<KickResult[]> {
    const {argv, flags} = await this.parse(UserKick)
    const userIds = [...new Set((argv as (string | number)[]).map(toUserId))]
    const results = await kickUsers(await this.admin(flags), userIds, flags.message)
    for (const {userId, kicked} of results)
      this.log(kicked ? `kicked user ${userId}` : `user ${userId} is not connected`)
    if (results.some(({kicked}) => !kicked)) process.exitCode = 3
    return results
  }
}

function toUserId(text: string | number): number {
  const userId = Number(text)
  if (Number.isInteger(userId) && userId >= 1 && userId <= 4_294_967_295) return userId
  throw new GsError('usage', `not a user id: ${text}`, {hint: 'Ids are integers from 1 to 4294967295.'})
}
