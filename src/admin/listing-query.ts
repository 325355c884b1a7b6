import {z} from 'zod'

import type {Listing} from '../contract/admin.js'
import {LISTING_COLUMNS, type ListingName, MAX_FILTER_CHARACTERS, sortKeys} from '../util/listing-columns.js'
import {sortRows} from '../util/sort-rows.js'
import {countText, flagText} from './route.js'

export interface ListingQuery {
  readonly sort?: string | undefined
  readonly reverse?: boolean | undefined
  readonly limit?: number | undefined
  readonly filter?: string | undefined
}

const DEFAULT_LIMIT = 20
const MAX_LIMIT = 100_000

/** `sort`, `reverse`, `limit` and `filter` of a list, and filters of its own. */
export function listingQuery<Filters extends object = object>(
  name: ListingName,
  filters: z.ZodRawShape = {},
): z.ZodType<ListingQuery & Filters> {
  return z.strictObject({
    sort: z
      .enum(sortKeys(name))
      .describe('Largest, newest or first in the alphabet on top. Left out: the order of the summary.')
      .optional(),
    reverse: flagText.describe('Turns the order around.').optional(),
    limit: countText(1, MAX_LIMIT).describe(`Most items. Left out: ${DEFAULT_LIMIT}.`).optional(),
    filter: z
      .string()
      .max(MAX_FILTER_CHARACTERS)
      .describe('Only items with this in an id or a text, in capitals or not.')
      .optional(),
    ...filters,
  }) as never
}

/**
 * Filters, sorts and cuts a list here, so that only what is shown crosses the socket; `finish` makes the answer of what is
 * left, and `total` counts what was not cut yet.
 * Numbers and times come largest and newest first, text in its order, nothing at the end; equal ones keep their order.
 * Without `sort` the list stays as it is.
 */
export function cutListing<Row extends object, Item>(
  all: readonly Row[],
  {sort, reverse = false, limit = DEFAULT_LIMIT, filter = ''}: ListingQuery,
  {name, finish}: {name: ListingName; finish: (row: Row) => Item},
): Listing<Item> {
  const rows = filter === '' ? all : all.filter(row => hasText(row, Object.values(LISTING_COLUMNS[name]), filter))
  const sorted = sort === undefined ? [...rows] : sortRows(rows, fieldOf(name, sort))
  if (reverse) sorted.reverse()
  return {items: sorted.slice(0, limit).map(finish), total: rows.length}
}

/** Times are numbers here and sizes are none that one looks for, so of the numbers only ids count. */
function hasText(row: object, fields: readonly string[], wanted: string): boolean {
  const lowerCase = wanted.toLowerCase()
  return fields.some(field => {
    const value = (row as Record<string, unknown>)[field]
    const isText = typeof value === 'string' || field.endsWith('Id')
    return isText && String(value).toLowerCase().includes(lowerCase)
  })
}

function fieldOf(name: ListingName, sort: string): string {
  return (LISTING_COLUMNS[name] as Record<string, string>)[sort] ?? sort
}
