import type {CheckedValue, CheckResult} from '../ops/check/check-result.js'
import {formatChecked} from '../ops/check/format-checked.js'
import type {CheckUnit} from '../ops/check/threshold.js'
import {visibleText} from '../util/visible-text.js'

/** Numbers that a line which has nothing to complain of names. */
const USUAL: ReadonlySet<string> = new Set(['connections', 'messages', 'p99', 'errors'])

/** Units that Nagios knows, with the factor to them. Rates are mere numbers there. */
const NAGIOS_UNITS: Readonly<Record<CheckUnit, {readonly suffix: string; readonly digits: number}>> = {
  count: {suffix: '', digits: 0},
  perSecond: {suffix: '', digits: 3},
  percent: {suffix: '%', digits: 3},
  ms: {suffix: 'ms', digits: 3},
  us: {suffix: 'us', digits: 3},
  bytes: {suffix: 'B', digits: 0},
  mb: {suffix: 'MB', digits: 3},
}

/** One line in the manner of Nagios plugins: the state, what is wrong, and all numbers after a bar. */
export function renderCheck(result: CheckResult): string {
  const {state, values} = result
  const line = `GS ${state.toUpperCase()} - ${describe(result)}`
  // A bar would begin the numbers, and a line break another line.
  const words = visibleText(line).replaceAll('|', '/')
  return values.length === 0 ? words : `${words} | ${values.map(describeNumber).join(' ')}`
}

function describe({instance, problems, failure, values}: CheckResult): string {
  if (failure !== null) return failure
  if (problems.length > 0) return `${instance}: ${problems.map(({message}) => message).join('; ')}`
  const usual = values.filter(({name}) => USUAL.has(name))
  const numbers = usual.map(({name, value, unit}) => `${name} ${formatChecked(value, unit)}`)
  return numbers.length === 0 ? `${instance}: it runs` : `${instance}: ${numbers.join(', ')}`
}

/** `'label'=value[unit];warn;critical;min` */
function describeNumber({name, value, unit, warn, critical}: CheckedValue): string {
  const {suffix, digits} = NAGIOS_UNITS[unit]
  return `'${name}'=${Number(value.toFixed(digits))}${suffix};${warn ?? ''};${critical ?? ''};0`
}
