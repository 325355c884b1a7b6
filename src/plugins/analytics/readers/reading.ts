import type {Store} from '../../../contract/store.js'

/**
 * Where readers look: the store of a running server, or a data directory that is only read. `nowMs`: until when sessions
 * that are open have lasted.
 */
export interface Reading {
  readonly query: Store['query']
  readonly nowMs: number
}

/** A day since the epoch as in `2026-01-31`. */
export function dateOf(day: number): string {
  return new Date(day * 86_400_000).toISOString().slice(0, 10)
}

/** 24 numbers from rows of hours and values. */
export function byHour(rows: readonly {readonly hour: number; readonly value: number}[]): number[] {
  const values = new Array<number>(24).fill(0)
  for (const {hour, value} of rows) values[hour] = value
  return values
}
