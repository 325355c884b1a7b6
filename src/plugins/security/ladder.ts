import type {LadderRow} from './security-tables.js'

const MEMORY_MS = 7 * 86_400_000

/** When rules blocked whom within the last 7 days: each time doubles the next block. Wall time, in milliseconds. */
export class Ladder {
  /** Oldest first, by key of the target; bounded by the number of blocks within 7 days. */
  readonly #steps = new Map<string, number[]>()

  constructor(rows: readonly LadderRow[]) {
    for (const {key, atMs} of rows) this.add(key, atMs)
  }

  static memorySinceMs(nowMs: number): number {
    return nowMs - MEMORY_MS
  }

  steps(key: string, nowMs: number): readonly number[] {
    return (this.#steps.get(key) ?? []).filter(atMs => atMs > nowMs - MEMORY_MS)
  }

  has(key: string): boolean {
    return this.#steps.has(key)
  }

  /** How long a block would be that is `firstMs` the first time. */
  durationMs(key: string, nowMs: number, {firstMs, mostMs}: {firstMs: number; mostMs: number}): number {
    return Math.min(firstMs * 2 ** this.steps(key, nowMs).length, mostMs)
  }

  add(key: string, atMs: number): void {
    const steps = this.#steps.get(key)
    if (steps === undefined) this.#steps.set(key, [atMs])
    else steps.push(atMs)
  }

  clear(key: string): boolean {
    return this.#steps.delete(key)
  }

  sweep(nowMs: number): void {
    for (const key of this.#steps.keys()) {
      const steps = this.steps(key, nowMs)
      if (steps.length === 0) this.#steps.delete(key)
      else this.#steps.set(key, [...steps])
    }
  }
}
