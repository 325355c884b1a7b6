/** A score that fades with time. Times are monotonic, in milliseconds. */
export class Suspicion {
  #score = 0
  #atMs = 0

  /** There was some; it may have faded. */
  get isMarked(): boolean {
    return this.#score > 0
  }

  at(nowMs: number, decayPerSecond: number): number {
    if (this.#score === 0) return 0
    return Math.max(0, this.#score - ((nowMs - this.#atMs) / 1000) * decayPerSecond)
  }

  /** Returns the score that comes of it. */
  add(points: number, nowMs: number, decayPerSecond: number): number {
    this.#score = this.at(nowMs, decayPerSecond) + points
    this.#atMs = nowMs
    return this.#score
  }

  clear(): void {
    this.#score = 0
  }
}
