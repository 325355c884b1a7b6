/** What a chart may be drawn with. */
export interface ChartLook {
  readonly hasColor: boolean
  /** False: ASCII only. */
  readonly isUtf8: boolean
  /** Infinite where there is no terminal to fit. */
  readonly columns: number
}

const BLOCKS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const
const MARKS = ['.', ':', '-', '=', '+', '*', '%', '#'] as const

/** A character for each value, taller for larger ones; nothing for 0. */
export function sparkline(values: readonly number[], isUtf8: boolean): string {
  const most = Math.max(...values, 0)
  const steps = isUtf8 ? BLOCKS : MARKS
  return values
    .map(value => (value <= 0 ? ' ' : (steps[Math.ceil((value / most) * steps.length) - 1] ?? steps[0])))
    .join('')
}

/** A bar of at most `width` columns; at least one for what is not 0. */
export function bar(value: number, most: number, {width, isUtf8}: {width: number; isUtf8: boolean}): string {
  if (value <= 0 || most <= 0) return ''
  return (isUtf8 ? '█' : '#').repeat(Math.max(1, Math.round((value / most) * width)))
}

/** 24 values as two lines: a column of two characters for each hour of the day, and some hours below. */
export function hoursChart(values: readonly number[], isUtf8: boolean): string {
  const columns = Array.from(sparkline(values, isUtf8), mark => mark.repeat(2)).join('')
  const labels = [0, 6, 12, 18].map(hour => `${String(hour).padStart(2, '0')}h`.padEnd(12)).join('')
  return `${columns.trimEnd()}\n${labels.trimEnd()}`
}
