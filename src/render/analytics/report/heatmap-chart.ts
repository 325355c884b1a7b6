import {scaleBand} from 'd3-scale'
import type {AnalyticsReport} from '../../../contract/analytics-report.js'
import {type Html, html} from './html.js'
import {showNumber} from './numbers.js'
import {at, picture} from './plot-frame.js'

const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const
const STEPS = 9
const LABEL_EVERY = 3

/** When users are there: hours across for a desk, down for a phone. */
export function heatmapChart({heatmap: {cells}}: AnalyticsReport): Html {
  const most = Math.max(...cells.flat())
  const scale = Array.from({length: STEPS + 1}, (_, step) => html`<span class="key heat heat-${step}"></span>`)
  return html`<div class="wide">${draw(cells, most, false)}</div><div class="narrow">${draw(cells, most, true)}</div>
<p class="legend">0 ${scale} ${showNumber(most)} different users in an hour, on average</p>`
}

function draw(cells: readonly (readonly number[])[], most: number, isUpright: boolean): Html {
  const size = isUpright ? {width: 360, height: 470} : {width: 960, height: 232}
  const hours = scaleBand(
    Array.from({length: 24}, (_, hour) => hour),
    isUpright ? [22, size.height] : [40, size.width],
  ).padding(0.06)
  const days = scaleBand(
    WEEKDAYS.map((_, day) => day),
    isUpright ? [36, size.width] : [22, size.height],
  ).padding(0.06)
  const [across, down] = isUpright ? [days, hours] : [hours, days]
  const squares = cells.flatMap((row, day) =>
    row.map((users, hour) => {
      const step = most === 0 ? 0 : Math.ceil((users / most) * STEPS)
      const [column, line] = isUpright ? [day, hour] : [hour, day]
      return html`<rect class="heat heat-${step}" x="${at(across(column) ?? 0)}" y="${at(down(line) ?? 0)}" width="${at(across.bandwidth())}" height="${at(down.bandwidth())}" rx="3"><title>${WEEKDAYS[day] ?? ''} ${clock(hour)}: ${showNumber(users)} users</title></rect>`
    }),
  )
  const columns = labelsOf(isUpright).map(
    ([index, label]) =>
      html`<text class="label" x="${at((across(index) ?? 0) + across.bandwidth() / 2)}" y="14" text-anchor="middle">${label}</text>`,
  )
  const lines = labelsOf(!isUpright).map(
    ([index, label]) =>
      html`<text class="label" x="${isUpright ? 30 : 34}" y="${at((down(index) ?? 0) + down.bandwidth() / 2 + 4)}" text-anchor="end">${label}</text>`,
  )
  return picture(size, 'Users by weekday and hour', [...columns, ...lines, ...squares])
}

/** Those of days, or those of hours. */
function labelsOf(isOfDays: boolean): [index: number, label: string][] {
  if (isOfDays) return WEEKDAYS.map((name, index) => [index, name])
  return Array.from({length: 24 / LABEL_EVERY}, (_, index) => [index * LABEL_EVERY, clock(index * LABEL_EVERY)])
}

function clock(hour: number): string {
  return `${String(hour).padStart(2, '0')}h`
}
