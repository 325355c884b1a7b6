import {scaleBand, scaleLinear} from 'd3-scale'
import type {AnalyticsReport} from '../../../contract/analytics-report.js'
import {type Html, html} from './html.js'
import {showNumber, showPercent} from './numbers.js'
import {at, inBothSizes, type PlotFrame, picture} from './plot-frame.js'

const MINUTE_MS = 60_000
const MINUTES_AN_HOUR = 60

interface Step {
  readonly label: string
  readonly sessions: number
  readonly share: number
}

/** How many sessions were how long. */
export function lengthChart({sessionLengths}: AnalyticsReport): Html {
  const total = Math.max(
    1,
    sessionLengths.reduce((sum, {sessions}) => sum + sessions, 0),
  )
  const steps = sessionLengths.map(({belowMs, sessions}, index) => ({
    label: labelOf(sessionLengths[index - 1]?.belowMs ?? null, belowMs),
    sessions,
    share: sessions / total,
  }))
  return html`<div class="steps">${inBothSizes(frame => draw(steps, frame))}</div>`
}

function draw(steps: readonly Step[], frame: PlotFrame): Html {
  const {width, height, right, top, bottom} = frame
  const x = scaleBand(
    steps.map(({label}) => label),
    [right, width - right],
  ).padding(0.2)
  const y = scaleLinear([0, Math.max(0.01, ...steps.map(({share}) => share))], [height - bottom, top + 16])
  const bars = steps.map(({label, sessions, share}) => {
    const left = x(label) ?? 0
    const middle = at(left + x.bandwidth() / 2)
    return html`<g><title>${label}: ${showNumber(sessions)} sessions</title>
<rect class="bar" x="${at(left)}" width="${at(x.bandwidth())}" y="${at(y(share))}" height="${at(y(0) - y(share))}"/>
<text class="value" x="${middle}" y="${at(y(share) - 6)}" text-anchor="middle">${showPercent(share)}</text>
<text class="label" x="${middle}" y="${height - 8}" text-anchor="middle">${label}</text></g>`
  })
  const ground = html`<line class="rule" x1="${right}" x2="${width - right}" y1="${at(y(0))}" y2="${at(y(0))}"/>`
  return picture(frame, 'Length of sessions', [ground, ...bars])
}

/** `<1m`, `5-15m`, `1-2h`, `4h+`. */
function labelOf(fromMs: number | null, belowMs: number | null): string {
  const from = (fromMs ?? 0) / MINUTE_MS
  if (belowMs === null) return `${from / MINUTES_AN_HOUR}h+`
  const below = belowMs / MINUTE_MS
  if (from === 0) return `<${below}m`
  const isInHours = from >= MINUTES_AN_HOUR
  return isInHours ? `${from / MINUTES_AN_HOUR}–${below / MINUTES_AN_HOUR}h` : `${from}–${below}m`
}
