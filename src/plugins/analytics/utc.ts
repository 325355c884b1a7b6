export const MINUTE_MS = 60_000
export const HOUR_MS = 3_600_000
export const DAY_MS = 86_400_000
export const HOURS_A_DAY = 24

/** Days since the epoch. */
export function dayOf(atMs: number): number {
  return Math.floor(atMs / DAY_MS)
}

const MONTHS_A_YEAR = 12
const EPOCH_YEAR = 1970

/** Months since the epoch, of a day since it. */
export function monthOf(day: number): number {
  const date = new Date(day * DAY_MS)
  return (date.getUTCFullYear() - EPOCH_YEAR) * MONTHS_A_YEAR + date.getUTCMonth()
}

/** The first day of a month, both since the epoch. */
export function firstDayOf(month: number): number {
  return Date.UTC(EPOCH_YEAR, month, 1) / DAY_MS
}

/** The beginning of the hour, in milliseconds since the epoch. */
export function hourStart(atMs: number): number {
  return atMs - (atMs % HOUR_MS)
}

/** 0 to 23. */
export function hourOfDay(atMs: number): number {
  return Math.floor(atMs / HOUR_MS) % HOURS_A_DAY
}

/** Parts of a stretch of time, one for each day that it touches; at least one, also when it has no length. */
export function splitByDay(fromMs: number, toMs: number): {day: number; durationMs: number}[] {
  const parts: {day: number; durationMs: number}[] = []
  for (let startMs = fromMs; startMs < toMs; ) {
    const day = dayOf(startMs)
    const endMs = Math.min((day + 1) * DAY_MS, toMs)
    parts.push({day, durationMs: endMs - startMs})
    startMs = endMs
  }
  return parts.length === 0 ? [{day: dayOf(fromMs), durationMs: 0}] : parts
}
