import {AnalyticsCommand, dataDirFlag} from '../../src/cli/analytics-command.js'
import {idArgument} from '../../src/cli/list-flags.js'
import type {RoomAnalytics} from '../../src/contract/analytics.js'
import {showRoom} from '../../src/ops/admin/analytics.js'
import {renderRoomCard} from '../../src/render/analytics/cards.js'

export default class AnalyticsRoom extends AnalyticsCommand {
  static override summary = 'Show what has happened in one room: sessions, peak, messages, games, hours.'
  static override examples = [
    '<%= config.bin %> analytics room 7',
    '<%= config.bin %> analytics room 7 --data-dir ./data --json',
  ]
  static override args = {room: idArgument('room', 'Id of the room.')}
  static override flags = {'data-dir': dataDirFlag}

  async run(): Promise<RoomAnalytics> {
    const {args, flags} = await this.parse(AnalyticsRoom)
    const room = await showRoom(await this.source(flags), args.room)
    this.log(renderRoomCard(room, {look: this.look, nowMs: Date.now()}))
    return room
  }
}
