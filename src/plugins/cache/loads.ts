import type {JsonValue} from '../../contract/messages.js'
import type {MaybePromise} from '../../contract/plugins.js'
import {freezeJson} from './freeze-json.js'
import type {TieredCache, Writing} from './tiered-cache.js'

export type Load<Value> = () => MaybePromise<Value>
type Times = Pick<Writing, 'ttlMs' | 'staleMs'>

/** Loads what is missing, each key once at a time. */
export class Loads {
  readonly #cache: TieredCache
  readonly #monotonicMs: () => number
  /** Loads under way; bounded by those who wait for one, and the keys whose value is stale. */
  readonly #underWay = new Map<string, Promise<JsonValue>>()

  constructor(cache: TieredCache, monotonicMs: () => number) {
    this.#cache = cache
    this.#monotonicMs = monotonicMs
  }

  /** What is there, at once, or what a load brings. */
  getOrSet<Value extends JsonValue>(key: string, load: Load<Value>, times: Times): MaybePromise<Value> {
    const value = this.#cache.get(key, true) as Value | undefined
    if (value !== undefined) {
      const entry = this.#cache.find(key)
      const isOld = entry !== undefined && entry.expiresAtMs <= this.#cache.nowMs()
      // Its failure is counted and told by an event; the old value stays until its time is over.
      if (isOld && !this.#underWay.has(key)) this.#load(key, load, times).catch(() => {})
      return value
    }
    const other = this.#underWay.get(key)
    if (other !== undefined) {
      this.#cache.counters.sharedLoads += 1
      return other as Promise<Value>
    }
    return this.#load(key, load, times)
  }

  /** What was written meanwhile is newer: a load under way will not overwrite it. */
  supersede(key: string): void {
    if (this.#underWay.size > 0) this.#underWay.delete(key)
  }

  supersedeAll(matches: (key: string) => boolean): void {
    for (const key of this.#underWay.keys()) if (matches(key)) this.#underWay.delete(key)
  }

  #load<Value extends JsonValue>(key: string, load: Load<Value>, times: Times): Promise<Value> {
    const loading: Promise<Value> = this.#run(key, load, times, () => this.#underWay.get(key) === loading)
    this.#underWay.set(key, loading)
    return loading
  }

  async #run<Value extends JsonValue>(
    key: string,
    load: Load<Value>,
    times: Times,
    isWanted: () => boolean,
  ): Promise<Value> {
    const {counters} = this.#cache
    const startMs = this.#monotonicMs()
    // What follows must not begin before the load is noted as under way.
    await null
    try {
      const value = await load()
      const rawBytes = freezeJson(value)
      if (isWanted()) this.#cache.set(key, value, {...times, rawBytes})
      counters.loads += 1
      counters.loadMs += this.#monotonicMs() - startMs
      this.#tell(key, startMs, undefined)
      return value
    } catch (error) {
      counters.loadFailures += 1
      this.#tell(key, startMs, error)
      throw error
    } finally {
      if (isWanted()) this.#underWay.delete(key)
    }
  }

  #tell(key: string, startMs: number, error: unknown): void {
    const {listeners} = this.#cache
    if (listeners.load === null) return
    listeners.note('load', {key, durationMs: this.#monotonicMs() - startMs, error})
    listeners.flush()
  }
}
