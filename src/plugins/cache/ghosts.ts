/** Keys without values: those that left unread, or had to give way in L2. Who comes back is worth keeping. */
export class Ghosts {
  /** Oldest first; at most `limit`. */
  readonly #keys = new Set<string>()
  limit: number

  constructor(limit: number) {
    this.limit = limit
  }

  get size(): number {
    return this.#keys.size
  }

  has(key: string): boolean {
    return this.#keys.has(key)
  }

  add(key: string): void {
    this.#keys.add(key)
    while (this.#keys.size > this.limit) this.#keys.delete(this.#keys.values().next().value as string)
  }

  /** False: it was not there. */
  delete(key: string): boolean {
    return this.#keys.delete(key)
  }

  clear(): void {
    this.#keys.clear()
  }
}
