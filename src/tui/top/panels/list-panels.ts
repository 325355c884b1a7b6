import type {RoomSummary, UserSummary} from '../../../contract/admin.js'
import {inSeconds} from '../../../render/listing.js'
import {showBytes, showCount} from '../show-number.js'
import {foreignText, span, type StyledLine} from '../styled-text.js'
import {TOP_TABLES, type TableName} from '../top-views.js'
import {type Panel, type PanelInput, type PanelSize, titleLine} from './panel.js'
import {tableLines} from './table-lines.js'

/** Rows of a table panel that are not rows of the table: the title and the head. */
export const TABLE_HEAD_ROWS = 2

export const roomsPanel: Panel = (input, size) => {
  const {sample} = input
  const rows = sample?.rooms?.items.map(room => roomRow(room, input)) ?? []
  return [tableTitle('rooms', sample?.rooms?.total, input, size), ...listLines('rooms', rows, input, size, 'no rooms')]
}

export const usersPanel: Panel = (input, size) => {
  const {sample} = input
  const rows = sample?.users?.items.map(user => userRow(user, input)) ?? []
  return [tableTitle('users', sample?.users?.total, input, size), ...listLines('users', rows, input, size, 'no users')]
}

function roomRow({roomId, userCount, game, gameState, lastActivity, createdAt}: RoomSummary, input: PanelInput): string[] {
  const {isUtf8} = input
  return [
    String(roomId),
    showCount(userCount),
    sinceText(lastActivity, input),
    game === null ? '' : foreignText(game, isUtf8),
    gameState ?? '',
    sinceText(createdAt, input),
  ]
}

function userRow(user: UserSummary, input: PanelInput): string[] {
  const {userId, nickname, messages, rooms, unsentBytes, connectedAt, address} = user
  const {state, isUtf8} = input
  return [
    String(userId),
    nickname === null ? '' : foreignText(nickname, isUtf8),
    showCount(messages),
    String(rooms),
    showBytes(unsentBytes, state.showsRawBytes),
    sinceText(connectedAt, input),
    address,
  ]
}

function listLines(
  table: TableName,
  rows: readonly (readonly string[])[],
  {state, glyphs, sample}: PanelInput,
  {columns, rows: height}: PanelSize,
  nothing: string,
): StyledLine[] {
  const {sort, isReversed, filter} = state.orders[table]
  const lines = tableLines({
    columns: TOP_TABLES[table],
    rows,
    list: state.lists[table],
    sort: {name: sort, isReversed},
    width: columns,
    pageRows: height - TABLE_HEAD_ROWS,
    glyphs,
  })
  if (rows.length > 0 || sample?.[table] === undefined) return lines
  return [...lines, [span(`  ${filter === '' ? nothing : `${nothing} with that in them; Esc takes the filter away`}`, 'faint')]]
}

function tableTitle(table: TableName, total: number | undefined, input: PanelInput, {columns}: PanelSize): StyledLine {
  const {state, glyphs, isUtf8} = input
  const {sort, filter} = state.orders[table]
  const filterNote = filter === "" ? [] : [span(`  filter "${foreignText(filter, isUtf8)}"`, "warning")]
  const follow = state.followedId === null ? [] : [span(`  following ${state.followedId}`, 'warning')]
  return titleLine(
    [span(table, 'title'), span(` ${showCount(total ?? null)}`, 'bold'), ...filterNote, ...follow],
    [span(`by ${sort}`, 'faint')],
    columns,
    glyphs,
  )
}

/** How long ago, by the clock of the sample, so that a paused screen stands still. */
export function sinceText(time: string, {sample}: Pick<PanelInput, 'sample'>): string {
  return inSeconds(Math.max(0, (sample?.takenAtMs ?? 0) - Date.parse(time)))
}
