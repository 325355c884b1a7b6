import type {RoomDetails} from '../contract/admin.js'
import type {Terminal} from '../util/terminal.js'
import {renderDetails} from './details.js'
import {showField} from './listing.js'
import {renderTable} from './table.js'

/** A room with its game, and its members as a table. */
export function renderRoom(room: RoomDetails, {terminal, nowMs}: {terminal: Terminal; nowMs: number}): string {
  const {members, ...fields} = room
  const rows = members.map(({userId, nickname, joinedAt}) => [
    String(userId),
    nickname ?? '-',
    showField('joinedAt', joinedAt, nowMs),
  ])
  const table = renderTable([{title: 'USER', align: 'right'}, {title: 'NAME'}, {title: 'JOINED'}], rows, terminal)
  const cut = members.length < room.userCount ? `\n${members.length} of ${room.userCount}` : ''
  return `${renderDetails(fields, nowMs)}\n\n${table}${cut}`
}
