import type {AnalyticsReport, ComparedTotals, ReportComparison} from '../../../contract/analytics-report.js'
import {dayChart} from './day-chart.js'
import {heatmapChart} from './heatmap-chart.js'
import {Html, html} from './html.js'
import {lengthChart} from './length-chart.js'
import {showChange, showClock, showDate, showNumber, showTime} from './numbers.js'
import {onlineChart} from './online-chart.js'
import {STYLE} from './style.js'
import {gameTable, retentionTable, topRooms, topUsers} from './tables.js'

/** A report as one page of HTML that needs nothing from anywhere else, and has no scripts. */
export function renderReport(report: AnalyticsReport, {name}: {name: string}): string {
  const period = `${showDate(report.since)} to ${showDate(report.until)}`
  const {totals} = report
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<link rel="icon" href="data:,">
<title>${name}: players from ${period}</title>
<style>${new Html(STYLE)}</style>
</head>
<body><main>
<header><h1>Players of ${name}</h1><p>${period}, all times UTC</p></header>
<dl>${keyNumbers(report)}</dl>
${comparedDays(report)}
${totals.users === 0 ? nobody() : charts(report)}
<footer>Made by gs on ${showDate(report.until)} at ${showClock(report.until)}.</footer>
</main></body>
</html>
`.text
}

function keyNumbers({totals, comparison}: AnalyticsReport): readonly Html[] {
  const numbers: readonly [label: string, value: string, compared: keyof ComparedTotals | null][] = [
    ['Users', showNumber(totals.users), 'users'],
    ['New users', showNumber(totals.newUsers), 'newUsers'],
    ['Most online at once', showNumber(totals.peakUsers), 'peakUsers'],
    ['Sessions', showNumber(totals.sessions), 'sessions'],
    ['Average session', showTime(totals.averageSessionMs), null],
    ['Playtime', showTime(totals.playtimeMs), 'playtimeMs'],
    ['Messages', showNumber(totals.messages), 'messages'],
    ['Games', showNumber(totals.gamesPlayed), 'gamesPlayed'],
  ]
  return numbers.map(
    ([label, value, compared]) => html`<div><dt>${label}</dt><dd>${value}${change(comparison, compared)}</dd></div>`,
  )
}

function change(comparison: ReportComparison | null, compared: keyof ComparedTotals | null): Html | null {
  if (comparison === null || compared === null) return null
  const text = showChange(comparison.recent[compared], comparison.before[compared])
  return text === null ? null : html` <small>${text}</small>`
}

function comparedDays({comparison}: AnalyticsReport): Html | null {
  if (comparison === null) return null
  const {days} = comparison
  const text =
    days === 1
      ? 'Changes: yesterday against the day before.'
      : `Changes: the ${days} days before today against the ${days} days before them.`
  return html`<p class="compared">${text}</p>`
}

function nobody(): Html {
  return html`<section><p class="nothing">Nobody was here in this period.</p></section>`
}

function charts(report: AnalyticsReport): Html {
  return html`
${section('Online', 'Connected users over time.', onlineChart(report))}
${section('Users of each day', 'Different users; a user is new on the day of the first visit.', dayChart(report))}
${section('When they are here', 'Different users in each hour of the week.', heatmapChart(report))}
<div class="pair">
${section('Top players', 'By playtime of sessions that have ended.', topUsers(report))}
${section('Top rooms', 'By the time of all visitors together.', topRooms(report))}
</div>
<div class="pair">
${section('Who comes back', 'Of those who came first in a week: who was here on the first, seventh and thirtieth day after. A dash: not over yet.', retentionTable(report))}
${section('Games', 'Those that have ended.', gameTable(report))}
</div>
${section('Length of sessions', 'Share of the sessions that have ended.', lengthChart(report))}`
}

function section(title: string, about: string, content: Html): Html {
  return html`<section><h2>${title}</h2><p class="about">${about}</p>${content}</section>`
}
