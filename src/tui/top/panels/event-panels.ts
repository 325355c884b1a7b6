import {inSeconds} from '../../../render/listing.js'
import {showBytes, showCount} from '../show-number.js'
import {foreignText, padCell, type StyledLine, span} from '../styled-text.js'
import {timeOfDay} from './header-panel.js'
import {sinceText} from './list-panels.js'
import {type Panel, titleLine} from './panel.js'
import {tableLines} from './table-lines.js'

/** Rows of the panel of events that are no events. */
export const EVENTS_HEAD_ROWS = 1

/** The server's log, newest first. */
export const eventsPanel: Panel = ({state, events, glyphs, isUtf8}, {columns, rows}) => {
  const title = titleLine([span('events', 'title')], [span('newest first', 'faint')], columns, glyphs)
  if (events.length === 0) return [title, [span('  nothing happened', 'faint')]]
  const {offset, cursor} = state.lists.events
  const isList = state.view === 'events'
  const from = isList ? offset : 0
  const lines = events
    .slice(from, from + rows - EVENTS_HEAD_ROWS)
    .map(({atMs, mark, tone, text}, index): StyledLine => {
      const isChosen = isList && from + index === cursor
      const pointer = isChosen ? glyphs.pointer : ' '
      return [
        span(`${pointer} ${timeOfDay(atMs)} `, 'faint'),
        span(padCell(mark, 6), tone),
        span(foreignText(text, isUtf8), tone === 'bad' ? 'bad' : 'plain'),
      ]
    })
  return [title, ...lines]
}

const CLOSED_COLUMNS = [
  {name: 'closed', columns: 8, align: 'right'},
  {name: 'reason', columns: 18, align: 'left'},
  {name: 'user', columns: 10, align: 'right'},
  {name: 'address', columns: 15, align: 'left'},
  {name: 'lasted', columns: 8, align: 'right'},
  {name: 'messages', columns: 8, align: 'right'},
  {name: 'unsent', columns: 9, align: 'right'},
  {name: 'name', columns: 16, align: 'left'},
] as const

/** Rows of the panel of closed connections that are none. */
export const CLOSED_HEAD_ROWS = 2

/** The last closed connections, with the reason of each. */
export const closedPanel: Panel = (input, {columns, rows}) => {
  const {sample, glyphs, isUtf8, state} = input
  const closed = sample?.closed
  const title = titleLine(
    [span('closed connections', 'title'), span(` ${showCount(closed?.total ?? null)}`, 'bold')],
    [span('newest first', 'faint')],
    columns,
    glyphs,
  )
  const lines = (closed?.items ?? []).map(entry => [
    sinceText(entry.closedAt, input),
    entry.reason,
    entry.userId === null ? '' : String(entry.userId),
    entry.address,
    inSeconds(entry.durationMs),
    showCount(entry.messages),
    showBytes(entry.unsentBytes, state.showsRawBytes),
    entry.nickname === null ? '' : foreignText(entry.nickname, isUtf8),
  ])
  return [
    title,
    ...tableLines({
      columns: CLOSED_COLUMNS,
      rows: lines,
      list: {cursor: -1, offset: 0},
      width: columns,
      pageRows: rows - CLOSED_HEAD_ROWS,
      glyphs,
    }),
  ]
}
