import {inSeconds} from '../../../render/listing.js'
import {foreignText, type Span, type StyledLine, span, spreadLine, type Tone} from '../styled-text.js'
import {TOP_VIEWS} from '../top-views.js'
import type {Panel, PanelInput} from './panel.js'

/** Which server this is, how it is, and how fresh the numbers are. */
export const headerPanel: Panel = (input, {columns}) => {
  const {state, sample, nowMs, isUtf8} = input
  const {tone, right} = freshness(input)
  if (sample === undefined) return [spreadLine([span(' gs top ', tone)], [span(right, tone)], columns, tone)]
  const {name, state: serverState, overload, uptimeMs, host, port, version} = sample.status
  const words = [
    foreignText(name, isUtf8),
    overload === null ? serverState : `${serverState}, short of ${overload === 'memory' ? 'memory' : 'time'}`,
    `up ${inSeconds(uptimeMs + Math.max(0, state.isPaused ? 0 : nowMs - sample.takenAtMs))}`,
    `${host}:${port}`,
    version,
  ]
  // What is least needed goes first; the freshness of the numbers stays.
  const room = columns - right.length - 10
  while (words.length > 2 && words.join('  ').length > room) words.pop()
  return [spreadLine([span(` gs top  ${words.join('  ')}`, tone)], [span(right, tone)], columns, tone)]
}

function freshness({state, sample, nowMs}: PanelInput): {tone: Tone; right: string} {
  const {link, isPaused, intervalMs} = state
  const age = sample === undefined ? '' : `, ${inSeconds(Math.max(0, nowMs - sample.takenAtMs))} old`
  // Who does not ask does not know for how long nobody has answered.
  if (isPaused) return {tone: link.kind === 'lost' ? 'barBad' : 'barWarning', right: `PAUSED${age} `}
  if (link.kind === 'lost') return {tone: 'barBad', right: `NO ANSWER for ${inSeconds(nowMs - link.sinceMs)} `}
  if (link.kind === 'connecting') return {tone: 'bar', right: 'connecting '}
  return {tone: 'bar', right: `every ${intervalMs / 1000} s  ${timeOfDay(nowMs)} `}
}

/** Where the keys 1 to 7 lead. */
export const tabsPanel: Panel = ({state}, {columns}) => {
  const full = TOP_VIEWS.reduce((sum, view) => sum + view.length + 4, 0)
  // Where they do not all fit, only the one that is open has its name.
  const isShort = full > columns
  const tabs: Span[] = TOP_VIEWS.flatMap((view, index) => {
    const isOpen = view === state.view
    const name = isShort && !isOpen ? '' : ` ${view}`
    return [span(` ${index + 1}${name} `, isOpen ? 'chosen' : 'plain'), span(' ')]
  })
  return [tabs as StyledLine]
}

/** Hours, minutes and seconds where the terminal stands. */
export function timeOfDay(atMs: number): string {
  const at = new Date(atMs)
  return [at.getHours(), at.getMinutes(), at.getSeconds()].map(part => String(part).padStart(2, '0')).join(':')
}
