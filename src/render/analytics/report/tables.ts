import type {Returned} from '../../../contract/analytics.js'
import type {AnalyticsReport} from '../../../contract/analytics-report.js'
import {type Html, html} from './html.js'
import {showDate, showNumber, showPercent, showTime} from './numbers.js'

/** Shades of retention: a share of this and more has the darkest one. */
const FULL_SHARE = 0.6
const STEPS = 9

interface Column<Row> {
  readonly title: string
  readonly cell: (row: Row) => Html | string | number
}

export function topUsers({topUsers: rows}: AnalyticsReport): Html {
  const most = rows[0]?.playtimeMs ?? 0
  return ranking(rows, [
    {title: 'User', cell: row => row.userId},
    {title: 'Playtime', cell: row => withBar(showTime(row.playtimeMs), row.playtimeMs, most)},
    {title: 'Sessions', cell: row => showNumber(row.sessions)},
    {title: 'Messages', cell: row => showNumber(row.messages)},
    {title: 'Games', cell: row => showNumber(row.gamesPlayed)},
    {title: 'Won', cell: row => showNumber(row.gamesWon)},
  ])
}

export function topRooms({topRooms: rows}: AnalyticsReport): Html {
  const most = rows[0]?.visitMs ?? 0
  return ranking(rows, [
    {title: 'Room', cell: row => row.roomId},
    {title: 'Time', cell: row => withBar(showTime(row.visitMs), row.visitMs, most)},
    {title: 'Visits', cell: row => showNumber(row.visits)},
    {title: 'Messages', cell: row => showNumber(row.messages)},
    {title: 'Games', cell: row => showNumber(row.gamesPlayed)},
    {title: 'Peak', cell: row => showNumber(row.peakUsers)},
  ])
}

export function gameTable({games}: AnalyticsReport): Html {
  const most = games[0]?.ended ?? 0
  return ranking(games, [
    {title: 'Game', cell: row => row.game},
    {title: 'Played', cell: row => withBar(showNumber(row.ended), row.ended, most)},
    {title: 'Average', cell: row => showTime(row.averageMs)},
  ])
}

/** Of those who came first in a week, how many came back. */
export function retentionTable({retention: {cohorts}}: AnalyticsReport): Html {
  if (cohorts.length === 0) return html`<p class="nothing">Nobody came for the first time in these weeks.</p>`
  const rows = cohorts.map(
    ({week, users, day1, day7, day30}) => html`<tr><th scope="row">${showDate(week)}</th><td>${showNumber(users)}</td>
${[day1, day7, day30].map(returned)}</tr>`,
  )
  return html`<div class="scroll"><table class="retention"><thead><tr><th scope="col">First week</th><th scope="col">Users</th>
<th scope="col">Day 1</th><th scope="col">Day 7</th><th scope="col">Day 30</th></tr></thead><tbody>${rows}</tbody></table></div>`
}

function returned({of, users}: Returned): Html {
  if (of === 0) return html`<td class="unknown" title="not over yet">–</td>`
  const step = Math.min(STEPS, Math.ceil((users / of / FULL_SHARE) * STEPS))
  return html`<td class="shade heat-${step}" title="${users} of ${of}">${showPercent(users / of)}</td>`
}

function ranking<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): Html {
  if (rows.length === 0) return html`<p class="nothing">Nothing yet.</p>`
  const titles = columns.map(({title}) => html`<th scope="col">${title}</th>`)
  const lines = rows.map(row => html`<tr>${columns.map(({cell}) => html`<td>${cell(row)}</td>`)}</tr>`)
  return html`<div class="scroll"><table class="ranking"><thead><tr>${titles}</tr></thead><tbody>${lines}</tbody></table></div>`
}

function withBar(text: string, value: number, most: number): Html {
  const percent = most === 0 ? 0 : Math.round((value / most) * 100)
  return html`<span class="amount">${text}</span><span class="track"><span class="fill" style="width: ${percent}%"></span></span>`
}
