import {currentTable, type RowId, type TableOrder, type TopState} from './top-state.js'
import {sortColumns, type TableName, TOP_VIEWS, type TopView} from './top-views.js'

const INTERVAL_STEP_MS = 500
const MIN_INTERVAL_MS = 500
const MAX_INTERVAL_MS = 60_000

export function openView(state: TopState, view: TopView): TopState {
  return {...state, view, trail: [], followedId: null}
}

/** The next view, or with -1 the one before; around the ends. */
export function turnView(state: TopState, step: 1 | -1): TopState {
  const index = (TOP_VIEWS.indexOf(state.view) + step + TOP_VIEWS.length) % TOP_VIEWS.length
  return openView(state, TOP_VIEWS[index] as TopView)
}

/** Sorts by the next column; around the ends. */
export function turnSort(state: TopState, step: 1 | -1): TopState {
  const table = currentTable(state)
  if (table === null) return state
  const names = sortColumns(table)
  const index = (names.indexOf(state.orders[table].sort) + step + names.length) % names.length
  return withOrder(state, table, {sort: names[index] as string})
}

export function reverseOrder(state: TopState): TopState {
  const table = currentTable(state)
  return table === null ? state : withOrder(state, table, {isReversed: !state.orders[table].isReversed})
}

export function withOrder(state: TopState, table: TableName, change: Partial<TableOrder>): TopState {
  return {...state, orders: {...state.orders, [table]: {...state.orders[table], ...change}}}
}

/** Follows the chosen row, or nobody any more. */
export function toggleFollow(state: TopState, chosenId: RowId | undefined): TopState {
  return {...state, followedId: state.followedId === null ? (chosenId ?? null) : null}
}

/** By half a second, within half a second and a minute. */
export function changeInterval(state: TopState, steps: 1 | -1): TopState {
  const {intervalMs} = state
  const wantedMs = intervalMs + steps * INTERVAL_STEP_MS
  // A shorter one can be asked for when it is started.
  const leastMs = Math.min(intervalMs, MIN_INTERVAL_MS)
  return {...state, intervalMs: Math.min(MAX_INTERVAL_MS, Math.max(leastMs, wantedMs))}
}
