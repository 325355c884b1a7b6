import {inSeconds} from '../../../render/listing.js'
import type {CurveName} from '../history.js'
import {showCount, showMs} from '../show-number.js'
import {fitLine, type Span, type StyledLine, span} from '../styled-text.js'
import {drawTextChart} from '../text-chart.js'
import {curveEndMs, type Panel, type PanelInput, type PanelSize, titleLine} from './panel.js'

interface Chart {
  readonly title: string
  readonly curve: CurveName
  /** A second one that is never higher. */
  readonly lower?: CurveName
  readonly show: (value: number | null) => string
}

/** The further back one stands, the sooner it gives way. */
const CHARTS: readonly Chart[] = [
  {title: 'messages/s', curve: 'messagesPerSecond', show: showCount},
  {title: 'response', curve: 'p99ResponseTimeMs', lower: 'p50ResponseTimeMs', show: showMs},
  {title: 'deliveries/s', curve: 'deliveriesPerSecond', show: showCount},
]

/** A chart needs so many columns to say something. */
const MIN_CHART_COLUMNS = 36
/** With fewer rows a line chart has no room for its line beside its axes. */
const MIN_LINE_CHART_ROWS = 8

/** Where a line chart is to be drawn, from the corner of the panel, and what it shows. */
export interface LineChartPlace {
  readonly left: number
  readonly top: number
  readonly columns: number
  readonly rows: number
  /** Ages of the points, as text. */
  readonly labels: readonly string[]
  readonly curves: readonly {readonly isLower: boolean; readonly values: readonly number[]}[]
}

/** Titles with the numbers of now, and below them the curves as text, or room for line charts. */
export function drawCharts(
  input: PanelInput,
  size: PanelSize,
  hasLineCharts: boolean,
): {lines: StyledLine[]; lineCharts: LineChartPlace[]} {
  const {columns, rows} = size
  const shown = chartsFor(input, columns)
  const width = Math.floor((columns - (shown.length - 1)) / shown.length)
  const rest = columns - (width + 1) * shown.length + 1
  const widths = shown.map((_, index) => width + (index === shown.length - 1 ? rest : 0))
  const isDrawnApart = hasLineCharts && rows - 1 >= MIN_LINE_CHART_ROWS
  const parts = shown.map((chart, index) =>
    isDrawnApart
      ? [chartTitle(chart, input, widths[index] as number)]
      : textChart(chart, input, {columns: widths[index] as number, rows}),
  )
  const lines = Array.from({length: rows}, (_, row) =>
    parts.flatMap((part, index): Span[] => [
      ...(index > 0 ? [span(' ')] : []),
      ...fitLine(part[row] ?? [], widths[index] as number),
    ]),
  )
  const lineCharts = isDrawnApart
    ? shown.map((chart, index) => ({
        left: index * (width + 1),
        top: 1,
        columns: widths[index] as number,
        rows: rows - 1,
        ...lineChartData(chart, input, widths[index] as number),
      }))
    : []
  return {lines, lineCharts}
}

export const chartsPanel: Panel = (input, size) => drawCharts(input, size, false).lines

/** Response times only where somebody measures them. */
function chartsFor({history}: PanelInput, columns: number): readonly Chart[] {
  const hasResponseTimes = history.last?.p99ResponseTimeMs !== null && history.last !== undefined
  const known = CHARTS.filter(({lower}) => lower === undefined || hasResponseTimes)
  return known.slice(0, Math.max(1, Math.floor((columns + 1) / MIN_CHART_COLUMNS)))
}

function chartTitle({title, curve, lower, show}: Chart, input: PanelInput, columns: number): StyledLine {
  const {history, glyphs} = input
  const nowMs = curveEndMs(input)
  const now = history.last
  const values =
    lower === undefined
      ? show(now?.[curve] ?? null)
      : `p50 ${show(now?.[lower] ?? null)}  p99 ${show(now?.[curve] ?? null)}`
  const highest = Math.max(...history.curve(curve, columns, nowMs).map(value => value ?? 0))
  const note = `max ${show(highest)} in ${inSeconds(history.spanMs(nowMs))}`
  return titleLine([span(title, 'title'), span(` ${values}`, 'bold')], [span(note, 'faint')], columns, glyphs)
}

function textChart(chart: Chart, input: PanelInput, {columns, rows}: PanelSize): StyledLine[] {
  const {history, glyphs} = input
  const nowMs = curveEndMs(input)
  const values = history.curve(chart.curve, columns, nowMs)
  const lower = chart.lower === undefined ? undefined : history.curve(chart.lower, columns, nowMs)
  return [
    chartTitle(chart, input, columns),
    ...drawTextChart({values, rows: rows - 1, glyphs, ...(lower !== undefined && {lower})}),
  ]
}

function lineChartData(chart: Chart, input: PanelInput, columns: number) {
  const {history} = input
  const nowMs = curveEndMs(input)
  // Two dots of braille a column, and some columns go to the axis.
  const steps = Math.max(10, Math.floor(columns - 8))
  const spanMs = history.spanMs(nowMs)
  const labels = Array.from({length: steps}, (_, step) => ageLabel(spanMs * (1 - step / (steps - 1))))
  const curves = [chart.curve, ...(chart.lower === undefined ? [] : [chart.lower])].map((name, index) => ({
    isLower: index > 0,
    values: history.curve(name, steps, nowMs).map(value => value ?? 0),
  }))
  return {labels, curves}
}

function ageLabel(ageMs: number): string {
  if (ageMs < 500) return 'now'
  if (ageMs < 90_000) return `-${Math.round(ageMs / 1000)}s`
  return `-${(ageMs / 60_000).toFixed(ageMs < 600_000 ? 1 : 0)}m`
}
