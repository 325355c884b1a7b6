import {LRUCache} from 'lru-cache'
import {type Entry, sizeOf} from './entry.js'

/** Entries in the order of their use, and their bytes. It evicts nothing by itself: who adds makes room before. */
export class Tier {
  /** Of all entries. */
  bytes = 0
  /** Bounded by `limit`; its own bound is never reached. */
  #entries: LRUCache<string, Entry>
  #limit: number

  constructor(limit: number) {
    this.#limit = limit
    this.#entries = new LRUCache({max: limit + 1})
  }

  get size(): number {
    return this.#entries.size
  }

  /** Most entries. */
  get limit(): number {
    return this.#limit
  }

  get isFull(): boolean {
    return this.#entries.size >= this.#limit
  }

  /** Counts as a use. */
  get(key: string): Entry | undefined {
    return this.#entries.get(key)
  }

  peek(key: string): Entry | undefined {
    return this.#entries.peek(key)
  }

  add(entry: Entry): void {
    this.#entries.set(entry.key, entry)
    this.bytes += sizeOf(entry)
  }

  remove(entry: Entry): void {
    this.#entries.delete(entry.key)
    this.bytes -= sizeOf(entry)
  }

  /** Takes out the least recently used one. */
  takeColdest(): Entry | undefined {
    const entry = this.#entries.pop()
    if (entry !== undefined) this.bytes -= sizeOf(entry)
    return entry
  }

  /** Most recently used first. */
  values(): Iterable<Entry> {
    return this.#entries.values() as Iterable<Entry>
  }

  /** More than `limit` entries may be left: the caller takes out the rest. */
  resize(limit: number): void {
    const size = Math.max(limit, this.#entries.size)
    const entries = new LRUCache<string, Entry>({max: size + 1})
    for (const entry of this.#entries.rvalues() as Iterable<Entry>) entries.set(entry.key, entry)
    this.#entries = entries
    this.#limit = limit
  }

  clear(): void {
    this.#entries.clear()
    this.bytes = 0
  }
}
