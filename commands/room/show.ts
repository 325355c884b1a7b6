import {AdminCommand} from '../../src/cli/admin-command.js'
import {idArgument} from '../../src/cli/list-flags.js'
import type {RoomDetails} from '../../src/contract/admin.js'
import {showRoom} from '../../src/ops/admin/rooms.js'
import {renderRoom} from '../../src/render/room-details.js'

export default class RoomShow extends AdminCommand {
  static override summary = 'Show one room: its game and its members.'
  static override examples = ['<%= config.bin %> room show 7']
  static override args = {room: idArgument('room', 'Id of the room.')}

  async run(): Promise<RoomDetails> {
    const {args, flags} = await this.parse(RoomShow)
    const room = await showRoom(await this.admin(flags), args.room)
    this.log(renderRoom(room, {terminal: this.terminal, nowMs: Date.now()}))
    return room
  }
}
