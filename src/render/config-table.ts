import type {Terminal} from '../util/terminal.js'
import {renderTable} from './table.js'

export interface ConfigEntry {
  readonly key: string
  readonly value: unknown
  readonly origin: string
}

/** One line for each key: its value, and where that comes from. */
export function renderConfigTable(entries: readonly ConfigEntry[], terminal: Terminal): string {
  const rows = entries.map(({key, value, origin}) => [key, describeValue(value), origin])
  return renderTable([{title: 'KEY'}, {title: 'VALUE'}, {title: 'ORIGIN'}], rows, terminal)
}

function describeValue(value: unknown): string {
  if (value === null || (Array.isArray(value) && value.length === 0)) return '-'
  if (Array.isArray(value)) return value.join(', ')
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
