/** How long a state stays where it is in the order of use; moving it with each message would gain nothing. */
const ORDER_MS = 1000

/** What a table keeps, and where that stands in the order of use: an object for each place would take as much again. */
export abstract class Ordered<State> {
  /** Whole seconds of monotonic time: a number with a fraction takes an object of its own. */
  orderedAtSecond = 0
  older: State | null = null
  newer: State | null = null
}

/**
 * States by key, at most so many: the one that was used longest ago makes room. Those in use may stay beyond the limit,
 * which connections bound. The order is a list of its own: a Map that is read from its beginning while entries leave
 * there has to step over all that have left.
 */
export class StateTable<Key, State extends Ordered<State>> {
  maxSize: number
  readonly #states = new Map<Key, State>()
  readonly #keyOf: (state: State) => Key
  readonly #isInUse: (state: State) => boolean
  readonly #onEvicted: (state: State) => void
  #oldest: State | null = null
  #newest: State | null = null

  constructor(options: {
    maxSize: number
    keyOf: (state: State) => Key
    isInUse: (state: State) => boolean
    onEvicted: (state: State) => void
  }) {
    this.maxSize = options.maxSize
    this.#keyOf = options.keyOf
    this.#isInUse = options.isInUse
    this.#onEvicted = options.onEvicted
  }

  get size(): number {
    return this.#states.size
  }

  /** Does not count as use. */
  peek(key: Key): State | undefined {
    return this.#states.get(key)
  }

  get(key: Key, nowMs: number): State | undefined {
    const state = this.#states.get(key)
    if (state === undefined) return undefined
    if (secondOf(nowMs) !== state.orderedAtSecond) this.#renew(state, nowMs)
    return state
  }

  /** Its key must be new. */
  add(state: State, nowMs: number): void {
    state.orderedAtSecond = secondOf(nowMs)
    this.#states.set(this.#keyOf(state), state)
    this.#append(state)
    this.#makeRoomFor(state, nowMs)
  }

  values(): IterableIterator<State> {
    return this.#states.values()
  }

  #makeRoomFor(newcomer: State, nowMs: number): void {
    // Those in use go to the end, behind the newcomer, so that each is met once.
    for (let state = this.#oldest; state !== null && state !== newcomer; state = this.#oldest) {
      if (this.#states.size <= this.maxSize) return
      if (this.#isInUse(state)) this.#renew(state, nowMs)
      else {
        this.#unlink(state)
        this.#states.delete(this.#keyOf(state))
        this.#onEvicted(state)
      }
    }
  }

  #renew(state: State, nowMs: number): void {
    state.orderedAtSecond = secondOf(nowMs)
    if (state === this.#newest) return
    this.#unlink(state)
    this.#append(state)
  }

  #append(state: State): void {
    state.older = this.#newest
    state.newer = null
    if (this.#newest === null) this.#oldest = state
    else this.#newest.newer = state
    this.#newest = state
  }

  #unlink(state: State): void {
    const {older, newer} = state
    if (older === null) this.#oldest = newer
    else older.newer = newer
    if (newer === null) this.#newest = older
    else newer.older = older
    state.older = null
    state.newer = null
  }
}

function secondOf(nowMs: number): number {
  return Math.floor(nowMs / ORDER_MS)
}
