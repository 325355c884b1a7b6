import {GsError} from '../../errors.js'
import {visibleValue} from '../../util/visible-text.js'

/** What a number is counted in. Times must be written with their unit, others may. */
export type CheckUnit = 'count' | 'perSecond' | 'percent' | 'ms' | 'us' | 'bytes' | 'mb'

/** A range in the manner of Nagios plugins. */
export interface Threshold {
  /** As it was written. */
  readonly text: string
  readonly low: number
  readonly high: number
  /** True: bad inside the range; else outside of it. The ends are part of the range. */
  readonly isBadInside: boolean
}

const MS = {us: 0.001, ms: 1, s: 1000, m: 60_000, h: 3_600_000}
const SIZES = {B: 1, KB: 1e3, MB: 1e6, GB: 1e9}

/** What each unit's numbers may end in, with the factor to the unit itself; '' where none is needed. */
const SUFFIXES: Readonly<Record<CheckUnit, Readonly<Record<string, number>>>> = {
  count: {'': 1},
  perSecond: {'': 1, '/s': 1},
  percent: {'': 1, '%': 1},
  ms: MS,
  us: scale(MS, 1000),
  bytes: {'': 1, ...SIZES},
  mb: {'': 1, ...scale(SIZES, 1e-6)},
}

/**
 * Reads a threshold: `50ms` is bad above, `10:` below, `10:20` outside, `@10:20` inside.
 *
 * @throws {GsError} usage for anything else.
 */
export function parseThreshold(text: string, unit: CheckUnit): Threshold {
  const [, at, lowText, colon, highText] = /^(@?)([^:@]*)(:?)([^:@]*)$/.exec(text.trim()) ?? []
  if (lowText === undefined || (lowText === '' && highText === '')) throw notAThreshold(text, unit)
  const isBadInside = at === '@'
  if (colon === '') return checked({text, low: 0, high: parseNumber(lowText, unit, text), isBadInside}, unit)
  const low = lowText === '~' || lowText === '' ? Number.NEGATIVE_INFINITY : parseNumber(lowText, unit, text)
  const high = highText === '' ? Number.POSITIVE_INFINITY : parseNumber(highText as string, unit, text)
  return checked({text, low: lowText === '' ? 0 : low, high, isBadInside}, unit)
}

export function isBroken({low, high, isBadInside}: Threshold, value: number): boolean {
  return (value >= low && value <= high) === isBadInside
}

/** As Nagios writes ranges: numbers without units. */
export function toRange({low, high, isBadInside}: Threshold): string {
  const [from, to] = [low === Number.NEGATIVE_INFINITY ? '~' : low, high === Number.POSITIVE_INFINITY ? '' : high]
  return `${isBadInside ? '@' : ''}${low === 0 && to !== '' ? to : `${from}:${to}`}`
}

function checked(threshold: Threshold, unit: CheckUnit): Threshold {
  if (threshold.low > threshold.high) throw notAThreshold(threshold.text, unit)
  return threshold
}

function parseNumber(text: string, unit: CheckUnit, whole: string): number {
  const [, digits, suffix = ''] = /^(\d+(?:\.\d+)?)\s*([a-zA-Z%/]*)$/.exec(text) ?? []
  const factor = Object.hasOwn(SUFFIXES[unit], suffix) ? SUFFIXES[unit][suffix] : undefined
  if (digits === undefined || factor === undefined) throw notAThreshold(whole, unit)
  return Number(digits) * factor
}

function notAThreshold(text: string, unit: CheckUnit): GsError {
  const suffixes = Object.keys(SUFFIXES[unit]).filter(suffix => suffix !== '')
  const written = suffixes.length === 0 ? '' : `, in ${suffixes.join(', ')}`
  return new GsError('usage', `not a threshold: ${visibleValue(text)}`, {
    hint: `Write a number for the most that is fine${written}, or a range: 10: for the least, 10:20 for both, @10:20 for what is bad.`,
  })
}

function scale(factors: Readonly<Record<string, number>>, by: number): Record<string, number> {
  return Object.fromEntries(Object.entries(factors).map(([suffix, factor]) => [suffix, factor * by]))
}
