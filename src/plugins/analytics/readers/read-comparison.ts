import type {ComparedTotals, ReportComparison} from '../../../contract/analytics-report.js'
import {dayOf} from '../utc.js'
import {type DayPeriod, readTotals} from './read-totals.js'
import type {Reading} from './reading.js'

export interface Compared {
  /** Of the period that goes on until now. */
  readonly firstDay: number
  /** Of everything that is kept. */
  readonly firstKeptDay: number
}

/** The days of a period that are over, and as many before it. */
export async function readComparison(
  reading: Reading,
  {firstDay, firstKeptDay}: Compared,
): Promise<ReportComparison | null> {
  const today = dayOf(reading.nowMs)
  const days = today - firstDay
  if (days < 1 || firstDay - days < firstKeptDay) return null
  const read = async (period: DayPeriod): Promise<ComparedTotals> => {
    const {averageSessionMs: _, ...totals} = await readTotals(reading, period)
    return totals
  }
  return {
    days,
    recent: await read({firstDay, endDay: today}),
    before: await read({firstDay: firstDay - days, endDay: firstDay}),
  }
}
