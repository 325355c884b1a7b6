const SECOND_MS = 1000
/** More refusals than this within a second, and nothing is read for the rest of it. */
const MAX_REFUSALS = 1000
/** So many seconds of that in a row close the connection. */
const SECONDS_TO_CLOSE = 10

/** Decides how a user's refusals are answered. Times are monotonic, in milliseconds. */
export class FloodMeter {
  #secondMs = Number.NEGATIVE_INFINITY
  #refusals = 0
  #floodedSeconds = 0
  #lastFloodMs = Number.NEGATIVE_INFINITY
  #answeredMs = Number.NEGATIVE_INFINITY
  #suppressed = 0

  /** Notes a refusal. `pause`: with the time until reading may go on. */
  note(nowMs: number): {readonly pauseMs: number} | 'close' | null {
    if (nowMs - this.#secondMs >= SECOND_MS) {
      this.#secondMs = nowMs
      this.#refusals = 0
    }
    this.#refusals += 1
    if (this.#refusals !== MAX_REFUSALS + 1) return null
    // A second that was flooded ends with a pause, so the next one begins right after it.
    this.#floodedSeconds = nowMs - this.#lastFloodMs < 3 * SECOND_MS ? this.#floodedSeconds + 1 : 1
    this.#lastFloodMs = nowMs
    if (this.#floodedSeconds >= SECONDS_TO_CLOSE) return 'close'
    return {pauseMs: Math.max(1, Math.ceil(this.#secondMs + SECOND_MS - nowMs))}
  }

  /** True when an unnumbered message may be answered; otherwise that is counted for the next answer. */
  mayAnswer(nowMs: number): boolean {
    if (nowMs - this.#answeredMs >= SECOND_MS) {
      this.#answeredMs = nowMs
      return true
    }
    this.#suppressed += 1
    return false
  }

  /** How many refusals were not answered since this was asked last. */
  takeSuppressed(): number {
    const suppressed = this.#suppressed
    this.#suppressed = 0
    return suppressed
  }
}
