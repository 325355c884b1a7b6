import {useEffect, useState} from 'react'

interface Polled<Answer> {
  /** The newest one; undefined until the first is there. */
  readonly answer: Answer | undefined
  /** Why the last question was not answered; it stays until an answer comes. */
  readonly problem: string | undefined
}

/** Asks at an interval, the next time after the answer. `poll` stays the same from one drawing to the next. */
export function usePolled<Answer>(poll: () => Promise<Answer>, intervalMs: number): Polled<Answer> {
  const [polled, setPolled] = useState<Polled<Answer>>({answer: undefined, problem: undefined})
  useEffect(() => {
    let isOver = false
    let timer: NodeJS.Timeout | undefined
    const ask = async () => {
      try {
        const answer = await poll()
        if (!isOver) setPolled({answer, problem: undefined})
      } catch (error) {
        if (!isOver) setPolled(before => ({...before, problem: (error as Error).message}))
      }
      if (!isOver) timer = setTimeout(() => void ask(), intervalMs)
    }
    void ask()
    return () => {
      isOver = true
      clearTimeout(timer)
    }
  }, [poll, intervalMs])
  return polled
}
