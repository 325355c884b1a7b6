import type {CacheEventName, CacheEvents} from '../../contract/cache.js'

type Listener<Name extends CacheEventName> = (event: CacheEvents[Name]) => void

/** Those who listen, by event; null while nobody does, so that the event need not be made. */
export class CacheListeners {
  hit: readonly Listener<'hit'>[] | null = null
  miss: readonly Listener<'miss'>[] | null = null
  set: readonly Listener<'set'>[] | null = null
  promote: readonly Listener<'promote'>[] | null = null
  demote: readonly Listener<'demote'>[] | null = null
  evict: readonly Listener<'evict'>[] | null = null
  load: readonly Listener<'load'>[] | null = null
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

  tell<Name extends CacheEventName>(name: Name, event: CacheEvents[Name]): void {
    for (const listener of (this[name] ?? []) as readonly Listener<Name>[]) {
      try {
        listener(event)
      } catch (error) {
        this.#onError(name, error)
      }
    }
  }

  #replace(name: CacheEventName, listeners: readonly Listener<never>[] | null): void {
    Object.assign(this, {[name]: listeners})
  }
}
