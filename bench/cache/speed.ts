import {setImmediate as turn} from 'node:timers/promises'
import {LRUCache} from 'lru-cache'
import type {CacheApi} from '../../src/contract/cache.ts'
import type {Installed} from './others.ts'
import {createRandom} from './traces.ts'

const KEYS = 10_000
const CAPACITY = 20_000
const OPERATIONS = 200_000
const ASYNC_OPERATIONS = 50_000
const TTL_MS = 600_000

export interface Contestant {
  readonly name: string
  /** Nanoseconds for each operation; null: it has no such thing. */
  measure(): Promise<Readonly<Record<Operation, number | null>>>
}

export const OPERATIONS_SHOWN = ['hitHot', 'hit', 'hitL2', 'hitL2Large', 'miss', 'set', 'setNew'] as const
export type Operation = (typeof OPERATIONS_SHOWN)[number]

/** As many as L1 holds by default. */
const HOT_KEYS = 1000

const keys = Array.from({length: KEYS}, (_, index) => `room:${index}`)
const random = createRandom(9)
/** Indexes in an order without a pattern. */
const order = Uint32Array.from({length: OPERATIONS}, () => Math.floor(random() * KEYS))
const small = (index: number) => ({id: index, name: 'Ann', score: index * 7})
/** About 2 KB, of which half can be saved. */
export function gameState(index: number) {
  const player = (seat: number) => ({
    userId: index * 4 + seat,
    nickname: `player ${seat}`,
    hand: Array.from({length: 12}, (_, card) => `${'shdc'[(card + seat + index) % 4]}${(card * 7 + index) % 13}`),
    score: (index * 31 + seat * 17) % 1000,
  })
  const moves = Array.from({length: 60}, (_, move) => ({
    by: move % 4,
    at: 1_767_000_000 + move * 13,
    card: (move * index) % 52,
  }))
  return {round: index % 9, players: [0, 1, 2, 3].map(player), moves: moves.slice(0, 44), turn: index % 4}
}

/** A bound cache on the same ground, without anything around it. */
export function bareLru(withTtl: boolean): Contestant {
  return {
    name: withTtl ? 'lru-cache with ttl' : 'lru-cache',
    async measure() {
      const cache = new LRUCache<string, object>(withTtl ? {max: CAPACITY, ttl: TTL_MS} : {max: CAPACITY})
      keys.forEach((key, index) => void cache.set(key, small(index)))
      return {
        hitHot: time(index => cache.get(keys[index % HOT_KEYS] as string)),
        hit: time(index => cache.get(keys[index] as string)),
        hitL2: null,
        hitL2Large: null,
        miss: time(index => cache.get(missing[index] as string)),
        set: time(index => cache.set(keys[index] as string, small(index))),
        setNew: timeNew((key, index) => void cache.set(key, small(index))),
      }
    },
  }
}

const missing = keys.map(key => `no:${key}`)

/** `openCache` gives an empty one of these sizes. */
export function ours(openCache: (sizes: {l1Entries: number; l2Entries: number}) => Promise<CacheApi>): Contestant {
  return {
    name: 'gs',
    async measure() {
      const cache = await openCache({l1Entries: CAPACITY, l2Entries: CAPACITY})
      keys.forEach((key, index) => void cache.set(key, small(index)))
      const hitHot = time(index => cache.get(keys[index % HOT_KEYS] as string))
      const hit = time(index => cache.get(keys[index] as string))
      const miss = time(index => cache.get(missing[index] as string))
      const set = time(index => cache.set(keys[index] as string, small(index)))
      const setNew = timeNew((key, index) => void cache.set(key, small(index)))
      return {
        hitHot,
        hit,
        hitL2: await timeL2(await openCache({l1Entries: 100, l2Entries: CAPACITY}), small),
        hitL2Large: await timeL2(await openCache({l1Entries: 100, l2Entries: CAPACITY}), gameState),
        miss,
        set,
        setNew,
      }
    },
  }
}

export function bento({exports: {BentoCache, bentostore, memoryDriver}}: Installed, serialize: boolean): Contestant {
  return {
    name: `bentocache${serialize ? '' : ', serialize: false'}`,
    measure() {
      const store = bentostore().useL1Layer(memoryDriver({maxItems: CAPACITY, serialize}))
      const cache = new BentoCache({default: 'memory', ttl: TTL_MS, stores: {memory: store}})
      return measureAsync({
        get: key => cache.get({key}),
        set: (key, value) => cache.set({key, value}),
      })
    },
  }
}

export function cacheable({exports: {Cacheable, CacheableMemory}}: Installed, isMemory: boolean): Contestant {
  return {
    name: isMemory ? 'cacheable, CacheableMemory' : 'cacheable',
    async measure() {
      if (!isMemory) {
        const cache = new Cacheable({ttl: TTL_MS})
        return measureAsync({get: key => cache.get(key), set: (key, value) => cache.set(key, value)})
      }
      const cache = new CacheableMemory({ttl: TTL_MS, lruSize: CAPACITY})
      keys.forEach((key, index) => void cache.set(key, small(index)))
      return {
        hitHot: time(index => cache.get(keys[index % HOT_KEYS])),
        hit: time(index => cache.get(keys[index])),
        hitL2: null,
        hitL2Large: null,
        miss: time(index => cache.get(missing[index])),
        set: time(index => cache.set(keys[index], small(index))),
        setNew: timeNew((key, index) => cache.set(key, small(index))),
      }
    },
  }
}

interface AsyncCache {
  get(key: string): Promise<unknown>
  set(key: string, value: object): Promise<unknown>
}

async function measureAsync(cache: AsyncCache) {
  for (const [index, key] of keys.entries()) await cache.set(key, small(index))
  return {
    hitHot: await timeAsync(index => cache.get(keys[index % HOT_KEYS] as string)),
    hit: await timeAsync(index => cache.get(keys[index] as string)),
    hitL2: null,
    hitL2Large: null,
    miss: await timeAsync(index => cache.get(missing[index] as string)),
    set: await timeAsync(index => cache.set(keys[index] as string, small(index))),
    setNew: await timeAsync((index, count) => cache.set(`new:${count}`, small(index))),
  }
}

/** What was read, so that no compiler leaves the reading out. */
export let sink: unknown

function time(run: (index: number) => unknown): number {
  const startUs = cpuUs()
  for (let count = 0; count < OPERATIONS; count += 1) sink = run(order[count] as number)
  return perOperation(startUs, OPERATIONS)
}

/** Keys that were never there: the cache is full, and something goes for each. */
function timeNew(run: (key: string, index: number) => void): number {
  const fresh = Array.from({length: OPERATIONS}, (_, index) => `new:${index}`)
  const startUs = cpuUs()
  for (let count = 0; count < OPERATIONS; count += 1) run(fresh[count] as string, count)
  return perOperation(startUs, OPERATIONS)
}

async function timeAsync(run: (index: number, count: number) => Promise<unknown>): Promise<number> {
  const startUs = cpuUs()
  for (let count = 0; count < ASYNC_OPERATIONS; count += 1) sink = await run(order[count] as number, count)
  return perOperation(startUs, ASYNC_OPERATIONS)
}

/** First reads in L2, each of a key of its own. */
async function timeL2(cache: CacheApi, makeValue: (index: number) => object): Promise<number> {
  for (const [index, key] of keys.entries()) cache.set(key, makeValue(index) as never)
  while (cache.stats().unencoded > 0) await turn()
  const inL2 = [...cache.entries({tier: 'l2'})].map(({key}) => key)
  const startUs = cpuUs()
  for (const key of inL2) sink = cache.get(key)
  return perOperation(startUs, inL2.length)
}

function perOperation(startUs: number, count: number): number {
  return ((cpuUs() - startUs) * 1000) / count
}

/** Processor time of this thread: what others do on the machine does not count. */
function cpuUs(): number {
  const {user, system} = process.threadCpuUsage()
  return user + system
}
