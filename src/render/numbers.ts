/** A time, from microseconds to seconds: `85 µs`, `1.25 ms`, `3.10 s`. */
export function formatMs(durationMs: number): string {
  if (durationMs === 0) return '0 ms'
  if (durationMs < 1) return `${Math.round(durationMs * 1000)} µs`
  return durationMs < 1000 ? `${threeDigits(durationMs)} ms` : `${threeDigits(durationMs / 1000)} s`
}

/** A count with gaps between the thousands, whatever the locale. */
export function formatCount(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, ' ')
}

/** A count of things: `1 user`, `1 250 users`. */
export function countOf(count: number, noun: string, plural = `${noun}s`): string {
  return `${formatCount(count)} ${count === 1 ? noun : plural}`
}

/** With its fraction where it is small: `0.2`, `8.5`, `1 250`. */
export function formatRate(perSecond: number): string {
  return perSecond < 10 ? String(Number(perSecond.toFixed(1))) : formatCount(perSecond)
}

export function formatPercent(percent: number): string {
  return `${percent < 10 ? Number(percent.toFixed(2)) : Math.round(percent)} %`
}

function threeDigits(value: number): string {
  return value.toFixed(value < 9.995 ? 2 : value < 99.95 ? 1 : 0)
}
