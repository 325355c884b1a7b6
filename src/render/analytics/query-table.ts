import type {QueryResult} from '../../ops/analytics/query.js'
import type {Terminal} from '../../util/terminal.js'
import {countOf} from '../numbers.js'
import {renderTable} from '../table.js'

/** What a query found as a table; numbers stand to the right. */
export function renderQuery({columns, rows, isCut}: QueryResult, terminal: Terminal): string {
  const titles = columns.map((title, index) => ({
    title,
    align: rows.some(row => typeof row[index] === 'number') ? ('right' as const) : ('left' as const),
  }))
  const cells = rows.map(row => row.map(cell => (cell === null ? '-' : String(cell))))
  const found = isCut ? `the first ${rows.length} rows; --limit shows more` : countOf(rows.length, 'row')
  return `${renderTable(titles, cells, terminal)}\n\n${found}`
}
