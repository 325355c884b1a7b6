/**
 * Counts what is under way on something, so that its end can wait for that. Whatever runs through without waiting need not
 * be counted: nothing can change in its middle.
 */
export class UseCount {
  #count = 0
  #idle = Promise.withResolvers<void>()

  get isIdle(): boolean {
    return this.#count === 0
  }

  begin(): void {
    this.#count += 1
  }

  end(): void {
    this.#count -= 1
    if (this.#count > 0) return
    this.#idle.resolve()
    this.#idle = Promise.withResolvers<void>()
  }

  /** Resolves when nothing is under way any more. */
  async idle(): Promise<void> {
    while (this.#count > 0) await this.#idle.promise
  }
}
