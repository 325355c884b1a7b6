import type {TopSample} from '../../../ops/top/top-sample.js'
import type {Glyphs} from '../glyphs.js'
import {showBytes, showCount, showMs, showPercent, UNKNOWN} from '../show-number.js'
import {padCell, type Span, type StyledLine, span, type Tone} from '../styled-text.js'
import type {TopState} from '../top-state.js'
import type {Panel} from './panel.js'

interface Cell {
  readonly label: string
  readonly value: string
  readonly tone: Tone
}

const CELL_COLUMNS = 20
const GAUGE_ROWS = 3
/** From these on a number is marked, so that it is seen without colours, too: `!` and `!!`. */
const LIMITS = {
  cpuPercent: [70, 90],
  memoryPercent: [75, 90],
  delayMs: [50, 200],
  errorPercent: [1, 5],
} as const

/** Three rows: gauges, and beside them what fits of the numbers. Fewer rows: the most telling numbers. */
export const numbersPanel: Panel = ({sample, state, glyphs}, {columns, rows}) => {
  if (sample === undefined) return []
  const cells = tellingCells(sample, state)
  if (rows < GAUGE_ROWS) return rowsOfCells(byImportance(cells), rows, columns)
  const gaugeColumns = Math.min(46, Math.floor(columns * 0.36))
  const bars = gauges(sample, gaugeColumns, glyphs)
  const grid = gridOfCells(cells, columns - gaugeColumns - 1)
  return bars.map((bar, row) => [...bar, span(' '), ...(grid[row] ?? [])])
}

type Cells = ReturnType<typeof tellingCells>

function tellingCells({status, numbers, totals}: TopSample, {showsTotals, showsRawBytes}: TopState) {
  const bytes = (value: number | null) => showBytes(value, showsRawBytes)
  const count = (label: string, rate: number | null, total: number) =>
    showsTotals ? plain(label, showCount(total)) : plain(`${label}/s`, showCount(rate))
  const size = (label: string, rate: number | null, total: number) =>
    showsTotals ? plain(label, bytes(total)) : plain(`${label}/s`, bytes(rate))
  const {errorRatePercent, cpuUsagePercent, eventLoopDelayP99Ms} = numbers
  const memory = showBytes(numbers.memoryUsageMb * 1e6, showsRawBytes)
  return {
    connections: plain('conns', showCount(status.connections)),
    users: plain('users', showCount(status.users)),
    rooms: plain('rooms', showCount(status.rooms)),
    messages: count('msgs', numbers.messagesPerSecond, totals.messages),
    deliveries: count('deliv', numbers.deliveriesPerSecond, totals.deliveries),
    errors: showsTotals
      ? plain('errors', showCount(totals.errors))
      : judged('errors', errorRatePercent, showPercent(errorRatePercent), LIMITS.errorPercent),
    p50: plain('p50', showMs(numbers.p50ResponseTimeMs)),
    p99: plain('p99', showMs(numbers.p99ResponseTimeMs)),
    unsent: plain('unsent', bytes(status.unsentBytes)),
    bytesIn: size('in', numbers.bytesInPerSecond, totals.bytesIn),
    bytesOut: size('out', numbers.bytesOutPerSecond, totals.bytesOut),
    loop: plain('loop busy', showPercent(numbers.eventLoopUtilizationPercent)),
    cpu: judged('cpu', cpuUsagePercent, showPercent(cpuUsagePercent), LIMITS.cpuPercent),
    memory: plain('memory', memory),
    delay: judged('delay', eventLoopDelayP99Ms, showMs(eventLoopDelayP99Ms), LIMITS.delayMs),
  }
}

/** For two rows of a small screen: the first ones are always seen. */
function byImportance(cells: Cells): Cell[] {
  const {messages, p99, cpu, users, rooms, memory, deliveries, errors, delay, connections, unsent} = cells
  return [messages, p99, cpu, users, rooms, memory, deliveries, errors, delay, connections, unsent]
}

/** Beside the gauges, which have cpu, memory and delay: three in a column. */
function gridOfCells(cells: Cells, columns: number): StyledLine[] {
  const {connections, users, rooms, messages, deliveries, errors, p50, p99, unsent, bytesIn, bytesOut, loop} = cells
  const columnsOfCells = [
    [connections, users, rooms],
    [messages, deliveries, errors],
    [p50, p99, unsent],
    [bytesIn, bytesOut, loop],
  ]
  const count = Math.min(columnsOfCells.length, Math.max(1, Math.floor(columns / (CELL_COLUMNS - 3))))
  const width = Math.min(26, Math.floor(columns / count))
  return Array.from({length: GAUGE_ROWS}, (_, row) =>
    columnsOfCells.slice(0, count).flatMap(column => cellSpans(column[row] as Cell, width)),
  )
}

function rowsOfCells(cells: readonly Cell[], rows: number, columns: number): StyledLine[] {
  const perRow = Math.min(Math.ceil(cells.length / rows), Math.max(1, Math.floor(columns / CELL_COLUMNS)))
  const width = Math.floor(columns / perRow)
  return Array.from({length: rows}, (_, row) =>
    cells.slice(row * perRow, (row + 1) * perRow).flatMap(cell => cellSpans(cell, width)),
  )
}

/** ` label      value ` */
function cellSpans({label, value, tone}: Cell, width: number): Span[] {
  const valueColumns = Math.max(1, width - 3 - label.length)
  return [span(` ${label} `, 'faint'), span(padCell(value, valueColumns, 'right'), tone), span(' ')]
}

function gauges({numbers}: TopSample, columns: number, glyphs: Glyphs): StyledLine[] {
  const {cpuUsagePercent, eventLoopDelayP99Ms, memoryUsageMb, memoryLimitMb} = numbers
  const memoryPercent = memoryLimitMb === null ? null : (memoryUsageMb / memoryLimitMb) * 100
  const memory = `${memoryUsageMb.toFixed(0)}${memoryLimitMb === null ? '' : `/${memoryLimitMb}`} MB`
  return [
    gauge(
      {
        label: 'cpu',
        ratio: (cpuUsagePercent ?? 0) / 100,
        value: showPercent(cpuUsagePercent),
        tone: toneOf(cpuUsagePercent, LIMITS.cpuPercent),
      },
      columns,
      glyphs,
    ),
    gauge(
      {
        label: 'memory',
        ratio: (memoryPercent ?? 0) / 100,
        value: memory,
        tone: toneOf(memoryPercent, LIMITS.memoryPercent),
      },
      columns,
      glyphs,
    ),
    gauge(
      {
        label: 'delay',
        ratio: eventLoopDelayP99Ms / LIMITS.delayMs[1],
        value: showMs(eventLoopDelayP99Ms),
        tone: toneOf(eventLoopDelayP99Ms, LIMITS.delayMs),
      },
      columns,
      glyphs,
    ),
  ]
}

const GAUGE_VALUE_COLUMNS = 13

function gauge(
  {label, ratio, value, tone}: Cell & {ratio: number},
  columns: number,
  {full, empty}: Glyphs,
): StyledLine {
  const barColumns = Math.max(4, columns - 8 - GAUGE_VALUE_COLUMNS - 2)
  const filled = Math.round(Math.min(1, Math.max(0, ratio)) * barColumns)
  return [
    span(` ${padCell(label, 7)}`, 'faint'),
    span(full.repeat(filled), tone === 'plain' ? 'good' : tone),
    span(empty.repeat(barColumns - filled), 'faint'),
    span(` ${padCell(value + markOf(tone), GAUGE_VALUE_COLUMNS)} `, tone),
  ]
}

function plain(label: string, value: string): Cell {
  return {label, value, tone: value === UNKNOWN ? 'faint' : 'plain'}
}

function judged(label: string, value: number | null, text: string, limits: readonly [number, number]): Cell {
  const tone = toneOf(value, limits)
  return {label, value: text + markOf(tone), tone: value === null ? 'faint' : tone}
}

function toneOf(value: number | null, [warning, bad]: readonly [number, number]): Tone {
  if (value === null || value < warning) return 'plain'
  return value < bad ? 'warning' : 'bad'
}

function markOf(tone: Tone): string {
  return tone === 'warning' ? ' !' : tone === 'bad' ? ' !!' : ''
}
