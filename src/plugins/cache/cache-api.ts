import type {
  CacheApi,
  CacheEntry,
  CacheEventName,
  CacheEvents,
  CacheExplanation,
  CacheStats,
  CacheTier,
  CacheTrace,
  KeyTrace,
  LoadOptions,
  SetOptions,
  TraceStatus,
} from '../../contract/cache.js'
import type {JsonValue} from '../../contract/messages.js'
import type {MaybePromise} from '../../contract/plugins.js'
import {GsError} from '../../errors.js'
import {subtractStats, takeStats} from './cache-stats.js'
import {checkOwnKey, checkSize, checkTtl} from './checks.js'
import {describeEntry} from './entry.js'
import {explainEntry} from './explain.js'
import {freezeJson} from './freeze-json.js'
import type {GameKeeper} from './game-keeper.js'
import {isGameKey} from './kept-game.js'
import {KeyRecorder} from './key-recorder.js'
import {Loads} from './loads.js'
import type {SliceTools} from './slices.js'
import {sweepExpired} from './sweep.js'
import type {TieredCache} from './tiered-cache.js'

/** First letters of the keys of games. */
const G = 0x67
const U = 0x75
const MAX_TRACED_READS = 10_000_000
/** As in the configuration. */
const SIZES = {
  l1Entries: {min: 4, max: 1_000_000},
  l2Entries: {min: 1, max: 10_000_000},
  l2Bytes: {min: 1_048_576, max: 68_719_476_736},
} as const

export interface CacheFrontOptions {
  readonly cache: TieredCache
  readonly tools: SliceTools
  /** May change while running. */
  readonly settings: {readonly ttlMs: number}
  readonly keeper: GameKeeper
}

/** The cache as others see it: what comes in is checked, and what goes out is frozen. */
export class CacheFront implements CacheApi {
  readonly #cache: TieredCache
  readonly #tools: SliceTools
  readonly #settings: {readonly ttlMs: number}
  readonly #loads: Loads
  readonly #keeper: GameKeeper
  readonly trace: CacheTrace

  constructor({cache, tools, settings, keeper}: CacheFrontOptions) {
    this.#cache = cache
    this.#tools = tools
    this.#settings = settings
    this.#keeper = keeper
    this.#loads = new Loads(cache, tools.monotonicMs)
    this.trace = createTrace(cache)
  }

  get<Value extends JsonValue>(key: string): Value | undefined {
    return handOut(key, this.#cache.get(key)) as Value | undefined
  }

  peek<Value extends JsonValue>(key: string): Value | undefined {
    const found = this.#cache.peek(key)
    return found === undefined || found.isStale ? undefined : (handOut(key, found.value) as Value)
  }

  async peekKept(key: string): Promise<JsonValue | undefined> {
    return this.peek(key) ?? (await this.#keeper.read(key))
  }

  has(key: string): boolean {
    return this.peek(key) !== undefined
  }

  set(key: string, value: JsonValue, {ttlMs = this.#settings.ttlMs}: SetOptions = {}): void {
    checkOwnKey(key)
    checkTtl('ttlMs', ttlMs, 1)
    const rawBytes = freezeJson(value)
    this.#loads.supersede(key)
    this.#cache.set(key, value, {ttlMs, rawBytes})
  }

  delete(key: string): boolean {
    this.#loads.supersede(key)
    // It may be in the store alone.
    const wasKept = this.#keeper.deleted(key)
    return this.#cache.delete(key) || wasKept
  }

  deleteByPrefix(prefix: string): number {
    if (prefix === '') {
      throw new GsError('usage', 'an empty prefix would delete everything', {hint: 'That is what clear is for.'})
    }
    const matches = (key: string) => key.startsWith(prefix)
    this.#loads.supersedeAll(matches)
    return this.#keeper.deleteWhere(matches) + this.#deleteWhere(matches)
  }

  clear(): number {
    this.#loads.supersedeAll(() => true)
    this.#cache.ghosts.clear()
    return this.#deleteWhere(() => true)
  }

  getOrSet<Value extends JsonValue>(
    key: string,
    load: () => MaybePromise<Value>,
    {ttlMs = this.#settings.ttlMs, staleMs = 0}: LoadOptions = {},
  ): MaybePromise<Value> {
    checkOwnKey(key)
    checkTtl('ttlMs', ttlMs, 1)
    checkTtl('staleMs', staleMs, 0)
    return this.#loads.getOrSet(key, load, {ttlMs, staleMs})
  }

  *entries({prefix = '', tier}: {prefix?: string; tier?: CacheTier} = {}): Generator<CacheEntry> {
    const nowMs = this.#cache.nowMs()
    for (const name of ['l1', 'l2'] as const) {
      if (tier !== undefined && tier !== name) continue
      for (const entry of this.#cache[name].values()) {
        if (entry.key.startsWith(prefix) && entry.staleUntilMs > nowMs) yield describeEntry(entry, nowMs)
      }
    }
  }

  explain(key: string): CacheExplanation | undefined {
    const entry = this.#cache.find(key)
    if (entry === undefined || this.#cache.isExpired(entry)) return undefined
    return explainEntry(this.#cache, entry, this.#cache.nowMs())
  }

  stats(since?: CacheStats): CacheStats {
    const now = takeStats(this.#cache, this.#keeper.count)
    return since === undefined ? now : subtractStats(now, since)
  }

  cleanup(): Promise<number> {
    return sweepExpired(this.#cache, this.#tools)
  }

  resize(limits: {l1Entries?: number; l2Entries?: number; l2Bytes?: number}): void {
    const given = Object.entries(limits).filter(([, value]) => value !== undefined)
    for (const [name, value] of given) checkSize(name, value, SIZES[name as keyof typeof SIZES])
    Object.assign(this.#cache.settings, Object.fromEntries(given))
    this.#cache.resize()
  }

  forgetUser(userId: number): Promise<number> {
    return this.#keeper.forgetUser(userId)
  }

  on<Name extends CacheEventName>(name: Name, listener: (event: CacheEvents[Name]) => void): () => void {
    return this.#cache.listeners.add(name, listener)
  }

  #deleteWhere(matches: (key: string) => boolean): number {
    const keys = [...this.entries()].map(({key}) => key).filter(matches)
    return keys.filter(key => this.#cache.delete(key)).length
  }
}

/** The state of a game that is played is the game's own, so others get a copy. */
function handOut(key: string, value: JsonValue | undefined): JsonValue | undefined {
  if (value === undefined) return undefined
  const first = key.charCodeAt(0)
  // Nearly all keys are told apart by their first letter.
  if ((first !== G && first !== U) || !isGameKey(key)) return value
  return JSON.parse(JSON.stringify(value))
}

function createTrace(cache: TieredCache): CacheTrace {
  return {
    start(maxReads: number): void {
      checkSize('maxReads', maxReads, {min: 1, max: MAX_TRACED_READS})
      cache.recorder = new KeyRecorder(maxReads)
    },
    stop(): KeyTrace | undefined {
      const trace = cache.recorder?.take()
      cache.recorder = null
      return trace
    },
    status: (): TraceStatus => cache.recorder?.status() ?? {isRunning: false, reads: 0, dropped: 0, maxReads: 0},
  }
}
