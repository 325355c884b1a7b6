import {LRUCache} from 'lru-cache'

/** Keys without values: those that left unread, or had to give way in L2. Who comes back is worth keeping. */
export class Ghosts {
  /** The one that was added first goes first. */
  #keys: LRUCache<string, true>

  /** At most `limit`. */
  constructor(limit: number) {
    this.#keys = new LRUCache({max: limit})
  }

  get size(): number {
    return this.#keys.size
  }

  add(key: string): void {
    this.#keys.set(key, true)
  }

  /** False: it was not there. */
  delete(key: string): boolean {
    return this.#keys.delete(key)
  }

  resize(limit: number): void {
    if (limit === this.#keys.max) return
    const keys = new LRUCache<string, true>({max: limit})
    for (const key of this.#keys.rkeys()) keys.set(key, true)
    this.#keys = keys
  }

  clear(): void {
    this.#keys.clear()
  }
}
