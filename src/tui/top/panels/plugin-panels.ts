import type {HookTime, PluginStatus} from '../../../contract/plugins.js'
import {MESSAGE_HOOKS} from '../../../util/message-hooks.js'
import {showCount, UNKNOWN} from '../show-number.js'
import {foreignText, padCell, type StyledLine, span, type Tone} from '../styled-text.js'
import {type Panel, type PanelInput, titleLine} from './panel.js'

/** Hooks that every message passes. */
const NAME_COLUMNS = 14

/** Plugins with their health and what they cost; where there is room, hook by hook. */
export const pluginsPanel: Panel = (input, {columns, rows}) => {
  const {sample, glyphs} = input
  const plugins = sample?.status.plugins ?? []
  const title = titleLine(
    [span('plugins', 'title'), span(` ${plugins.length}`, 'bold')],
    [span('time on the main thread', 'faint')],
    columns,
    glyphs,
  )
  if (plugins.length === 0) return [title, [span('  none are running', 'faint')]]
  const isDetailed = rows > plugins.reduce((sum, {hooks}) => sum + 1 + hooks.length, 2)
  const lines = plugins.flatMap(plugin => [
    pluginLine(plugin, input),
    ...(isDetailed ? plugin.hooks.map(hookLine) : []),
    ...(isDetailed && plugin.lastFailure !== null ? [failureLine(plugin.lastFailure, input)] : []),
  ])
  return [title, ...lines]
}

/** Which plugins run, in one line. */
export const stripPanel: Panel = ({sample, isUtf8}) => {
  if (sample === undefined) return []
  const {plugins} = sample.status
  if (plugins.length === 0) return [[span(' plugins ', 'faint'), span('none are running', 'faint')]]
  const parts = plugins.flatMap(plugin => [
    span(` ${foreignText(plugin.name, isUtf8)} `, 'plain'),
    span(plugin.state === 'running' ? costText(plugin) : plugin.state, toneOf(plugin)),
    span(' '),
  ])
  return [[span(' plugins ', 'faint'), ...parts]]
}

/** A pane of a plugin that does not run says so. */
export function offPanel(name: string): Panel {
  return ({glyphs}, {columns}) => [
    titleLine([span(name, 'title'), span(' off', 'faint')], [], columns, glyphs),
    [span(`  this plugin does not run here`, 'faint')],
  ]
}

function pluginLine(plugin: PluginStatus, {isUtf8}: PanelInput): StyledLine {
  const {name, state, failures} = plugin
  return [
    span(`  ${padCell(foreignText(name, isUtf8), NAME_COLUMNS)} `),
    span(padCell(state, 9), toneOf(plugin)),
    span(padCell(state === 'disabled' ? '' : costText(plugin), 12, 'right')),
    ...(failures === 0 ? [] : [span(`  ${showCount(failures)} failures`, 'warning')]),
  ]
}

function hookLine({hook, timedCalls, timedMs}: HookTime): StyledLine {
  const each = timedCalls === 0 ? UNKNOWN : microseconds(timedMs / timedCalls)
  return [
    span(`    ${padCell(hook, NAME_COLUMNS + 8)}`, 'faint'),
    span(padCell(each, 12, 'right')),
    span(`  ${showCount(timedCalls)} timed`, 'faint'),
  ]
}

function failureLine(lastFailure: string, {isUtf8}: PanelInput): StyledLine {
  return [span(`    ${foreignText(lastFailure, isUtf8)}`, 'warning')]
}

/** What one message costs in all hooks that it passes. */
function costText({hooks}: PluginStatus): string {
  const timed = hooks.filter(({hook, timedCalls}) => MESSAGE_HOOKS.has(hook) && timedCalls > 0)
  if (timed.length === 0) return UNKNOWN
  return `${microseconds(timed.reduce((sum, {timedMs, timedCalls}) => sum + timedMs / timedCalls, 0))}/msg`
}

/** In ASCII everywhere: a `µ` is none. */
function microseconds(ms: number): string {
  return `${(ms * 1000).toFixed(2)} us`
}

function toneOf({state}: PluginStatus): Tone {
  return state === 'running' ? 'good' : state === 'failing' ? 'bad' : 'faint'
}
