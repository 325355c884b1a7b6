import {GsError} from './errors.js'
import {visibleValue} from './util/visible-text.js'

const DURATION_MS = {ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000} as const

/**
 * Reads a duration: a whole number and one of `ms s m h d`, as in `250ms`. Returns milliseconds.
 *
 * `allowBareSeconds`: a number without a unit is seconds; otherwise it is refused.
 *
 * @throws {GsError} usage for anything else, and for more than 2^53-1 ms.
 */
export function parseDuration(text: string, {allowBareSeconds = false} = {}): number {
  const [, digits, unit] = /^(\d+)(ms|s|m|h|d)?$/.exec(text) ?? []
  if (digits === undefined || (unit === undefined && !allowBareSeconds)) throw invalidDuration(text)
  const durationMs = Number(digits) * DURATION_MS[(unit ?? 's') as keyof typeof DURATION_MS]
  if (!Number.isSafeInteger(durationMs)) throw invalidDuration(text)
  return durationMs
}

/** Writes a duration with its two largest units, cut, not rounded: `250ms`, `1m 30s`, `7d`. Below 1 ms: `0ms`. */
export function formatDuration(durationMs: number): string {
  let restMs = Math.trunc(Math.abs(durationMs))
  const parts: string[] = []
  for (const unit of ['d', 'h', 'm', 's', 'ms'] as const) {
    const count = Math.floor(restMs / DURATION_MS[unit])
    restMs -= count * DURATION_MS[unit]
    if (count > 0) parts.push(`${count}${unit}`)
    // The second unit is the next smaller one or none: `1d`, not `1d 5s`.
    else if (parts.length > 0) break
    if (parts.length === 2) break
  }
  return `${durationMs <= -1 ? '-' : ''}${parts.length === 0 ? '0ms' : parts.join(' ')}`
}

/** Writes a size with three digits and powers of 1000: `999 B`, `1.05 MB`. */
export function formatSize(sizeBytes: number): string {
  if (sizeBytes < 1000) return `${Math.round(sizeBytes)} B`
  let value = sizeBytes
  let unit = ''
  for (const larger of ['KB', 'MB', 'GB', 'TB', 'PB']) {
    // 999.5 would be written as 1000.
    if (value < 999.5 && unit !== '') break
    value /= 1000
    unit = larger
  }
  return `${value.toFixed(value < 9.995 ? 2 : value < 99.95 ? 1 : 0)} ${unit}`
}

const SIZE_BYTES = {b: 1, kb: 1e3, mb: 1e6, gb: 1e9} as const

/**
 * Reads a size: a whole number and one of `b kb mb gb`, in either case, with powers of 1000. Returns bytes.
 *
 * @throws {GsError} usage for anything else.
 */
export function parseSize(text: string): number {
  const [, digits, unit = ''] = /^(\d+)(b|kb|mb|gb)$/i.exec(text) ?? []
  const sizeBytes = Number(digits) * (SIZE_BYTES[unit.toLowerCase() as keyof typeof SIZE_BYTES] ?? Number.NaN)
  if (Number.isSafeInteger(sizeBytes)) return sizeBytes
  throw new GsError('usage', `not a size: ${visibleValue(text)}`, {
    hint: 'Write a whole number and a unit: 500kb, 64mb or 1gb.',
  })
}

function invalidDuration(text: string): GsError {
  return new GsError('usage', `not a duration: ${visibleValue(text)}`, {
    hint: 'Write a whole number and a unit: 250ms, 30s, 10m, 2h or 7d.',
  })
}
