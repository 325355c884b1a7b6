import type {CacheStats} from '../../../contract/cache.js'
import type {HookTime, PluginStatus} from '../../../contract/plugins.js'
import type {TopSample} from '../../../ops/top/top-sample.js'
import {MESSAGE_HOOKS} from '../../../util/message-hooks.js'
import {showCount, showPercent, UNKNOWN} from '../show-number.js'
import {foreignText, lineColumns, padCell, type StyledLine, span, type Tone} from '../styled-text.js'
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

/** What matters most of the plugins, and then those that run, as far as there is room. */
export const stripPanel: Panel = ({sample, isUtf8}, {columns}) => {
  if (sample === undefined) return []
  const {status, security, cache} = sample
  const states = status.plugins.map(
    (plugin): StyledLine => [
      span(` ${foreignText(plugin.name, isUtf8)} `, 'plain'),
      span(plugin.state === 'running' ? costText(plugin, sample) : plugin.state, toneOf(plugin)),
      span(' '),
    ],
  )
  const blocked = knownText(security, ({blockedUsers, blockedIps}) => `${showCount(blockedUsers + blockedIps)} blocked`)
  const hits = knownText(cache, hitText)
  const head = [
    span(' security ', 'faint'),
    span(blocked, security == null ? 'faint' : 'plain'),
    span('  cache ', 'faint'),
    span(hits, cache == null ? 'faint' : 'plain'),
    span('  plugins', 'faint'),
  ]
  if (states.length === 0) return [[...head, span(' none', 'faint')]]
  let used = lineColumns(head)
  const fitting = states.filter(state => {
    used += lineColumns(state)
    return used <= columns
  })
  return [[...head, ...fitting.flat()]]
}

/** A word for what was not asked for yet (undefined), and for a plugin that does not run (null). */
function knownText<Found>(found: Found | null | undefined, toText: (found: Found) => string): string {
  if (found === undefined) return UNKNOWN
  return found === null ? 'off' : toText(found)
}

/** How often the cache is of use, in two words. */
export function hitText({l1Hits, l2Hits, misses, hitRatePercent}: CacheStats): string {
  return l1Hits + l2Hits + misses === 0 ? 'no reads' : `${showPercent(hitRatePercent)} hits`
}

/** A panel of a plugin that does not run says so; `found` null: it does not, undefined: it is not known yet. */
export function offLines(
  title: string,
  found: null | undefined,
  {glyphs}: PanelInput,
  columns: number,
  plugin = title,
): StyledLine[] {
  if (found === undefined) return [titleLine([span(title, 'title')], [], columns, glyphs), [span('  asking', 'faint')]]
  return [
    titleLine([span(title, 'title'), span(' off', 'faint')], [], columns, glyphs),
    [span(`  the plugin ${plugin} is off`, 'faint')],
  ]
}

function pluginLine(plugin: PluginStatus, {isUtf8, sample}: PanelInput): StyledLine {
  const {name, state, failures} = plugin
  return [
    span(`  ${padCell(foreignText(name, isUtf8), NAME_COLUMNS)} `),
    span(padCell(state, 9), toneOf(plugin)),
    span(padCell(state === 'disabled' ? '' : costText(plugin, sample), 12, 'right')),
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

/** What one message costs in all hooks that it passes: of late where somebody measures that, else since the start. */
function costText({name, hooks}: PluginStatus, sample: TopSample | undefined): string {
  const recentUs = sample?.metrics?.hookTimeUs[name]
  if (recentUs !== undefined) return `${microseconds(recentUs / 1000)}/msg`
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
