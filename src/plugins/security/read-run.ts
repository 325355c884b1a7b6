/** Reads that follow one another faster than this belong to one run. */
const GAP_MS = 1

/**
 * Notices runs of reads that come one right after the other. What counts are reads of the socket, not messages: any
 * number of messages may arrive with one read.
 */
export class ReadRun {
  #readId = -1
  #lastMs = Number.NEGATIVE_INFINITY
  #length = 0

  /** True: with this read the run has become longer than `limit`. The next run begins with it. */
  note(readId: number, nowMs: number, limit: number): boolean {
    if (readId === this.#readId) return false
    this.#readId = readId
    this.#length = nowMs - this.#lastMs < GAP_MS ? this.#length + 1 : 1
    this.#lastMs = nowMs
    if (this.#length <= limit) return false
    this.#length = 1
    return true
  }
}
