import type {Retention, Returned} from '../../contract/analytics.js'
import {renderTable} from '../table.js'
import type {ChartLook} from './bars.js'

const NOT_OVER = '-'

/** Cohorts as a table: of those for whom the day is over, how many came back on it. */
export function renderRetention({cohorts}: Retention, look: ChartLook): string {
  if (cohorts.length === 0) return 'nobody has come for the first time in these weeks'
  const rows = cohorts.map(({week, users, day1, day7, day30}) => [
    week,
    String(users),
    ...[day1, day7, day30].map(showReturned),
  ])
  const columns = [
    {title: 'FIRST WEEK'},
    {title: 'USERS', align: 'right'},
    {title: 'DAY 1', align: 'right'},
    {title: 'DAY 7', align: 'right'},
    {title: 'DAY 30', align: 'right'},
  ] as const
  const table = renderTable(columns, rows, {...look, isTerminal: true})
  const isOpen = cohorts.some(({day1, day7, day30}) => [day1, day7, day30].some(({of}) => of === 0))
  return isOpen ? `${table}\n\n${NOT_OVER}: that day is not over yet for any of them` : table
}

function showReturned({of, users}: Returned): string {
  return of === 0 ? NOT_OVER : `${Math.round((users / of) * 100)}% (${users} of ${of})`
}
