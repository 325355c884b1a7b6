/** Says that a listener threw; the client goes on. */
export type ListenerFailed = (error: unknown, event: string) => void

/**
 * Listeners by event. One that throws is reported and holds up neither the others nor the connection. There is no event
 * whose lack of listeners is an error, unlike with node's emitter and `error`.
 */
export class Listeners<Events extends object> {
  // Bounded by the calls of `on` that were not taken back.
  readonly #byEvent = new Map<keyof Events, Set<(event: never) => void>>()
  readonly #onFailure: ListenerFailed

  constructor(onFailure: ListenerFailed) {
    this.#onFailure = onFailure
  }

  on<Name extends keyof Events>(name: Name, listener: (event: Events[Name]) => void): () => void {
    const listeners = this.#byEvent.get(name) ?? new Set()
    this.#byEvent.set(name, listeners)
    // Wrapped, so that the same function given twice is two listeners.
    const entry = (event: Events[Name]) => listener(event)
    listeners.add(entry)
    return () => void listeners.delete(entry)
  }

  emit<Name extends keyof Events>(name: Name, event: Events[Name]): void {
    for (const listener of [...(this.#byEvent.get(name) ?? [])]) {
      try {
        const result: unknown = (listener as (event: Events[Name]) => unknown)(event)
        if (result instanceof Promise) result.catch(error => this.#onFailure(error, String(name)))
      } catch (error) {
        this.#onFailure(error, String(name))
      }
    }
  }
}
