import type {Heatmap, Retention} from './analytics-patterns.js'

/** What there is to say about a period, in whole days of UTC up to now. */
export interface AnalyticsReport {
  /** The first day, as in `2026-01-31`. */
  readonly since: string
  /** When it was made. */
  readonly until: string
  readonly totals: ReportTotals
  /** Null: today is all of the period, or not all of the days before it are kept. */
  readonly comparison: ReportComparison | null
  /** Connected users over time, at most a few hundred points. */
  readonly online: {
    /** What one point stands for. */
    readonly bucketMs: number
    readonly points: readonly {readonly at: string; readonly peakUsers: number; readonly averageUsers: number}[]
  }
  /** Each day of the period, those without anybody included. */
  readonly days: readonly {
    readonly date: string
    readonly users: number
    /** Those of them who were there for the first time. */
    readonly newUsers: number
  }[]
  readonly heatmap: Heatmap
  /** Most playtime first, at most 10. Of sessions that have ended. */
  readonly topUsers: readonly {
    readonly userId: number
    readonly playtimeMs: number
    readonly sessions: number
    readonly messages: number
    readonly gamesPlayed: number
    readonly gamesWon: number
  }[]
  /** Most time of all visitors together first, at most 10. */
  readonly topRooms: readonly {
    readonly roomId: number
    readonly visitMs: number
    readonly visits: number
    readonly messages: number
    readonly gamesPlayed: number
    readonly peakUsers: number
  }[]
  readonly retention: Retention
  /** How many of the sessions that have ended were shorter than each limit and not than the one before; null: no limit. */
  readonly sessionLengths: readonly {readonly belowMs: number | null; readonly sessions: number}[]
  /** Games that have ended, most played first, at most 10. */
  readonly games: readonly {readonly game: string; readonly ended: number; readonly averageMs: number}[]
}

export interface ReportTotals {
  /** Different ones. */
  readonly users: number
  readonly newUsers: number
  readonly sessions: number
  /** Of sessions that have ended; 0 without any. */
  readonly averageSessionMs: number
  readonly playtimeMs: number
  readonly messages: number
  readonly gamesPlayed: number
  /** At one time. */
  readonly peakUsers: number
}

/** Today is left out, as it is not over. */
export interface ReportComparison {
  /** In each of the two. */
  readonly days: number
  /** Of the days of the period that are over. */
  readonly recent: ComparedTotals
  /** Of as many days before the period. */
  readonly before: ComparedTotals
}

/** Single sessions are not kept for long enough to be compared. */
export type ComparedTotals = Omit<ReportTotals, 'averageSessionMs'>
