import type {CacheEventName, CacheEvents} from '../../contract/cache.js'

type Listener<Name extends CacheEventName> = (event: CacheEvents[Name]) => void

interface Told {
  readonly name: CacheEventName
  readonly event: CacheEvents[CacheEventName]
}

/** Those who listen, by event; null while nobody does, so that the event need not be made. */
export class CacheListeners {
  hit: readonly Listener<'hit'>[] | null = null
  miss: readonly Listener<'miss'>[] | null = null
  set: readonly Listener<'set'>[] | null = null
  promote: readonly Listener<'promote'>[] | null = null
  demote: readonly Listener<'demote'>[] | null = null
  evict: readonly Listener<'evict'>[] | null = null
  load: readonly Listener<'load'>[] | null = null
  /** There is something to flush. */
  isWaiting = false
  /** Bounded by what one call of the cache brings about. */
  readonly #waiting: Told[] = []
  #isTelling = false
  readonly #onError: (event: CacheEventName, error: unknown) => void

  /** `onError` is told when a listener throws; the others are told of the event all the same. */
  constructor(onError: (event: CacheEventName, error: unknown) => void) {
    this.#onError = onError
  }

  /** Returns a function that ends it. */
  add<Name extends CacheEventName>(name: Name, listener: Listener<Name>): () => void {
    this.#replace(name, [...(this[name] ?? []), listener])
    return () => {
      const rest = (this[name] ?? []).filter(other => other !== listener)
      this.#replace(name, rest.length === 0 ? null : rest)
    }
  }

  /** Puts an event on the list; `flush` hands it out, once the cache is in order again. */
  note<Name extends CacheEventName>(name: Name, event: CacheEvents[Name]): void {
    this.isWaiting = true
    this.#waiting.push({name, event})
  }

  /** Listeners may use the cache; what comes of that is told after what is told now. */
  flush(): void {
    if (this.#isTelling) return
    this.#isTelling = true
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) this.#tell(next)
    this.#isTelling = false
    this.isWaiting = false
  }

  #tell({name, event}: Told): void {
    for (const listener of (this[name] ?? []) as readonly Listener<CacheEventName>[]) {
      try {
        listener(event as never)
      } catch (error) {
        this.#onError(name, error)
      }
    }
  }

  #replace(name: CacheEventName, listeners: readonly Listener<never>[] | null): void {
    Object.assign(this, {[name]: listeners})
  }
}
