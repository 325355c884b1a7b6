import {AdminCommand} from '../src/cli/admin-command.js'
import {listFlags} from '../src/cli/list-flags.js'
import type {RoomSummary} from '../src/contract/admin.js'
import {listRooms} from '../src/ops/admin/rooms.js'
import {renderListing} from '../src/render/listing.js'

export default class Room extends AdminCommand {
  static override summary = 'List the rooms of a running server, fullest first.'
  static override examples = ['<%= config.bin %> room', '<%= config.bin %> room --sort active --limit 5 --json']
  static override flags = {...listFlags('rooms')}

  async run(): Promise<readonly RoomSummary[]> {
    const {flags} = await this.parse(Room)
    const listing = await listRooms(await this.admin(flags), flags)
    this.log(renderListing('rooms', listing, {terminal: this.terminal, nowMs: Date.now()}))
    return listing.items
  }
}
