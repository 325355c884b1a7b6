import type {PluginStatus} from '../contract/plugins.js'
import {MESSAGE_HOOKS} from '../util/message-hooks.js'
import type {Terminal} from '../util/terminal.js'
import {renderTable} from './table.js'

const COLUMNS = [
  {title: 'PLUGIN'},
  {title: 'STATE'},
  {title: 'FAILURES', align: 'right'},
  {title: 'TIME A MESSAGE', align: 'right'},
  {title: 'LAST FAILURE'},
] as const

/** Plugins with their health; the time is what those of their hooks that a message meets take together, on average. */
export function renderPlugins(plugins: readonly PluginStatus[], terminal: Terminal): string {
  const rows = plugins.map(({name, state, failures, lastFailure, hooks}) => [
    name,
    state,
    String(failures),
    describeTime(hooks),
    lastFailure ?? '-',
  ])
  return renderTable(COLUMNS, rows, terminal)
}

function describeTime(hooks: PluginStatus['hooks']): string {
  const timed = hooks.filter(({hook, timedCalls}) => MESSAGE_HOOKS.has(hook) && timedCalls > 0)
  if (timed.length === 0) return '-'
  const microseconds = timed.reduce((sum, {timedMs, timedCalls}) => sum + (1000 * timedMs) / timedCalls, 0)
  return `${microseconds.toFixed(1)} µs`
}
