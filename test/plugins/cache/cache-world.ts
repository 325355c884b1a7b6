import type {JsonValue} from '../../../src/contract/messages.js'
import {CacheFront} from '../../../src/plugins/cache/cache-api.js'
import {CacheListeners} from '../../../src/plugins/cache/cache-listeners.js'
import type {Stored} from '../../../src/plugins/cache/codec.js'
import {GameKeeper} from '../../../src/plugins/cache/game-keeper.js'
import {TieredCache} from '../../../src/plugins/cache/tiered-cache.js'
import type {CacheSettings} from '../../../src/plugins/cache/tiers.js'
import {ManualClock} from '../../helpers/manual-clock.js'

export interface CacheWorld {
  readonly cache: CacheFront
  /** What is behind it. */
  readonly tiers: TieredCache
  readonly clock: ManualClock
  readonly settings: CacheSettings & {ttlMs: number}
  /** Errors of listeners. */
  readonly failures: unknown[]
  /** Runs one round of what was put off, and says whether there was any. */
  turn(): boolean
  /** Runs what was put off until there is nothing more. */
  settle(): void
}

export interface CacheWorldOptions extends Partial<CacheSettings> {
  readonly ttlMs?: number
  readonly decode?: (stored: Stored) => JsonValue
  /** Time that passes with each look at the clock: work takes time. */
  readonly workMs?: number
}

/** A cache in a time of its own, whose later turns are run by the test. */
export function cacheWorld({decode, workMs = 0, ...given}: CacheWorldOptions = {}): CacheWorld {
  const clock = new ManualClock()
  let tasks: (() => void)[] = []
  const settings = {
    l1Entries: 8,
    l2Entries: 40,
    l2Bytes: 1_000_000,
    ttlMs: 1000,
    policy: 'filtered' as const,
    compression: 'brotli' as const,
    compressionThresholdBytes: 1024,
    ...given,
  }
  const tools = {
    monotonicMs() {
      if (workMs > 0) clock.stall(workMs)
      return clock.monotonicMs()
    },
    defer: (task: () => void) => void tasks.push(task),
  }
  const failures: unknown[] = []
  const listeners = new CacheListeners((_event, error) => void failures.push(error))
  const tiers = new TieredCache({
    settings,
    listeners,
    // Tests move the time within a turn.
    clock: {nowMs: tools.monotonicMs},
    ...tools,
    ...(decode && {decode}),
  })
  const turn = () => {
    const now = tasks
    tasks = []
    for (const task of now) task()
    return now.length > 0
  }
  const settle = () => {
    while (turn());
  }
  const nobody = {count: 0, get: () => undefined, list: () => [], overview: () => [], eachMessageCount() {}}
  const log = {debug() {}, info() {}, warn() {}, error() {}}
  const keeping = {...settings, gameTtlMs: 1000}
  const keeper = new GameKeeper({cache: tiers, rooms: nobody, clock, log, settings: keeping, saving: null})
  return {
    cache: new CacheFront({cache: tiers, tools, settings, keeper}),
    tiers,
    clock,
    settings,
    failures,
    turn,
    settle,
  }
}

/** The keys of a tier, most recently used first. */
export function keysOf({cache}: CacheWorld, tier: 'l1' | 'l2'): string[] {
  return [...cache.entries({tier})].map(({key}) => key)
}

/** A value of about `bytes` bytes that compresses well. */
export function stateOf(name: string, bytes = 2000): {name: string; cells: number[]} {
  return {name, cells: Array.from({length: Math.floor(bytes / 4)}, (_, index) => 100 + (index % 9))}
}
