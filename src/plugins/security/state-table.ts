/** How long an entry stays where it is in the order of use; moving it with each message would cost more than that. */
const ORDER_MS = 1000

interface Entry<State> {
  readonly state: State
  orderedAtMs: number
}

/**
 * States by key, at most so many: the one that was used longest ago makes room. Those in use may stay beyond the limit,
 * which connections bound.
 */
export class StateTable<Key, State> {
  maxSize: number
  readonly #entries = new Map<Key, Entry<State>>()
  readonly #isInUse: (state: State) => boolean
  readonly #onEvicted: (state: State) => void

  constructor(options: {maxSize: number; isInUse: (state: State) => boolean; onEvicted: (state: State) => void}) {
    this.maxSize = options.maxSize
    this.#isInUse = options.isInUse
    this.#onEvicted = options.onEvicted
  }

  get size(): number {
    return this.#entries.size
  }

  /** Does not count as use. */
  peek(key: Key): State | undefined {
    return this.#entries.get(key)?.state
  }

  get(key: Key, nowMs: number): State | undefined {
    const entry = this.#entries.get(key)
    if (entry === undefined) return undefined
    if (nowMs - entry.orderedAtMs >= ORDER_MS) {
      entry.orderedAtMs = nowMs
      this.#entries.delete(key)
      this.#entries.set(key, entry)
    }
    return entry.state
  }

  /** The key must be new. */
  add(key: Key, state: State, nowMs: number): void {
    this.#entries.set(key, {state, orderedAtMs: nowMs})
    if (this.#entries.size > this.maxSize) this.#makeRoomFor(key, nowMs)
  }

  *values(): Generator<State> {
    for (const {state} of this.#entries.values()) yield state
  }

  #makeRoomFor(newcomer: Key, nowMs: number): void {
    // Those in use go to the end, so that each is met once in a long while.
    for (const [key, entry] of this.#entries) {
      if (this.#entries.size <= this.maxSize || key === newcomer) return
      this.#entries.delete(key)
      if (this.#isInUse(entry.state)) {
        entry.orderedAtMs = nowMs
        this.#entries.set(key, entry)
      } else this.#onEvicted(entry.state)
    }
  }
}
