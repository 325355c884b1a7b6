const FIRST_CAPACITY = 512

/** The bytes of one unfinished frame, in one buffer that doubles. The caller bounds it by the frame limit. */
export class PartialFrame {
  #buffer = Buffer.allocUnsafeSlow(FIRST_CAPACITY)
  length = 0

  append(source: Buffer, start: number, end: number): void {
    const needed = this.length + end - start
    if (needed > this.#buffer.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(needed, this.#buffer.length * 2))
      this.#buffer.copy(grown, 0, 0, this.length)
      this.#buffer = grown
    }
    source.copy(this.#buffer, this.length, start, end)
    this.length = needed
  }

  /** A window on the bytes so far; valid until the next `append`. */
  bytes(): Buffer {
    return this.#buffer.subarray(0, this.length)
  }
}
