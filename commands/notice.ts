import {Args} from '@oclif/core'

import {AdminCommand} from '../src/cli/admin-command.js'
import {idFlag} from '../src/cli/list-flags.js'
import type {Reached} from '../src/contract/admin.js'
import {sendNotice} from '../src/ops/admin/rooms.js'
import {countOf} from '../src/render/numbers.js'

export default class Notice extends AdminCommand {
  static override summary = 'Send a notice to everybody, or to one room.'
  static override examples = [
    '<%= config.bin %> notice "Restart at ten."',
    '<%= config.bin %> notice --room 7 "Hurry up!"',
  ]
  static override args = {
    text: Args.string({description: 'What to say, at most 1000 characters.', required: true, ignoreStdin: true}),
  }
  static override flags = {room: idFlag('Only the members of this room.')}

  async run(): Promise<Reached> {
    const {args, flags} = await this.parse(Notice)
    const reached = await sendNotice(await this.admin(flags), args.text, flags.room)
    this.log(`told ${countOf(reached.users, 'user')}`)
    return reached
  }
}
