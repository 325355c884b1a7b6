import type {TopListQuery, TopQuery, TopSample} from '../../ops/top/top-sample.js'
import {layoutTop, type PanelName, type PanelPlace, type ScreenSize} from './layout.js'
import type {ListWindow} from './move-cursor.js'
import {ROOM_HEAD_ROWS} from './panels/detail-panels.js'
import {CLOSED_HEAD_ROWS, EVENTS_HEAD_ROWS} from './panels/event-panels.js'
import {TABLE_HEAD_ROWS} from './panels/list-panels.js'
import {currentList, currentPlace, type TopState} from './top-state.js'
import type {TableName} from './top-views.js'

/** One who follows a row wants it found even when it falls behind. */
const FOLLOWED_ROWS = 500
/** As many as the widest screen has columns for curves. */
const MAX_POINTS = 300

/** What a screen of this size shows in this state, and so all that the server is asked for. */
export function queryFor(state: TopState, size: ScreenSize): TopQuery {
  const places = layoutTop(size, state.view, currentPlace(state))
  const rows = pageRows(places, 'rooms', TABLE_HEAD_ROWS)
  const users = pageRows(places, 'users', TABLE_HEAD_ROWS)
  const closed = pageRows(places, 'closed', CLOSED_HEAD_ROWS)
  const blocks = pageRows(places, 'blocks', TABLE_HEAD_ROWS)
  const hasSecurity = shows(places, 'security', 'blocks', 'side', 'strip')
  const place = currentPlace(state)
  return {
    ...(rows > 0 && {rooms: listFor(state, 'rooms', rows)}),
    ...(users > 0 && {users: listFor(state, 'users', users)}),
    ...(closed > 0 && {closed: {limit: closed}}),
    ...(shows(places, 'charts') && {history: {points: MAX_POINTS}}),
    ...(hasSecurity && {security: {blocks: blocks > 0 ? listFor(state, 'blocks', blocks) : null}}),
    ...(shows(places, 'cache', 'side', 'strip') && {cache: true as const}),
    ...(place?.kind === 'room' && {roomId: place.id}),
    ...(place?.kind === 'user' && {userId: place.id}),
  }
}

/** The server's log is followed only while it is shown. */
export function showsEvents(state: TopState, size: ScreenSize): boolean {
  return shows(layoutTop(size, state.view, currentPlace(state)), 'events')
}

/** What is on the screen of the list that the arrows move in. */
export function windowFor(
  state: TopState,
  size: ScreenSize,
  {sample, eventCount}: {sample: TopSample | undefined; eventCount: number},
): ListWindow {
  const places = layoutTop(size, state.view, currentPlace(state))
  const list = currentList(state)
  switch (list) {
    case 'rooms': {
      const {items = [], total = 0} = sample?.rooms ?? {}
      return {pageRows: pageRows(places, list, TABLE_HEAD_ROWS), ids: items.map(({roomId}) => roomId), total}
    }
    case 'users': {
      const {items = [], total = 0} = sample?.users ?? {}
      return {pageRows: pageRows(places, list, TABLE_HEAD_ROWS), ids: items.map(({userId}) => userId), total}
    }
    case 'blocks': {
      const {items = [], total = 0} = sample?.blocks ?? {}
      return {pageRows: pageRows(places, list, TABLE_HEAD_ROWS), ids: items.map(({target}) => target), total}
    }
    case 'members': {
      const ids = sample?.room?.members.map(({userId}) => userId) ?? []
      return {pageRows: pageRows(places, 'room', ROOM_HEAD_ROWS), ids, total: ids.length}
    }
    case 'events':
      return {pageRows: pageRows(places, list, EVENTS_HEAD_ROWS), ids: [], total: eventCount}
    case null:
      return {pageRows: 0, ids: [], total: 0}
  }
}

function listFor(state: TopState, table: TableName, rows: number): TopListQuery {
  const {sort, isReversed, filter} = state.orders[table]
  const limit = state.lists[table].offset + rows
  const isFollowing = state.followedId !== null
  return {sort, isReversed, filter, limit: isFollowing ? Math.max(limit, FOLLOWED_ROWS) : limit}
}

function pageRows(places: readonly PanelPlace[], panel: PanelName, headRows: number): number {
  const place = places.find(found => found.panel === panel)
  return place === undefined ? 0 : Math.max(0, place.rows - headRows)
}

function shows(places: readonly PanelPlace[], ...panels: readonly PanelName[]): boolean {
  return places.some(({panel}) => panels.includes(panel))
}
