import {fitLine, type Span, type StyledLine, span} from '../styled-text.js'
import {countedColumns} from './counted-columns.js'
import {type Panel, titleLine} from './panel.js'
import {offLines} from './plugin-panels.js'

/** Narrower ones say nothing. */
const MIN_COLUMNS = 34

/** What the server was asked for, what it refused, and why connections ended: since the start, or in the interval. */
export const countsPanel: Panel = (input, {columns, rows}) => {
  const {sample, state, glyphs} = input
  const metrics = sample?.metrics
  if (metrics === undefined || metrics === null) return offLines('counts', metrics, input, columns, 'metrics')
  const {messageTypes, errors, closeReasons, refusals} = state.showsTotals ? metrics : metrics.recent
  const lists = Object.entries({messages: messageTypes, errors, 'connections closed': closeReasons, refusals})
  const shown = lists.slice(0, Math.max(1, Math.floor(columns / MIN_COLUMNS)))
  const width = Math.floor(columns / shown.length)
  const note = state.showsTotals ? 'since the start' : `last ${(metrics.intervalMs / 1000).toFixed(0)} s`
  const parts = shown.map(([name, counts], index): StyledLine[] => {
    const lines = countedColumns(counts, {columns: MIN_COLUMNS - 1, rows: rows - 1, isUtf8: input.isUtf8})
    return [
      titleLine([span(name, 'title')], index === shown.length - 1 ? [span(note, 'faint')] : [], width, glyphs),
      ...(lines.length > 0 ? lines : [[span('  none', 'faint')]]),
    ]
  })
  return Array.from({length: rows}, (_, row) => parts.flatMap((part): Span[] => [...fitLine(part[row] ?? [], width)]))
}
