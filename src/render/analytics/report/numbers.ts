const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const
const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000

/** With thin spaces between thousands, and at most one decimal where it says something. */
export function showNumber(value: number): string {
  const rounded = value < 10 ? Math.round(value * 10) / 10 : Math.round(value)
  const [whole = '', decimals] = String(rounded).split('.')
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, '\u2009')
  return decimals === undefined ? grouped : `${grouped}.${decimals}`
}

/** In the unit that suits it: `45 s`, `12 min`, `3.5 h`. */
export function showTime(durationMs: number): string {
  if (durationMs < MINUTE_MS) return `${Math.round(durationMs / 1000)} s`
  if (durationMs < HOUR_MS) return `${Math.round(durationMs / MINUTE_MS)} min`
  return `${showNumber(durationMs / HOUR_MS)} h`
}

/** `3 Jan`. */
export function showDay(time: Date | string): string {
  const date = new Date(time)
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]}`
}

/** `3 Jan 2026`. */
export function showDate(time: Date | string): string {
  return `${showDay(time)} ${new Date(time).getUTCFullYear()}`
}

/** `14:05`. */
export function showClock(time: Date | string): string {
  return new Date(time).toISOString().slice(11, 16)
}

export function showPercent(share: number): string {
  if (share > 0 && share < 0.005) return '<1\u2009%'
  return `${Math.round(share * 100)}\u2009%`
}

/** `+12 %` or `−5 %`; null where there was nothing to compare with. */
export function showChange(recent: number, before: number): string | null {
  if (before === 0) return null
  const percent = Math.round((recent / before - 1) * 100)
  if (percent === 0) return '±0\u2009%'
  return `${percent > 0 ? '+' : '\u2212'}${showNumber(Math.abs(percent))}\u2009%`
}
