import {Slices, type SliceTools} from './slices.js'
import type {TieredCache} from './tiered-cache.js'

/** Removes what has expired, in slices. Resolves to how many entries that were. */
export function sweepExpired(cache: TieredCache, tools: SliceTools): Promise<number> {
  const keys = [...keysOf(cache)]
  let [next, removed] = [0, 0]
  const {promise, resolve} = Promise.withResolvers<number>()
  const step = () => {
    const key = keys[next]
    if (key === undefined) return false
    next += 1
    if (cache.dropIfExpired(key)) removed += 1
    return true
  }
  new Slices(tools, step, () => resolve(removed)).schedule()
  return promise
}

function* keysOf({l1, l2}: TieredCache): Generator<string> {
  for (const {key} of l1.values()) yield key
  for (const {key} of l2.values()) yield key
}
