import type {TopAction} from '../../ops/top/top-actions.js'
import type {Tone} from './styled-text.js'
import {type TableName, type TopView, tableOf} from './top-views.js'

/** A list that one moves in. */
export type ListName = TableName | 'members' | 'events'

export interface ListState {
  /** Index of the chosen row. */
  readonly cursor: number
  /** Index of the first row that is shown. */
  readonly offset: number
}

export interface TableOrder {
  readonly sort: string
  readonly isReversed: boolean
  /** Part of an id or text; empty: no filter. */
  readonly filter: string
}

/** Something one looks into. */
export interface Place {
  readonly kind: 'room' | 'user'
  readonly id: number
}

/** A line that is typed: what for, and what stands there so far. */
export type Prompt =
  | {readonly kind: 'filter' | 'sort'; readonly table: TableName; readonly text: string}
  | {readonly kind: 'block'; readonly userId: number; readonly text: string}

/** What a row of a list is known by. */
export type RowId = number | string

/** A block is confirmed by typing its duration. */
export type ConfirmedAction = Exclude<TopAction, {readonly kind: 'block'}>

export type Overlay =
  | {readonly kind: 'help'}
  | {readonly kind: 'prompt'; readonly prompt: Prompt}
  | {readonly kind: 'confirm'; readonly action: ConfirmedAction}

export interface Message {
  readonly text: string
  readonly tone: Tone
  readonly atMs: number
}

/** Whether the server answers. */
export type Link =
  | {readonly kind: 'connecting'}
  | {readonly kind: 'connected'}
  | {readonly kind: 'lost'; readonly sinceMs: number; readonly reason: string}

/** All that a person changed about the screen, and what they were told. The numbers are kept apart from it. */
export interface TopState {
  readonly view: TopView
  /** Outermost first; empty: nothing is looked into. */
  readonly trail: readonly Place[]
  readonly lists: {readonly [Name in ListName]: ListState}
  readonly orders: {readonly [Name in TableName]: TableOrder}
  /** The chosen row is this one, wherever it moves. */
  readonly followedId: RowId | null
  readonly intervalMs: number
  readonly isPaused: boolean
  /** Sums since the start in place of rates. */
  readonly showsTotals: boolean
  readonly showsRawBytes: boolean
  /** Nothing can be done to the server from here. */
  readonly isReadOnly: boolean
  readonly overlay: Overlay | null
  readonly message: Message | null
  readonly link: Link
}

export interface TopOptions {
  readonly view: TopView
  /** For the table of the view; undefined: the first choice of that table. */
  readonly sort: string | undefined
  readonly isReversed: boolean
  readonly filter: string
  readonly intervalMs: number
  readonly isReadOnly: boolean
}

const DEFAULT_SORTS = {rooms: 'rate', users: 'messages', blocks: 'since'} as const
const TOP_OF_LIST: ListState = {cursor: 0, offset: 0}

export function beginTop({view, sort, isReversed, filter, intervalMs, isReadOnly}: TopOptions): TopState {
  const table = tableOf(view)
  const orderOf = (name: TableName): TableOrder =>
    name === table
      ? {sort: sort ?? DEFAULT_SORTS[name], isReversed, filter}
      : {sort: DEFAULT_SORTS[name], isReversed: false, filter: ''}
  return {
    view,
    trail: [],
    lists: {rooms: TOP_OF_LIST, users: TOP_OF_LIST, blocks: TOP_OF_LIST, members: TOP_OF_LIST, events: TOP_OF_LIST},
    orders: {rooms: orderOf('rooms'), users: orderOf('users'), blocks: orderOf('blocks')},
    followedId: null,
    intervalMs,
    isPaused: false,
    showsTotals: false,
    showsRawBytes: false,
    isReadOnly,
    overlay: null,
    message: null,
    link: {kind: 'connecting'},
  }
}

/** What one looks into; undefined: nothing. */
export function currentPlace(state: TopState): Place | undefined {
  return state.trail.at(-1)
}

/** The table whose order the keys change; null where there is none. */
export function currentTable(state: TopState): TableName | null {
  return currentPlace(state) === undefined ? tableOf(state.view) : null
}

/** The list that the arrows move in; null where there is none. */
export function currentList(state: TopState): ListName | null {
  const place = currentPlace(state)
  if (place !== undefined) return place.kind === 'room' ? 'members' : null
  return state.view === 'events' ? 'events' : tableOf(state.view)
}

export function withMessage(state: TopState, text: string, tone: Tone, nowMs: number): TopState {
  return {...state, message: {text, tone, atMs: nowMs}}
}
