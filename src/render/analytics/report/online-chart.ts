import {scaleLinear, scaleUtc} from 'd3-scale'
import {area, line} from 'd3-shape'
import type {AnalyticsReport} from '../../../contract/analytics-report.js'
import {type Html, html} from './html.js'
import {showClock, showDay} from './numbers.js'
import {at, inBothSizes, type PlotFrame, picture, valueAxis, wholeTicks, withRoomFor} from './plot-frame.js'

const DAY_MS = 86_400_000
/** The epoch was a Thursday: the first Saturday began two days later. */
const FIRST_SATURDAY_MS = 2 * DAY_MS
const WEEK_MS = 7 * DAY_MS

interface Point {
  readonly atMs: number
  readonly peakUsers: number
  readonly averageUsers: number
}

/** Connected users over time: the most, and the average; weekends stand on a darker ground. */
export function onlineChart({online, since, until}: AnalyticsReport): Html {
  const points = online.points.map(({at: time, ...users}) => ({atMs: Date.parse(time), ...users}))
  const title = `Connected users from ${since} to ${until.slice(0, 10)}`
  return html`${inBothSizes((frame, isNarrow) => draw(points, frame, {title, isNarrow}))}
<p class="legend"><span class="key average"></span>average <span class="key peak"></span>most at one time
<span class="key weekend"></span>weekend</p>`
}

function draw(points: readonly Point[], size: PlotFrame, {title, isNarrow}: {title: string; isNarrow: boolean}): Html {
  const most = Math.max(1, ...points.map(({peakUsers}) => peakUsers))
  const frame = withRoomFor(size, most)
  const {width, height, left, right, top, bottom} = frame
  const startMs = points[0]?.atMs ?? 0
  const endMs = Math.max(startMs + 1, points.at(-1)?.atMs ?? 0)
  const x = scaleUtc([startMs, endMs], [left, width - right])
  const y = scaleLinear([0, most], [height - bottom, top]).nice(4)
  const average = area<Point>(
    ({atMs}) => at(x(atMs)),
    height - bottom,
    ({averageUsers}) => at(y(averageUsers)),
  )
  const peak = line<Point>(
    ({atMs}) => at(x(atMs)),
    ({peakUsers}) => at(y(peakUsers)),
  )
  const weekends = weekendsBetween(startMs, endMs).map(
    ([fromMs, toMs]) =>
      html`<rect class="weekend" x="${at(x(fromMs))}" y="${top}" width="${at(x(toMs) - x(fromMs))}" height="${height - bottom - top}"/>`,
  )
  const times = x.ticks(isNarrow ? 4 : 10)
  const labels = times.map(
    time =>
      html`<text class="label" x="${at(x(time))}" y="${height - 8}" text-anchor="${anchor(x(time), frame)}">${labelOf(time)}</text>`,
  )
  const curves = html`<path class="average" d="${average([...points]) ?? ''}"/><path class="peak" d="${peak([...points]) ?? ''}"/>`
  return picture(frame, title, [...weekends, ...valueAxis(frame, wholeTicks(y.ticks(4)), y), curves, ...labels])
}

/** A label at the edge stays inside the picture. */
function anchor(position: number, {width, left, right}: PlotFrame): 'start' | 'middle' | 'end' {
  if (position < left + 16) return 'start'
  return position > width - right - 16 ? 'end' : 'middle'
}

function labelOf(time: Date): string {
  return time.getTime() % DAY_MS === 0 ? showDay(time) : showClock(time)
}

function weekendsBetween(startMs: number, endMs: number): [fromMs: number, toMs: number][] {
  const weekends: [number, number][] = []
  const first = startMs - ((startMs - FIRST_SATURDAY_MS) % WEEK_MS)
  for (let saturdayMs = first; saturdayMs < endMs; saturdayMs += WEEK_MS) {
    const fromMs = Math.max(startMs, saturdayMs)
    const toMs = Math.min(endMs, saturdayMs + 2 * DAY_MS)
    if (fromMs < toMs) weekends.push([fromMs, toMs])
  }
  return weekends
}
