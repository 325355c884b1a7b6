import type {CachePolicy} from '../contract/cache.js'
import {GsError} from '../errors.js'
import {MIN_SIMULATED_SIZE, type Simulated, simulate} from '../plugins/cache/simulate.js'
import {readTraceFile} from './key-trace-file.js'

const MAX_SIZE = 10_000_000
const POLICIES: readonly string[] = ['filtered', 'lru'] satisfies CachePolicy[]

/** What a trace would have found at each size, with each policy and at best. */
export interface Simulation {
  readonly reads: number
  readonly uniqueKeys: number
  readonly results: readonly Simulated[]
}

/**
 * Tries sizes and policies on a trace.
 *
 * @throws {GsError} usage for a file that is no trace.
 */
export async function simulateCache(
  file: string,
  options: {sizes: readonly number[]; policies: readonly CachePolicy[]},
): Promise<Simulation> {
  const reads = await readTraceFile(file)
  return {reads: reads.length, uniqueKeys: new Set(reads).size, results: [...simulate(reads, options)]}
}

/** @throws {GsError} usage for anything but whole numbers in range, separated by commas. */
export function parseSizes(text: string): number[] {
  return text.split(',').map(part => {
    const size = Number(part.trim())
    if (/^\d+$/.test(part.trim()) && size >= MIN_SIMULATED_SIZE && size <= MAX_SIZE) return size
    throw new GsError('usage', `not a size: "${part}"`, {
      hint: `Sizes are whole numbers from ${MIN_SIMULATED_SIZE} to ${MAX_SIZE}, separated by commas.`,
    })
  })
}

/** @throws {GsError} usage for anything but policies, separated by commas. */
export function parsePolicies(text: string): CachePolicy[] {
  return text.split(',').map(part => {
    if (POLICIES.includes(part.trim())) return part.trim() as CachePolicy
    throw new GsError('usage', `not a policy: "${part}"`, {hint: `Policies are ${POLICIES.join(', ')}.`})
  })
}
