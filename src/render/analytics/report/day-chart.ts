import {scaleBand, scaleLinear} from 'd3-scale'
import type {AnalyticsReport} from '../../../contract/analytics-report.js'
import {type Html, html} from './html.js'
import {showDay, showNumber} from './numbers.js'
import {at, inBothSizes, type PlotFrame, picture, valueAxis, wholeTicks, withRoomFor} from './plot-frame.js'

type Day = AnalyticsReport['days'][number]

/** Different users of each day, new ones at the bottom. */
export function dayChart({days}: AnalyticsReport): Html {
  return html`${inBothSizes((frame, isNarrow) => draw(days, frame, isNarrow ? 5 : 12))}
<p class="legend"><span class="key new"></span>new users <span class="key known"></span>users who were here before</p>`
}

function draw(days: readonly Day[], size: PlotFrame, maxLabels: number): Html {
  const most = Math.max(1, ...days.map(({users}) => users))
  const frame = withRoomFor(size, most)
  const {width, height, left, right, top, bottom} = frame
  const x = scaleBand(
    days.map(({date}) => date),
    [left, width - right],
  ).padding(0.18)
  const y = scaleLinear([0, most], [height - bottom, top]).nice(4)
  const bar = (kind: string, from: number, to: number, date: string) =>
    html`<rect class="${kind}" x="${at(x(date) ?? 0)}" width="${at(x.bandwidth())}" y="${at(y(to))}" height="${at(y(from) - y(to))}"/>`
  const bars = days.map(
    ({
      date,
      users,
      newUsers,
    }) => html`<g><title>${showDay(date)}: ${showNumber(users)} users, ${showNumber(newUsers)} new</title>
${bar('new', 0, newUsers, date)}${bar('known', newUsers, users, date)}</g>`,
  )
  const step = Math.max(1, Math.ceil(days.length / maxLabels))
  const labels = days
    .filter((_, index) => index % step === 0)
    .map(({date}) => {
      const middle = (x(date) ?? 0) + x.bandwidth() / 2
      return html`<text class="label" x="${at(middle)}" y="${height - 8}" text-anchor="middle">${showDay(date)}</text>`
    })
  return picture(frame, 'Users of each day', [...valueAxis(frame, wholeTicks(y.ticks(4)), y), ...bars, ...labels])
}
