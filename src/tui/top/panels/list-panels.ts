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
  const {items = [], total} = input.sample?.rooms ?? {}
  const rows = items.map(room => roomRow(room, input))
  return tablePanel({table: 'rooms', rows, total, nothing: 'no rooms'}, input, size)
}

export const usersPanel: Panel = (input, size) => {
  const {items = [], total} = input.sample?.users ?? {}
  const rows = items.map(user => userRow(user, input))
  return tablePanel({table: 'users', rows, total, nothing: 'no users'}, input, size)
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

export interface TablePanel {
  readonly table: TableName
  readonly rows: readonly (readonly string[])[]
  /** Undefined until the server was asked. */
  readonly total: number | undefined
  /** What is said where there are no rows. */
  readonly nothing: string
  /** Stands beside the number. */
  readonly warning?: string
}

/** A title with number, order and filter, the head of the table, and its rows. */
export function tablePanel(content: TablePanel, input: PanelInput, {columns, rows: height}: PanelSize): StyledLine[] {
  const {table, rows, total, nothing} = content
  const {state, glyphs, sample} = input
  const {sort: wanted, isReversed, filter} = state.orders[table]
  // Without rates the server was asked for something else.
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
  const words = filter === '' ? nothing : `${nothing} with that in them; Esc takes the filter away`
  const isEmpty = rows.length === 0 && total !== undefined
  const title = tableTitle(content, {sort, isReversed}, input, columns)
  return [title, ...lines, ...(isEmpty ? [[span(`  ${words}`, 'faint')]] : [])]
}

function tableTitle(
  {table, total, warning}: TablePanel,
  {sort, isReversed}: {sort: string; isReversed: boolean},
  {state, glyphs, isUtf8}: PanelInput,
  columns: number,
): StyledLine {
  const {filter} = state.orders[table]
  const filterNote = filter === '' ? [] : [span(`  filter "${foreignText(filter, isUtf8)}"`, 'warning')]
  const warned = warning === undefined ? [] : [span(`  ${warning}`, 'warning')]
  const follow = state.followedId === null ? [] : [span(`  following ${state.followedId}`, 'warning')]
  return titleLine(
    [span(table, 'title'), span(` ${showCount(total ?? null)}`, 'bold'), ...warned, ...filterNote, ...follow],
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
