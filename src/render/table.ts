import type {Terminal} from '../util/terminal.js'
import {splitGraphemes, textColumns} from '../util/text-columns.js'
import {visibleText} from '../util/visible-text.js'

export interface TableColumn {
  readonly title: string
  /** Default: left. */
  readonly align?: 'left' | 'right'
}

const GAP = '  '
/** A column is not made narrower than this; the terminal wraps the line then. */
const MIN_WIDTH = 8
const BOLD = ['\u001b[1m', '\u001b[22m'] as const

/** Lays out rows in columns that fit the terminal; the widest columns give way. Control characters become visible. */
export function renderTable(
  columns: readonly TableColumn[],
  rows: readonly (readonly string[])[],
  terminal: Terminal,
): string {
  const visibleRows = rows.map(row => row.map(visibleText))
  const contentWidths = columns.map((column, index) =>
    Math.max(textColumns(column.title), ...visibleRows.map(row => textColumns(row[index] ?? ''))),
  )
  const widths = fitWidths(contentWidths, terminal.columns)
  const layLine = (cells: readonly string[]) =>
    columns
      .map(({align}, index) => layCell(cells[index] ?? '', widths[index] as number, align ?? 'left'))
      .join(GAP)
      .trimEnd()
  const title = layLine(columns.map(column => column.title))
  return [terminal.hasColor ? BOLD.join(title) : title, ...visibleRows.map(layLine)].join('\n')
}

/** Takes from the widest column, one by one, until the line fits. */
function fitWidths(contentWidths: readonly number[], available: number): number[] {
  const widths = [...contentWidths]
  let excess = widths.reduce((sum, width) => sum + width, 0) + GAP.length * (widths.length - 1) - available
  while (excess > 0) {
    const widest = Math.max(...widths)
    if (widest <= MIN_WIDTH) break
    widths[widths.indexOf(widest)] = widest - 1
    excess -= 1
  }
  return widths
}

function layCell(text: string, width: number, align: 'left' | 'right'): string {
  const cut = cutToWidth(text, width)
  const padding = ' '.repeat(Math.max(0, width - textColumns(cut)))
  return align === 'right' ? padding + cut : cut + padding
}

/** Cuts between characters as people see them, never inside one; the last column of what is left is `…`. */
export function cutToWidth(text: string, width: number): string {
  if (textColumns(text) <= width) return text
  let cut = ''
  let usedWidth = 1
  for (const grapheme of splitGraphemes(text)) {
    usedWidth += textColumns(grapheme)
    if (usedWidth > width) break
    cut += grapheme
  }
  return `${cut}…`
}
