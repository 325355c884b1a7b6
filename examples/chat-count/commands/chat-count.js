import {AdminCommand, callPlugin, Flags, renderTable} from '@gsrv/gs/cli'

const COLUMNS = [
  {title: 'ROOM', align: 'right'},
  {title: 'CHATS', align: 'right'},
]

/** `gs chat-count`: asks a running server's chat-count plugin. */
export default class ChatCount extends AdminCommand {
  static summary = 'Show how many chat messages each room has had, most first.'
  static examples = ['<%= config.bin %> chat-count', '<%= config.bin %> chat-count --limit 3 --json']
  static flags = {limit: Flags.integer({description: 'Most rooms to show.', default: 20, min: 1})}

  async run() {
    const {flags} = await this.parse(ChatCount)
    const rooms = await callPlugin(await this.admin(flags), 'chat-count', 'rooms')
    const shown = rooms.slice(0, flags.limit)
    const rows = shown.map(({roomId, chats}) => [String(roomId), String(chats)])
    this.log(renderTable(COLUMNS, rows, this.terminal))
    return shown
  }
}
