import {GsError} from '../../errors.js'
import {visibleValue} from '../../util/visible-text.js'
import type {BenchResult} from './bench-result.js'

/** What a result must not be, such as `p99>50ms`. */
export interface BenchLimit {
  /** As it was written. */
  readonly text: string
  readonly metric: Metric
  readonly operator: Operator
  /** Milliseconds, or a count. */
  readonly bound: number
}

type Metric = keyof typeof METRICS
type Operator = keyof typeof OPERATORS

const METRICS = {
  p50: {isDuration: true, read: ({latency}: BenchResult) => latency.p50Ms},
  p99: {isDuration: true, read: ({latency}: BenchResult) => latency.p99Ms},
  max: {isDuration: true, read: ({latency}: BenchResult) => latency.maxMs},
  delivered: {isDuration: false, read: (result: BenchResult) => result.deliveriesPerSecond},
  published: {isDuration: false, read: (result: BenchResult) => result.publishedPerSecond},
  errors: {isDuration: false, read: ({errors}: BenchResult) => errors.total},
  lost: {isDuration: false, read: ({lost}: BenchResult) => lost.total},
} as const

const OPERATORS = {
  '>': (value: number, bound: number) => value > bound,
  '>=': (value: number, bound: number) => value >= bound,
  '<': (value: number, bound: number) => value < bound,
  '<=': (value: number, bound: number) => value <= bound,
} as const

const UNITS_MS: Readonly<Record<string, number>> = {us: 0.001, ms: 1, s: 1000}

/** @throws {GsError} usage when it is none. */
export function parseBenchLimit(text: string): BenchLimit {
  const [, metric = '', operator = '', digits = '', unit = ''] =
    /^\s*([a-z]\w*)\s*(>=|<=|>|<)\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*$/.exec(text) ?? []
  if (!isMetric(metric)) throw notALimit(text)
  const {isDuration} = METRICS[metric]
  const factor = isDuration ? UNITS_MS[unit] : unit === '' ? 1 : undefined
  if (factor === undefined) throw notALimit(text)
  return {text: text.trim(), metric, operator: operator as Operator, bound: Number(digits) * factor}
}

/** The limits that a result is on the wrong side of. One without a single echo has no latency, and fails those on it. */
export function brokenLimits(limits: readonly BenchLimit[], result: BenchResult): {limit: string; value: number}[] {
  return limits.flatMap(({text, metric, operator, bound}) => {
    const {isDuration, read} = METRICS[metric]
    const value = read(result)
    const isBlind = isDuration && result.latency.samples === 0
    return isBlind || OPERATORS[operator](value, bound) ? [{limit: text, value}] : []
  })
}

function isMetric(name: string): name is Metric {
  return Object.hasOwn(METRICS, name)
}

function notALimit(text: string): GsError {
  return new GsError('usage', `not a limit: ${visibleValue(text)}`, {
    hint: `Write p50, p99 or max and a time, as in 'p99>50ms', or ${rates()} and a number, as in 'errors>0'.`,
  })
}

function rates(): string {
  const names = Object.entries(METRICS).flatMap(([name, {isDuration}]) => (isDuration ? [] : [name]))
  return `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`
}
