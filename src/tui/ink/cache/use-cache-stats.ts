import {useMemo} from 'react'
import type {CacheStats} from '../../../contract/cache.js'
import {type CacheRates, ratesBetween} from '../../model/cache-view.js'
import {usePolled} from '../use-polled.js'

interface Seen {
  readonly stats: CacheStats | undefined
  /** Since the look before; null with the first one. */
  readonly rates: CacheRates | null
  readonly problem: string | undefined
}

interface Options {
  readonly poll: () => Promise<CacheStats>
  readonly intervalMs: number
  /** Monotonic. */
  readonly nowMs: () => number
}

/** The newest numbers, and how they change. */
export function useCacheStats({poll, intervalMs, nowMs}: Options): Seen {
  const look = useMemo(() => withRates(poll, nowMs), [poll, nowMs])
  const {answer, problem} = usePolled(look, intervalMs)
  return {stats: answer?.stats, rates: answer?.rates ?? null, problem}
}

function withRates(poll: Options['poll'], nowMs: Options['nowMs']) {
  let last: {stats: CacheStats; atMs: number} | undefined
  return async () => {
    const stats = await poll()
    const atMs = nowMs()
    const rates = last === undefined ? null : ratesBetween(last.stats, stats, atMs - last.atMs)
    last = {stats, atMs}
    return {stats, rates}
  }
}
