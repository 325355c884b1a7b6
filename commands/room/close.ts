import {AdminCommand} from '../../src/cli/admin-command.js'
import {idArgument, messageFlag} from '../../src/cli/list-flags.js'
import type {Reached} from '../../src/contract/admin.js'
import {closeRoom} from '../../src/ops/admin/rooms.js'
import {countOf} from '../../src/render/numbers.js'

export default class RoomClose extends AdminCommand {
  static override summary = 'End a room: its game and every membership.'
  static override examples = ['<%= config.bin %> room close 7 --message "Back at nine."']
  static override args = {room: idArgument('room', 'Id of the room.')}
  static override flags = {message: messageFlag}

  async run(): Promise<Reached> {
    const {args, flags} = await this.parse(RoomClose)
    const reached = await closeRoom(await this.admin(flags), args.room, flags.message)
    this.log(`closed room ${args.room}, which had ${countOf(reached.users, 'member')}`)
    return reached
  }
}
