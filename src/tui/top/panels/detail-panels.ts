import type {RoomDetails, UserDetails} from '../../../contract/admin.js'
import {showBytes, showCount} from '../show-number.js'
import {foreignText, span, type StyledLine} from '../styled-text.js'
import {currentPlace} from '../top-state.js'
import {sinceText} from './list-panels.js'
import {type Panel, type PanelInput, titleLine} from './panel.js'
import {tableLines} from './table-lines.js'

const MEMBER_COLUMNS = [
  {name: 'user', columns: 10, align: 'right'},
  {name: 'name', columns: 20, align: 'left'},
  {name: 'seat', columns: 4, align: 'right'},
  {name: 'joined', columns: 9, align: 'right'},
] as const

/** Rows of the panel of a room that are not its members: title, three lines, head. */
export const ROOM_HEAD_ROWS = 5

export const roomPanel: Panel = (input, {columns, rows}) => {
  const {state, sample, glyphs} = input
  const id = currentPlace(state)?.id
  const room = sample?.room?.roomId === id ? sample?.room : undefined
  const title = titleLine([span(`room ${id}`, 'title')], [span('Esc: back', 'faint')], columns, glyphs)
  if (room === undefined || room === null) return [title, waitingOrGone(sample?.room, 'room')]
  const members = room.members.map(({userId, nickname, joinedAt}) => [
    String(userId),
    nickname === undefined ? '' : foreignText(nickname, input.isUtf8),
    seatOf(room, userId),
    sinceText(joinedAt, input),
  ])
  return [
    title,
    factLine({users: showCount(room.userCount), active: `${sinceText(room.lastActivity, input)} ago`, created: `${sinceText(room.createdAt, input)} ago`}),
    gameLine(room, input),
    [],
    ...tableLines({
      columns: MEMBER_COLUMNS,
      rows: members,
      list: state.lists.members,
      width: columns,
      pageRows: rows - ROOM_HEAD_ROWS,
      glyphs,
    }),
  ]
}

export const userPanel: Panel = (input, {columns}) => {
  const {state, sample, glyphs, isUtf8} = input
  const id = currentPlace(state)?.id
  const user = sample?.user?.userId === id ? sample?.user : undefined
  const title = titleLine([span(`user ${id}`, 'title')], [span('Esc: back', 'faint')], columns, glyphs)
  if (user === undefined || user === null) return [title, waitingOrGone(sample?.user, 'user')]
  const {nickname, isGuest, address, sessionId, roomIds} = user
  const name = nickname === null ? '-' : foreignText(nickname, isUtf8)
  return [
    title,
    factLine({name: isGuest ? `${name} (guest)` : name, address}),
    factLine({connected: `${sinceText(user.connectedAt, input)} ago`, 'last message': `${sinceText(user.lastMessageAt, input)} ago`}),
    factLine(traffic(user, input)),
    factLine({session: sessionId}),
    factLine({rooms: roomIds.length === 0 ? 'none' : roomIds.join(', ')}),
  ]
}

function traffic({messages, bytesIn, bytesOut, unsentBytes}: UserDetails, {state}: PanelInput) {
  const bytes = (value: number) => showBytes(value, state.showsRawBytes)
  return {messages: showCount(messages), in: bytes(bytesIn), out: bytes(bytesOut), unsent: bytes(unsentBytes)}
}

function gameLine({game, gameState, gameStartedAt, players}: RoomDetails, input: PanelInput): StyledLine {
  if (game === null) return factLine({game: 'none'})
  const started = gameStartedAt === null ? {} : {started: `${sinceText(gameStartedAt, input)} ago`}
  const seats = players === null ? {} : {players: players.join(', ')}
  return factLine({game: `${foreignText(game, input.isUtf8)}, ${gameState}`, ...started, ...seats})
}

function seatOf({players}: RoomDetails, userId: number): string {
  const seat = players?.indexOf(userId) ?? -1
  return seat < 0 ? '' : String(seat + 1)
}

/** ` name value   name value` */
function factLine(facts: Readonly<Record<string, string>>): StyledLine {
  return Object.entries(facts).flatMap(([name, value]) => [span(`  ${name} `, 'faint'), span(`${value} `)])
}

function waitingOrGone(found: object | null | undefined, what: string): StyledLine {
  return [span(found === null ? `  this ${what} is gone` : '  asking', 'faint')]
}
