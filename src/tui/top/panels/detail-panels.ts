import type {RoomDetails, UserDetails} from '../../../contract/admin.js'
import type {RoomMetrics, RoomStats, UserMetrics} from '../../../contract/metrics.js'
import {showBytes, showCount} from '../show-number.js'
import {foreignText, type StyledLine, span} from '../styled-text.js'
import {currentPlace} from '../top-state.js'
import {TOP_TABLES} from '../top-views.js'
import {agoText, roomRow, sinceText} from './list-panels.js'
import {type Panel, type PanelInput, titleLine} from './panel.js'
import {userSecurityLines} from './security-panels.js'
import {tableLines} from './table-lines.js'

const MEMBER_COLUMNS = [
  {name: 'user', columns: 10, align: 'right'},
  {name: 'name', columns: 20, align: 'left'},
  {name: 'rate', columns: 8, align: 'right'},
  {name: 'seat', columns: 4, align: 'right'},
  {name: 'joined', columns: 9, align: 'right'},
  {name: 'messages', columns: 8, align: 'right'},
  {name: 'unsent', columns: 9, align: 'right'},
] as const

const ROOM_COLUMNS = TOP_TABLES.rooms

/** Rows of the panel of a room that are not its members: title, two lines of facts, a blank, the head. */
export const ROOM_HEAD_ROWS = 5

export const roomPanel: Panel = (input, {columns, rows}) => {
  const {state, sample, glyphs} = input
  const id = currentPlace(state)?.id
  const room = sample?.room?.roomId === id ? sample?.room : undefined
  const title = titleLine([span(`room ${id}`, 'title')], [span('Esc: back', 'faint')], columns, glyphs)
  if (room === undefined || room === null) return [title, waitingOrGone(sample?.room, 'room')]
  const measured = 'messagesPerMinute' in room ? room : undefined
  const rates =
    measured === undefined
      ? {}
      : {rate: `${showCount(measured.messagesPerMinute)}/min`, messages: showCount(measured.messages)}
  const {userCount, lastActivity, createdAt} = room
  return [
    title,
    factLine({
      users: showCount(userCount),
      ...rates,
      active: agoText(lastActivity, input),
      created: agoText(createdAt, input),
    }),
    gameLine(room, input),
    [],
    ...tableLines({
      columns: MEMBER_COLUMNS.filter(({name}) => measured !== undefined || !MEASURED_COLUMNS.has(name)),
      rows: memberRows(room, input),
      list: state.lists.members,
      width: columns,
      pageRows: rows - ROOM_HEAD_ROWS,
      glyphs,
    }),
  ]
}

/** Columns that only the metrics plugin fills. */
const MEASURED_COLUMNS: ReadonlySet<string> = new Set(['rate', 'messages', 'unsent'])

function memberRows(room: RoomMetrics | RoomDetails, input: PanelInput): string[][] {
  const {isUtf8, state} = input
  return room.members.map(member => {
    const {userId, nickname, joinedAt} = member
    const seat = room.players?.indexOf(userId) ?? -1
    const name = nickname === undefined || nickname === null ? '' : foreignText(nickname, isUtf8)
    const seatText = seat < 0 ? '' : String(seat + 1)
    const joined = sinceText(joinedAt, input)
    if (!('messagesPerMinute' in member)) return [String(userId), name, seatText, joined]
    const {messagesPerMinute, messages, unsentBytes} = member
    return [
      ...[String(userId), name, showCount(messagesPerMinute), seatText, joined],
      ...[showCount(messages), showBytes(unsentBytes, state.showsRawBytes)],
    ]
  })
}

export const userPanel: Panel = (input, {columns, rows}) => {
  const {state, sample, glyphs, isUtf8} = input
  const id = currentPlace(state)?.id
  const user = sample?.user?.userId === id ? sample?.user : undefined
  const title = titleLine([span(`user ${id}`, 'title')], [span('Esc: back', 'faint')], columns, glyphs)
  if (user === undefined || user === null) return [title, waitingOrGone(sample?.user, 'user')]
  const {nickname, isGuest, address, sessionId} = user
  const name = nickname === null ? '-' : foreignText(nickname, isUtf8)
  const security = userSecurityLines(input)
  return [
    title,
    factLine({name: isGuest ? `${name} (guest)` : name, address}),
    factLine({
      connected: agoText(user.connectedAt, input),
      'last message': agoText(user.lastMessageAt, input),
    }),
    factLine(traffic(user, input)),
    factLine({session: sessionId}),
    ...security,
    [],
    ...roomsOfUser(user, input, {columns, pageRows: rows - USER_HEAD_ROWS - security.length}),
  ]
}

/** Rows of the panel of a user that are not rooms. */
const USER_HEAD_ROWS = 7

function roomsOfUser(
  user: UserMetrics | UserDetails,
  input: PanelInput,
  {columns, pageRows}: {columns: number; pageRows: number},
): StyledLine[] {
  if (!('rooms' in user) || typeof user.rooms === 'number') {
    const {roomIds} = user as UserDetails
    return [factLine({rooms: roomIds.length === 0 ? 'none' : roomIds.join(', ')})]
  }
  if (user.rooms.length === 0) return [factLine({rooms: 'none'})]
  const rows = user.rooms.map((room: RoomStats) => roomRow(room, input))
  const list = {cursor: -1, offset: 0}
  return tableLines({columns: ROOM_COLUMNS, rows, list, width: columns, pageRows, glyphs: input.glyphs})
}

function traffic(user: UserMetrics | UserDetails, {state}: PanelInput): Record<string, string> {
  const bytes = (value: number) => showBytes(value, state.showsRawBytes)
  return {
    ...('messagesPerMinute' in user && {rate: `${showCount(user.messagesPerMinute)}/min`}),
    messages: showCount(user.messages),
    in: bytes(user.bytesIn),
    out: bytes(user.bytesOut),
    unsent: bytes(user.unsentBytes),
  }
}

function gameLine({game, gameState, gameStartedAt, players}: RoomMetrics | RoomDetails, input: PanelInput): StyledLine {
  if (game === null) return factLine({game: 'none'})
  const started = gameStartedAt === null ? {} : {started: agoText(gameStartedAt, input)}
  const seats = players === null ? {} : {players: players.join(', ')}
  return factLine({game: `${foreignText(game, input.isUtf8)}, ${gameState}`, ...started, ...seats})
}

/** ` name value   name value` */
function factLine(facts: Readonly<Record<string, string>>): StyledLine {
  return Object.entries(facts).flatMap(([name, value]) => [span(`  ${name} `, 'faint'), span(`${value} `)])
}

function waitingOrGone(found: object | null | undefined, what: string): StyledLine {
  return [span(found === null ? `  this ${what} is gone` : '  asking', 'faint')]
}
