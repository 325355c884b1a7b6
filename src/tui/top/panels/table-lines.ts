import type {Glyphs} from '../glyphs.js'
import {fitLine, padCell, type StyledLine, span} from '../styled-text.js'
import type {ListState} from '../top-state.js'
import type {TableColumn} from '../top-views.js'

export interface TableInput {
  readonly columns: readonly TableColumn[]
  /** One text for each column. Bounded by what fits. */
  readonly rows: readonly (readonly string[])[]
  readonly list: ListState
  /** Name of the column that orders it; undefined: none that one can choose. */
  readonly sort?: {readonly name: string; readonly isReversed: boolean}
  readonly width: number
  /** Rows there is room for, without the head. */
  readonly pageRows: number
  readonly glyphs: Glyphs
}

const GAP = 2
const MAX_GAP = 5
const POINTER_COLUMNS = 2

/** A head and the rows from the list's offset on; columns that do not fit go from the right. */
export function tableLines({columns, rows, list, sort, width, pageRows, glyphs}: TableInput): StyledLine[] {
  const fitting = columnsThatFit(columns, width)
  const gap = ' '.repeat(gapFor(fitting, width))
  const head = fitting.map(({name, columns, align}) => {
    const isSorted = name === sort?.name
    const arrow = isSorted ? (sort?.isReversed ? glyphs.up : glyphs.down) : ''
    return span(`${padCell(`${name.toUpperCase()}${arrow}`, columns, align)}${gap}`, isSorted ? 'bold' : 'title')
  })
  const lines = rows.slice(list.offset, list.offset + pageRows).map((row, index) => {
    const isChosen = list.offset + index === list.cursor
    const cells = fitting.map(({columns, align}, column) => padCell(row[column] ?? '', columns, align))
    const text = `${isChosen ? glyphs.pointer : ' '} ${cells.join(gap)}`
    return fitLine([span(text, isChosen ? 'chosen' : 'plain')], width, isChosen ? 'chosen' : 'plain')
  })
  return [[span(' '.repeat(POINTER_COLUMNS)), ...head], ...lines]
}

/** Where there is room, columns stand further apart, as far as the eye still follows a row. */
function gapFor(columns: readonly TableColumn[], width: number): number {
  const used = columns.reduce((sum, column) => sum + column.columns, POINTER_COLUMNS)
  return Math.max(GAP, Math.min(MAX_GAP, Math.floor((width - used) / columns.length)))
}

function columnsThatFit(columns: readonly TableColumn[], width: number): readonly TableColumn[] {
  let used = POINTER_COLUMNS
  const fitting = columns.filter(({columns}, index) => {
    used += columns + (index > 0 ? GAP : 0)
    return used <= width
  })
  return fitting.length > 0 ? fitting : columns.slice(0, 1)
}
