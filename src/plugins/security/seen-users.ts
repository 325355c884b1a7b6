import type {Clock} from '../../contract/clock.js'
import type {Store} from '../../contract/store.js'
import {saveSeen} from './security-tables.js'

/** Rows of one write. */
const BATCH = 200
/** More wait at no time: then the oldest are written at once. */
const MAX_WAITING = 1000

/** Records who was here, so that an operator's mistyped id can be told from a user who has left. */
export class SeenUsers {
  readonly #store: Store
  readonly #clock: Clock
  readonly #waiting = new Set<number>()

  constructor(store: Store, clock: Clock) {
    this.#store = store
    this.#clock = clock
  }

  note(userId: number): void {
    this.#waiting.add(userId)
    if (this.#waiting.size >= MAX_WAITING) this.write()
  }

  /** Buffered: the store drops them, counted, when it cannot keep up. */
  write(): void {
    const userIds = [...this.#waiting]
    this.#waiting.clear()
    for (let index = 0; index < userIds.length; index += BATCH) {
      void this.#store.append([saveSeen(userIds.slice(index, index + BATCH), this.#clock.nowMs())])
    }
  }
}
