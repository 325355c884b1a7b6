import type {CheckUnit} from './threshold.js'

/** As monitors in the manner of Nagios know it. */
export type CheckState = 'ok' | 'warning' | 'critical' | 'unknown'

/** The exit statuses of Nagios, which are others than those of all other commands. */
export const CHECK_STATUS: Readonly<Record<CheckState, number>> = {ok: 0, warning: 1, critical: 2, unknown: 3}

export interface CheckProblem {
  readonly state: 'warning' | 'critical'
  /** What is wrong, for people. */
  readonly message: string
}

export interface CheckedValue {
  readonly name: string
  readonly value: number
  readonly unit: CheckUnit
  /** The limits as ranges of Nagios, in the unit. */
  readonly warn: string | null
  readonly critical: string | null
}

export interface CheckResult {
  readonly state: CheckState
  /** Name of the server; null when it could not be asked. */
  readonly instance: string | null
  readonly problems: readonly CheckProblem[]
  /** Why it could not be done; null when it was. */
  readonly failure: string | null
  /** Every number that has a name, and those with a limit. Empty when the metrics plugin is off. */
  readonly values: readonly CheckedValue[]
}
