/** Counts mistakes and says when there are too many within a while. */
export class AbuseWindow {
  readonly #limit: number
  readonly #windowMs: number
  /** Times of the last mistakes, oldest first; at most `limit`. */
  #times: number[] = []

  constructor(limit: number, windowMs: number) {
    this.#limit = limit
    this.#windowMs = windowMs
  }

  /** Notes a mistake; true: that makes `limit` of them within the window. */
  note(nowMs: number): boolean {
    this.#times = this.#times.filter(timeMs => nowMs - timeMs < this.#windowMs)
    this.#times.push(nowMs)
    return this.#times.length >= this.#limit
  }
}
