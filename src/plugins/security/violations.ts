/** Times of the last violations, oldest first; bounded by the limit that blocks. Monotonic, in milliseconds. */
export class Violations {
  #times: number[] = []

  /** Those that are too old to count may still be there. */
  get isEmpty(): boolean {
    return this.#times.length === 0
  }

  /** Returns how many there are with this one. */
  add(nowMs: number, memoryMs: number): number {
    this.#forget(nowMs, memoryMs)
    this.#times.push(nowMs)
    return this.#times.length
  }

  count(nowMs: number, memoryMs: number): number {
    this.#forget(nowMs, memoryMs)
    return this.#times.length
  }

  clear(): void {
    if (this.#times.length > 0) this.#times = []
  }

  #forget(nowMs: number, memoryMs: number): void {
    const kept = this.#times.findIndex(timeMs => nowMs - timeMs < memoryMs)
    if (kept !== 0) this.#times = kept === -1 ? [] : this.#times.slice(kept)
  }
}
