import type {Listing} from '../contract/admin.js'
import {formatDuration, formatSize} from '../units.js'
import {LISTING_COLUMNS, type ListingName} from '../util/listing-columns.js'
import type {Terminal} from '../util/terminal.js'
import {renderTable} from './table.js'

/** Fields that are sizes, durations and times, by the ends of their names. */
const SIZE = /Bytes$|^bytes/
const DURATION = /Ms$/
const TIME = /At$|^lastActivity$|^since$/
const END = /^until$/

/** A list as a table: titles are the names one can sort by, times are shown as how long ago. */
export function renderListing(
  name: ListingName,
  {items, total}: Listing<object>,
  {terminal, nowMs}: {terminal: Terminal; nowMs: number},
): string {
  const columns = Object.entries(LISTING_COLUMNS[name] as Record<string, string>)
  const rows = items.map(item =>
    columns.map(([, field]) => showField(field, (item as Record<string, unknown>)[field], nowMs)),
  )
  const titles = columns.map(([title, field]) => ({
    title: title.toUpperCase(),
    align: items.some(item => typeof (item as Record<string, unknown>)[field] === 'number') ? 'right' : 'left',
  })) as {title: string; align: 'left' | 'right'}[]
  const table = renderTable(titles, rows, terminal)
  return items.length < total ? `${table}\n${items.length} of ${total}; --limit shows more` : table
}

/** One field of an answer in words; `-` for nothing. */
export function showField(field: string, value: unknown, nowMs: number): string {
  if (value === null || value === undefined) return '-'
  if (typeof value === 'number' && SIZE.test(field)) return formatSize(value)
  if (typeof value === 'number' && DURATION.test(field)) return inSeconds(value)
  if (typeof value === 'string' && TIME.test(field)) return `${inSeconds(Math.max(0, nowMs - Date.parse(value)))} ago`
  if (typeof value === 'string' && END.test(field)) return `in ${inSeconds(Math.max(0, Date.parse(value) - nowMs))}`
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  return Array.isArray(value) ? value.map(String).join(', ') || '-' : String(value)
}

/** From a second on, milliseconds would only be noise in a column: `250ms`, `3s`, `1m 30s`. */
export function inSeconds(durationMs: number): string {
  return formatDuration(durationMs < 1000 ? durationMs : durationMs - (durationMs % 1000))
}
