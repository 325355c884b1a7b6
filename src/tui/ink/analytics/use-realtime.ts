import {useEffect, useState} from 'react'
import type {RealtimeStats} from '../../../contract/analytics.js'

const POLL_MS = 1000

/** The newest numbers, asked for once a second; a problem stays until an answer comes. */
export function useRealtime(poll: () => Promise<RealtimeStats>): {
  stats: RealtimeStats | undefined
  problem: string | undefined
} {
  const [stats, setStats] = useState<RealtimeStats>()
  const [problem, setProblem] = useState<string>()
  useEffect(() => {
    const controller = new AbortController()
    let timer: NodeJS.Timeout | undefined
    const ask = async () => {
      try {
        setStats(await poll())
        setProblem(undefined)
      } catch (error) {
        setProblem((error as Error).message)
      }
      if (!controller.signal.aborted) timer = setTimeout(() => void ask(), POLL_MS)
    }
    void ask()
    return () => {
      controller.abort()
      clearTimeout(timer)
    }
  }, [poll])
  return {stats, problem}
}
