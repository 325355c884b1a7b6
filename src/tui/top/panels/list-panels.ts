import type {UserSummary} from '../../../contract/admin.js'
import type {TopRoom} from '../../../ops/top/top-sample.js'
import {inSeconds} from '../../../render/listing.js'
import {showBytes, showCount} from '../show-number.js'
import {foreignText, type StyledLine, span} from '../styled-text.js'
import {type TableName, TOP_TABLES} from '../top-views.js'
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

export function roomRow(room: TopRoom, input: PanelInput): string[] {
  const {roomId, userCount, messagesPerMinute, lastActivity, game, gameState} = room
  return [
    String(roomId),
    showCount(userCount),
    showCount(messagesPerMinute),
    sinceText(lastActivity, input),
    game === null ? '' : foreignText(game, input.isUtf8),
    gameState ?? '',
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
  const {sort: wanted, isReversed, filter} = state.orders[table]
  const sort = (table === 'rooms' ? sample?.rooms?.sort : undefined) ?? wanted
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
  return [
    ...lines,
    [span(`  ${filter === '' ? nothing : `${nothing} with that in them; Esc takes the filter away`}`, 'faint')],
  ]
}

function tableTitle(table: TableName, total: number | undefined, input: PanelInput, {columns}: PanelSize): StyledLine {
  const {state, glyphs, isUtf8} = input
  const {sort: wanted, isReversed, filter} = state.orders[table]
  const sort = (table === 'rooms' ? input.sample?.rooms?.sort : undefined) ?? wanted
  const filterNote = filter === '' ? [] : [span(`  filter "${foreignText(filter, isUtf8)}"`, 'warning')]
  const follow = state.followedId === null ? [] : [span(`  following ${state.followedId}`, 'warning')]
  return titleLine(
    [span(table, 'title'), span(` ${showCount(total ?? null)}`, 'bold'), ...filterNote, ...follow],
    [span(`by ${sort}${isReversed ? ', reversed' : ''}`, 'faint')],
    columns,
    glyphs,
  )
}

/** How long ago, by the clock of the sample, so that a paused screen stands still. */
export function sinceText(time: string, {sample}: Pick<PanelInput, 'sample'>): string {
  const sinceMs = (sample?.takenAtMs ?? 0) - Date.parse(time)
  return sinceMs < 1000 ? 'now' : inSeconds(sinceMs)
}

/** The same in a sentence. */
export function agoText(time: string, input: Pick<PanelInput, 'sample'>): string {
  const since = sinceText(time, input)
  return since === 'now' ? since : `${since} ago`
}
