import type {Statement} from '../contract/store.js'

/** How often a statement is run: each time is a row, in the eyes of the store. */
export function countRuns({rows, numbers}: Statement): number {
  if (numbers !== undefined) return numbers.values.length / numbers.width
  return rows?.length ?? 1
}
