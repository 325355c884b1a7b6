/** When users are there, and whether they come back. Days and hours are those of UTC. */

export interface Heatmap {
  readonly roomId: number | null
  readonly since: string | null
  /**
   * Seven rows from Monday on, each with 24 numbers: how many different users were there in that hour on average of the
   * days that have been.
   */
  readonly cells: readonly (readonly number[])[]
}

/** Users who were first seen in one week. */
export interface Cohort {
  /** The Monday. */
  readonly week: string
  readonly users: number
  /** How many of those for whom that day is over came back on it. */
  readonly day1: Returned
  readonly day7: Returned
  readonly day30: Returned
}

export interface Returned {
  /** For whom that day is over. */
  readonly of: number
  readonly users: number
}

export interface Retention {
  /** Newest first. */
  readonly cohorts: readonly Cohort[]
}
