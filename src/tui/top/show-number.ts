import {formatSize} from '../../units.js'

/** What stands for a number that nobody measured. */
export const UNKNOWN = '-'

/** At most five characters up to a billion: `7`, `512`, `9999`, `20.1k`, `3.20M`. */
export function showCount(value: number | null): string {
  if (value === null) return UNKNOWN
  if (value < 9_999.5)
    return value > 0 && value < 9.95 && !Number.isInteger(value) ? value.toFixed(1) : value.toFixed(0)
  for (const [unit, size] of [
    ['k', 1e3],
    ['M', 1e6],
    ['G', 1e9],
  ] as const) {
    const scaled = value / size
    if (scaled < 999.5 || unit === 'G') return `${scaled.toFixed(scaled < 9.995 ? 2 : scaled < 99.95 ? 1 : 0)}${unit}`
  }
  return value.toExponential(1)
}

/** The number itself where raw ones are wanted. */
export function showBytes(value: number | null, isRaw: boolean): string {
  if (value === null) return UNKNOWN
  return isRaw ? value.toFixed(0) : formatSize(value)
}

/** Milliseconds with what is significant of them. */
export function showMs(value: number | null): string {
  if (value === null) return UNKNOWN
  return `${value.toFixed(value < 9.995 ? 2 : value < 99.95 ? 1 : 0)} ms`
}

export function showPercent(value: number | null): string {
  return value === null ? UNKNOWN : `${value.toFixed(value < 9.95 ? 1 : 0)} %`
}
