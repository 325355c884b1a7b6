import type {ClosedConnection} from '../contract/views.js'

/** The last closed connections, with the reason of each: what an operator asks first. */
export class ClosedLedger {
  /** A ring, bounded by `size`. */
  readonly #entries: ClosedConnection[] = []
  readonly #size: number
  #next = 0

  constructor(size: number) {
    this.#size = size
  }

  add(entry: ClosedConnection): void {
    if (this.#size === 0) return
    this.#entries[this.#next] = entry
    this.#next = (this.#next + 1) % this.#size
  }

  /** At most `limit` entries, newest first. */
  list(limit: number): ClosedConnection[] {
    const newestLast = [...this.#entries.slice(this.#next), ...this.#entries.slice(0, this.#next)]
    return newestLast.toReversed().slice(0, limit)
  }
}
