import {formatSize} from '../../units.js'
import type {CheckUnit} from './threshold.js'

/** A number with its unit, short, for people. */
export function formatChecked(value: number, unit: CheckUnit): string {
  switch (unit) {
    case 'ms':
      return `${threeDigits(value)} ms`
    case 'us':
      return `${threeDigits(value)} µs`
    case 'percent':
      return `${threeDigits(value)} %`
    case 'mb':
      return `${threeDigits(value)} MB`
    case 'bytes':
      return formatSize(value)
    case 'perSecond':
      return `${threeDigits(value)}/s`
    default:
      return String(value)
  }
}

/** Below 100 with three digits, above whole. */
function threeDigits(value: number): string {
  return value >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)))
}
