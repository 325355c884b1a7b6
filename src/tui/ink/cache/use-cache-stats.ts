import {useEffect, useState} from 'react'
import type {CacheStats} from '../../../contract/cache.js'
import {type CacheRates, ratesBetween} from '../../model/cache-view.js'

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

/** The newest numbers, asked for at an interval; a problem stays until an answer comes. */
export function useCacheStats({poll, intervalMs, nowMs}: Options): Seen {
  const [seen, setSeen] = useState<Seen>({stats: undefined, rates: null, problem: undefined})
  useEffect(() => {
    let isOver = false
    let timer: NodeJS.Timeout | undefined
    let last: {stats: CacheStats; atMs: number} | undefined
    const ask = async () => {
      try {
        const stats = await poll()
        const atMs = nowMs()
        const rates = last === undefined ? null : ratesBetween(last.stats, stats, atMs - last.atMs)
        last = {stats, atMs}
        if (!isOver) setSeen({stats, rates, problem: undefined})
      } catch (error) {
        if (!isOver) setSeen(before => ({...before, problem: (error as Error).message}))
      }
      if (!isOver) timer = setTimeout(() => void ask(), intervalMs)
    }
    void ask()
    return () => {
      isOver = true
      clearTimeout(timer)
    }
  }, [poll, intervalMs, nowMs])
  return seen
}
