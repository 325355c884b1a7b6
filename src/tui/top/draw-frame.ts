import {layoutTop, type PanelName, type PanelPlace, type ScreenSize, SMALLEST} from './layout.js'
import {overlayBox} from './overlay.js'
import {cachePanel} from './panels/cache-panel.js'
import {chartsPanel, drawCharts, type LineChartPlace} from './panels/charts-panel.js'
import {countsPanel} from './panels/counts-panel.js'
import {roomPanel, userPanel} from './panels/detail-panels.js'
import {closedPanel, eventsPanel} from './panels/event-panels.js'
import {footerPanel} from './panels/footer-panel.js'
import {headerPanel, tabsPanel} from './panels/header-panel.js'
import {roomsPanel, usersPanel} from './panels/list-panels.js'
import {numbersPanel} from './panels/numbers-panel.js'
import type {Panel, PanelInput} from './panels/panel.js'
import {pluginsPanel, stripPanel} from './panels/plugin-panels.js'
import {blocksPanel, securityPanel} from './panels/security-panels.js'
import {sidePanel} from './panels/side-panel.js'
import {dropColumns, fitLine, lineColumns, type StyledLine, span, takeColumns} from './styled-text.js'
import {currentPlace} from './top-state.js'

/** A whole screen: as many lines as it has rows, each exactly as wide as it is. */
export interface TopFrame {
  readonly lines: readonly StyledLine[]
  /** Left blank in the lines, for widgets that draw lines of dots. Empty where something lies over the screen. */
  readonly lineCharts: readonly LineChartPlace[]
}

const PANELS: Record<PanelName, Panel> = {
  header: headerPanel,
  tabs: tabsPanel,
  numbers: numbersPanel,
  charts: chartsPanel,
  rooms: roomsPanel,
  users: usersPanel,
  room: roomPanel,
  user: userPanel,
  plugins: pluginsPanel,
  counts: countsPanel,
  security: securityPanel,
  blocks: blocksPanel,
  cache: cachePanel,
  side: sidePanel,
  strip: stripPanel,
  events: eventsPanel,
  closed: closedPanel,
  footer: footerPanel,
}

/** Draws everything from nothing but its arguments. `hasLineCharts`: whoever shows the frame draws such charts. */
export function drawFrame(input: PanelInput, size: ScreenSize, {hasLineCharts}: {hasLineCharts: boolean}): TopFrame {
  const places = layoutTop(size, input.state.view, currentPlace(input.state))
  if (places.length === 0) return tooSmall(size)
  const overlay = overlayBox(input.state, size, input.glyphs)
  const lines: StyledLine[] = new Array<StyledLine>(size.rows).fill([])
  const lineCharts: LineChartPlace[] = []
  for (const place of places) {
    const drawn = drawPanel(input, place, hasLineCharts && overlay === null)
    lineCharts.push(...drawn.lineCharts)
    for (let row = 0; row < place.rows; row += 1) {
      const before = fitLine(lines[place.top + row] ?? [], place.left)
      lines[place.top + row] = [...before, ...fitLine(drawn.lines[row] ?? [], place.columns)]
    }
  }
  const whole = lines.map(line => fitLine(line, size.columns))
  overlay?.lines.forEach((line, row) => {
    const covered = whole[overlay.top + row]
    if (covered !== undefined) whole[overlay.top + row] = cover(covered, line, overlay.left, size.columns)
  })
  return {lines: whole, lineCharts}
}

function drawPanel(input: PanelInput, place: PanelPlace, hasLineCharts: boolean) {
  if (place.panel !== 'charts') return {lines: PANELS[place.panel](input, place), lineCharts: []}
  const {lines, lineCharts} = drawCharts(input, place, hasLineCharts)
  const moved = lineCharts.map(chart => ({...chart, left: chart.left + place.left, top: chart.top + place.top}))
  return {lines, lineCharts: moved}
}

/** Puts `line` over the columns from `left` on. */
function cover(under: StyledLine, line: StyledLine, left: number, columns: number): StyledLine {
  const right = left + lineColumns(line)
  return [...fitLine(takeColumns(under, left), left), ...line, ...fitLine(dropColumns(under, right), columns - right)]
}

function tooSmall({columns, rows}: ScreenSize): TopFrame {
  const words = [`gs top needs ${SMALLEST.columns} x ${SMALLEST.rows}`, 'q quits']
  const lines = Array.from({length: rows}, (_, row) => fitLine([span(words[row] ?? '')], columns))
  return {lines, lineCharts: []}
}
