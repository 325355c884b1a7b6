import {currentList, type ListName, type ListState, type RowId, type TopState} from './top-state.js'

/** What is on the screen of the list that the arrows move in. */
export interface ListWindow {
  /** Rows there is room for. */
  readonly pageRows: number
  /** Ids of the rows that are known, from the first of the list on. */
  readonly ids: readonly RowId[]
  /** How many rows the whole list has. */
  readonly total: number
}

/** Moves the chosen row by so many; whoever moves by hand follows nobody. */
export function moveBy(state: TopState, window: ListWindow, rows: number): TopState {
  const list = currentList(state)
  if (list === null) return state
  return {...withCursor(state, list, window, state.lists[list].cursor + rows), followedId: null}
}

export function moveTo(state: TopState, window: ListWindow, row: number): TopState {
  const list = currentList(state)
  return list === null ? state : {...withCursor(state, list, window, row), followedId: null}
}

/** After new rows came: the followed row is chosen again, and nothing beyond the end is. */
export function settleCursor(state: TopState, window: ListWindow): TopState {
  const list = currentList(state)
  if (list === null) return state
  const followed = state.followedId === null ? -1 : window.ids.indexOf(state.followedId)
  return withCursor(state, list, window, followed >= 0 ? followed : state.lists[list].cursor)
}

/** The id of the chosen row; undefined for none. */
export function chosenId(state: TopState, {ids}: ListWindow): RowId | undefined {
  const list = currentList(state)
  return list === null ? undefined : ids[state.lists[list].cursor]
}

function withCursor(state: TopState, list: ListName, window: ListWindow, wanted: number): TopState {
  const next = clampList(state.lists[list], window, wanted)
  const {cursor, offset} = state.lists[list]
  if (next.cursor === cursor && next.offset === offset) return state
  return {...state, lists: {...state.lists, [list]: next}}
}

/** Scrolls no further than it takes to see the chosen row. */
function clampList({offset}: ListState, {pageRows, total}: ListWindow, wanted: number): ListState {
  const cursor = Math.max(0, Math.min(wanted, total - 1))
  const page = Math.max(1, pageRows)
  const lowest = Math.max(0, cursor - page + 1)
  const highest = Math.min(cursor, Math.max(0, total - page))
  return {cursor, offset: Math.max(Math.min(lowest, cursor), Math.min(offset, Math.max(lowest, highest)))}
}
