import type {AnalyticsReport, ReportTotals} from '../../../contract/analytics-report.js'
import {dayChart} from './day-chart.js'
import {heatmapChart} from './heatmap-chart.js'
import {Html, html} from './html.js'
import {lengthChart} from './length-chart.js'
import {showClock, showDate, showNumber, showTime} from './numbers.js'
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
<dl>${keyNumbers(totals)}</dl>
${totals.users === 0 ? nobody() : charts(report)}
<footer>Made by gs on ${showDate(report.until)} at ${showClock(report.until)}.</footer>
</main></body>
</html>
`.text
}

function keyNumbers(totals: ReportTotals): readonly Html[] {
  const numbers: readonly [string, string][] = [
    ['Users', showNumber(totals.users)],
    ['New users', showNumber(totals.newUsers)],
    ['Most online at once', showNumber(totals.peakUsers)],
    ['Sessions', showNumber(totals.sessions)],
    ['Average session', showTime(totals.averageSessionMs)],
    ['Playtime', showTime(totals.playtimeMs)],
    ['Messages', showNumber(totals.messages)],
    ['Games', showNumber(totals.gamesPlayed)],
  ]
  return numbers.map(([label, value]) => html`<div><dt>${label}</dt><dd>${value}</dd></div>`)
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
