import type {Place} from './top-state.js'
import type {TopView} from './top-views.js'

export interface ScreenSize {
  readonly columns: number
  readonly rows: number
}

export type PanelName =
  | 'header'
  | 'tabs'
  | 'numbers'
  | 'charts'
  | 'rooms'
  | 'users'
  | 'room'
  | 'user'
  | 'plugins'
  | 'security'
  | 'blocks'
  | 'counts'
  | 'cache'
  | 'side'
  | 'strip'
  | 'events'
  | 'closed'
  | 'footer'

/** A part of the screen, in columns and rows from its top left corner. */
export interface PanelPlace {
  readonly panel: PanelName
  readonly left: number
  readonly top: number
  readonly columns: number
  readonly rows: number
}

/** Below this there is only a line that says so. */
export const SMALLEST: ScreenSize = {columns: 40, rows: 10}

const SIDE_COLUMNS = 46
/** A title, a line of facts, rules that refused, a blank. */
const SECURITY_ROWS = 7
/** A title, and more kinds of messages than there are. */
const MAX_COUNT_ROWS = 12
const MIN_COLUMNS_WITH_SIDE = 124

/**
 * What stands where. What gives way when the screen is too low, in this order: events; what stands beside the table, of
 * which a line above it is left; curves and that line; the third row of numbers; the list of views. When it is too narrow:
 * what stands beside the table becomes that line, then curves become fewer, then columns of tables go, from the right.
 * Header, two rows of numbers, table and the line of keys stay. Nothing: the screen is smaller than `SMALLEST`.
 */
export function layoutTop(size: ScreenSize, view: TopView, place: Place | undefined): PanelPlace[] {
  const {columns, rows} = size
  if (columns < SMALLEST.columns || rows < SMALLEST.rows) return []
  const head = headRows(size)
  const foot = stack([['footer', 1]], rows - 1, columns)
  const top = bottomOf(head)
  const main = {top, rows: rows - 1 - top, columns}
  if (place !== undefined) return [...head, ...stack([[place.kind, main.rows]], top, columns), ...foot]
  return [...head, ...mainPanels(view, main, rows), ...foot]
}

interface MainPart {
  readonly top: number
  readonly rows: number
  readonly columns: number
}

function headRows({columns, rows}: ScreenSize): PanelPlace[] {
  const numberRows = rows >= 18 && columns >= 70 ? 3 : 2
  return stack([['header', 1], ...(rows >= 16 ? [['tabs', 1] as const] : []), ['numbers', numberRows]], 0, columns)
}

function mainPanels(view: TopView, main: MainPart, screenRows: number): PanelPlace[] {
  const {top, rows, columns} = main
  switch (view) {
    case 'overview':
      return overview(main, screenRows)
    case 'events': {
      const closedRows = rows >= 12 ? Math.floor(rows / 2) : 0
      return stack(
        [
          ['events', rows - closedRows],
          ['closed', closedRows],
        ],
        top,
        columns,
      )
    }
    case 'security': {
      const factRows = rows >= 14 ? SECURITY_ROWS : 0
      return stack(
        [
          ['security', factRows],
          ['blocks', rows - factRows],
        ],
        top,
        columns,
      )
    }
    case 'plugins': {
      const countRows = rows >= 16 ? Math.min(MAX_COUNT_ROWS, Math.floor(rows / 2)) : 0
      return stack(
        [
          ['plugins', rows - countRows],
          ['counts', countRows],
        ],
        top,
        columns,
      )
    }
    default:
      return stack([[view, rows]], top, columns)
  }
}

function overview({top, rows, columns}: MainPart, screenRows: number): PanelPlace[] {
  const hasSide = columns >= MIN_COLUMNS_WITH_SIDE && screenRows >= 30
  const chartRows = screenRows < 22 ? 0 : screenRows < 30 ? 6 : Math.min(14, Math.floor(screenRows * 0.26))
  const stripRows = !hasSide && screenRows >= 22 ? 1 : 0
  const eventRows = screenRows >= 32 ? Math.min(10, Math.floor(screenRows * 0.18)) : 0
  const tableRows = rows - chartRows - stripRows - eventRows
  const above = stack(
    [
      ['charts', chartRows],
      ['strip', stripRows],
    ],
    top,
    columns,
  )
  const tableTop = top + chartRows + stripRows
  const events = stack([['events', eventRows]], tableTop + tableRows, columns)
  if (!hasSide) return [...above, ...stack([['rooms', tableRows]], tableTop, columns), ...events]
  const left = columns - SIDE_COLUMNS
  const side = stack([['side', tableRows]], tableTop, SIDE_COLUMNS, left)
  // One column between them stays free.
  return [...above, ...stack([['rooms', tableRows]], tableTop, left - 1), ...side, ...events]
}

/** Panels one below the other; those without rows are left out. */
function stack(parts: readonly (readonly [PanelName, number])[], top: number, columns: number, left = 0): PanelPlace[] {
  let next = top
  return parts
    .filter(([, rows]) => rows > 0)
    .map(([panel, rows]) => {
      const place = {panel, left, top: next, columns, rows}
      next += rows
      return place
    })
}

function bottomOf(places: readonly PanelPlace[]): number {
  return Math.max(...places.map(({top, rows}) => top + rows))
}
