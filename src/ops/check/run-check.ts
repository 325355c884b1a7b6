import type {AdminClient} from '../../client/admin/admin-client.js'
import type {InstanceStatus} from '../../contract/admin.js'
import type {ServerMetrics} from '../../contract/metrics.js'
import type {GsError} from '../../errors.js'
import {getStatus} from '../admin/instance.js'
import type {CheckedValue, CheckProblem, CheckResult, CheckState} from './check-result.js'
import {CHECKED_NUMBERS, type CheckedName, readByPath, unitOfPath} from './checked-numbers.js'
import {findTroubles} from './find-troubles.js'
import {formatChecked} from './format-checked.js'
import {type CheckUnit, isBroken, parseThreshold, type Threshold, toRange} from './threshold.js'

/** What a number must keep to. */
export interface Limit {
  /** Of `CHECKED_NUMBERS`, or a path such as `closeReasons.slow_consumer`. */
  readonly name: string
  readonly warn: string | undefined
  readonly critical: string | undefined
}

interface ParsedLimit {
  readonly name: string
  readonly unit: CheckUnit
  readonly warn: Threshold | undefined
  readonly critical: Threshold | undefined
}

/**
 * Checks a server: whether it is well, and its numbers against the limits.
 *
 * @throws {GsError} usage for a limit out of form; plugin_disabled for limits without the metrics plugin; as the client.
 */
export async function runCheck(openClient: () => Promise<AdminClient>, limits: readonly Limit[]): Promise<CheckResult> {
  // A mistake in a limit is one whether or not a server runs.
  const parsed = limits.map(parseLimit)
  const client = await openClient()
  const status = await getStatus(client)
  const metrics = await readMetrics(client, status, parsed.length > 0)
  const values = metrics === null ? [] : readValues(metrics, parsed)
  const broken = metrics === null ? [] : parsed.flatMap(limit => breach(limit, metrics))
  const problems = [...findTroubles(status), ...broken]
  return {state: worst(problems), instance: status.name, problems, failure: null, values}
}

/** What a check that could not be done says: a server that does not answer is critical, all else is unknown. */
export function failedCheck(error: GsError): CheckResult {
  const isDown = error.code === 'server_unreachable' || error.code === 'timed_out'
  return {state: isDown ? 'critical' : 'unknown', instance: null, problems: [], failure: error.message, values: []}
}

function parseLimit({name, warn, critical}: Limit): ParsedLimit {
  const unit = Object.hasOwn(CHECKED_NUMBERS, name) ? CHECKED_NUMBERS[name as CheckedName].unit : unitOfPath(name)
  const parse = (text: string | undefined) => (text === undefined ? undefined : parseThreshold(text, unit))
  return {name, unit, warn: parse(warn), critical: parse(critical)}
}

async function readMetrics(
  client: AdminClient,
  {plugins}: InstanceStatus,
  isNeeded: boolean,
): Promise<ServerMetrics | null> {
  const isOn = plugins.some(({name, state}) => name === 'metrics' && state !== 'disabled')
  if (!isOn && !isNeeded) return null
  return client.request<ServerMetrics>({path: '/v1/metrics', query: {limit: 0}})
}

function readValues(metrics: ServerMetrics, limits: readonly ParsedLimit[]): CheckedValue[] {
  const named = Object.entries(CHECKED_NUMBERS).map(([name, {unit}]) => ({name, unit: unit as CheckUnit}))
  const others = limits.filter(({name}) => !Object.hasOwn(CHECKED_NUMBERS, name))
  return [...named, ...others].map(({name, unit}) => {
    const limit = limits.find(one => one.name === name)
    return {
      name,
      unit,
      value: readNumber(metrics, name),
      warn: limit?.warn === undefined ? null : toRange(limit.warn),
      critical: limit?.critical === undefined ? null : toRange(limit.critical),
    }
  })
}

function breach({name, unit, warn, critical}: ParsedLimit, metrics: ServerMetrics): CheckProblem[] {
  const value = readNumber(metrics, name)
  const shown = formatChecked(value, unit)
  if (critical !== undefined && isBroken(critical, value)) {
    return [{state: 'critical', message: `${name} ${shown} (critical: ${critical.text})`}]
  }
  const isWarning = warn !== undefined && isBroken(warn, value)
  return isWarning ? [{state: 'warning', message: `${name} ${shown} (warning: ${warn.text})`}] : []
}

function readNumber(metrics: ServerMetrics, name: string): number {
  return Object.hasOwn(CHECKED_NUMBERS, name)
    ? CHECKED_NUMBERS[name as CheckedName].read(metrics)
    : readByPath(metrics, name)
}

function worst(problems: readonly CheckProblem[]): CheckState {
  if (problems.some(({state}) => state === 'critical')) return 'critical'
  return problems.length > 0 ? 'warning' : 'ok'
}
