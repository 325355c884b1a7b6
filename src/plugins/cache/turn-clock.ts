/**
 * Time that stands still while a piece of code runs, and is looked at again after the next `await`: reading the machine's
 * clock takes as long as a read of the cache.
 */
export class TurnClock {
  readonly #monotonicMs: () => number
  #nowMs = 0
  #isKnown = false

  constructor(monotonicMs: () => number) {
    this.#monotonicMs = monotonicMs
  }

  nowMs(): number {
    return this.#isKnown ? this.#nowMs : this.#look()
  }

  #look(): number {
    this.#nowMs = this.#monotonicMs()
    this.#isKnown = true
    queueMicrotask(this.#forget)
    return this.#nowMs
  }

  readonly #forget = (): void => {
    this.#isKnown = false
  }
}
