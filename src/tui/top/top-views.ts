import {GsError} from '../../errors.js'
import {visibleValue} from '../../util/visible-text.js'

/** In the order of their keys: `1` is the first. */
export const TOP_VIEWS = ['overview', 'rooms', 'users', 'plugins', 'security', 'cache', 'events'] as const

export type TopView = (typeof TOP_VIEWS)[number]

export interface TableColumn {
  /** What is printed, sorted by and typed. */
  readonly name: string
  readonly columns: number
  readonly align: 'left' | 'right'
}

/** Tables that the server sorts; `rate` is messages a minute, `active` the time since the last one. The further right a column stands, the sooner it gives way. */
export const TOP_TABLES = {
  rooms: [
    {name: 'room', columns: 10, align: 'right'},
    {name: 'users', columns: 6, align: 'right'},
    {name: 'rate', columns: 8, align: 'right'},
    {name: 'active', columns: 8, align: 'right'},
    {name: 'game', columns: 12, align: 'left'},
    {name: 'state', columns: 8, align: 'left'},
  ],
  users: [
    {name: 'user', columns: 10, align: 'right'},
    {name: 'name', columns: 16, align: 'left'},
    {name: 'messages', columns: 9, align: 'right'},
    {name: 'rooms', columns: 6, align: 'right'},
    {name: 'unsent', columns: 9, align: 'right'},
    {name: 'connected', columns: 10, align: 'right'},
    {name: 'address', columns: 15, align: 'left'},
  ],
  blocks: [
    {name: 'target', columns: 18, align: 'left'},
    {name: 'rule', columns: 18, align: 'left'},
    {name: 'ends', columns: 8, align: 'right'},
    {name: 'since', columns: 8, align: 'right'},
    {name: 'author', columns: 10, align: 'left'},
    {name: 'kind', columns: 7, align: 'left'},
    {name: 'reason', columns: 30, align: 'left'},
  ],
} as const satisfies Record<string, readonly TableColumn[]>

export type TableName = keyof typeof TOP_TABLES

/** The table that a view shows; null for views without one. */
export function tableOf(view: TopView): TableName | null {
  if (view === 'users') return 'users'
  if (view === 'security') return 'blocks'
  return view === 'overview' || view === 'rooms' ? 'rooms' : null
}

export function sortColumns(table: TableName): readonly string[] {
  return TOP_TABLES[table].map(({name}) => name)
}

/**
 * The column that the table of a view is to be sorted by.
 *
 * @throws {GsError} usage when the table has no such column, or the view no table.
 */
export function checkSort(view: TopView, sort: string | undefined): string | undefined {
  const table = tableOf(view)
  if (sort === undefined || (table !== null && sortColumns(table).includes(sort))) return sort
  const hint = table === null ? `The view ${view} has no table.` : `Use one of ${sortColumns(table).join(', ')}.`
  throw new GsError('usage', `cannot sort by ${visibleValue(sort)}`, {hint})
}
