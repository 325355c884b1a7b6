/** How long an entry stays where it is in the order of use; moving it with each message would gain nothing. */
const ORDER_MS = 1000

interface Entry<Key, State> {
  readonly key: Key
  readonly state: State
  orderedAtMs: number
  older: Entry<Key, State> | null
  newer: Entry<Key, State> | null
}

/**
 * States by key, at most so many: the one that was used longest ago makes room. Those in use may stay beyond the limit,
 * which connections bound. The order is a list of its own: a Map that is read from its beginning while entries leave
 * there has to step over all that have left.
 */
export class StateTable<Key, State> {
  maxSize: number
  readonly #entries = new Map<Key, Entry<Key, State>>()
  readonly #isInUse: (state: State) => boolean
  readonly #onEvicted: (state: State) => void
  #oldest: Entry<Key, State> | null = null
  #newest: Entry<Key, State> | null = null

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
    if (nowMs - entry.orderedAtMs >= ORDER_MS) this.#renew(entry, nowMs)
    return entry.state
  }

  /** The key must be new. */
  add(key: Key, state: State, nowMs: number): void {
    const entry = {key, state, orderedAtMs: nowMs, older: null, newer: null}
    this.#entries.set(key, entry)
    this.#append(entry)
    this.#makeRoomFor(entry, nowMs)
  }

  *values(): Generator<State> {
    for (const {state} of this.#entries.values()) yield state
  }

  #makeRoomFor(newcomer: Entry<Key, State>, nowMs: number): void {
    // Those in use go to the end, behind the newcomer, so that each is met once.
    for (let entry = this.#oldest; entry !== null && entry !== newcomer; entry = this.#oldest) {
      if (this.#entries.size <= this.maxSize) return
      if (this.#isInUse(entry.state)) this.#renew(entry, nowMs)
      else {
        this.#unlink(entry)
        this.#entries.delete(entry.key)
        this.#onEvicted(entry.state)
      }
    }
  }

  #renew(entry: Entry<Key, State>, nowMs: number): void {
    entry.orderedAtMs = nowMs
    if (entry === this.#newest) return
    this.#unlink(entry)
    this.#append(entry)
  }

  #append(entry: Entry<Key, State>): void {
    entry.older = this.#newest
    entry.newer = null
    if (this.#newest === null) this.#oldest = entry
    else this.#newest.newer = entry
    this.#newest = entry
  }

  #unlink({older, newer}: Entry<Key, State>): void {
    if (older === null) this.#oldest = newer
    else older.newer = newer
    if (newer === null) this.#newest = older
    else newer.older = older
  }
}
