import {PerformanceObserver} from 'node:perf_hooks'
import {setTimeout as pause} from 'node:timers/promises'
import {threadUs} from '../thread-time.ts'
import type {Crowd} from './crowd.ts'

const MS_PER_SECOND = 1000
/** After a pause of the machine, the messages that are due come in parts. */
const MOST_AT_ONCE = 500

/** Turns of the event loop under a steady load. */
export interface Turns {
  /** Processor time of the main thread in a turn, in milliseconds: other programs do not show in it. */
  readonly p99Ms: number
  readonly longestMs: number
  /** Of the main thread, all in all. */
  readonly busyRatio: number
  /** Milliseconds a second in which garbage was collected; those of other programs are part of them. */
  readonly collectingMs: number
}

export function nextTurn(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve))
}

/** Messages at `perSecond`, a few each millisecond. */
export async function measureTurns({talk}: Pick<Crowd, 'talk'>, perSecond: number, seconds: number): Promise<Turns> {
  let collectedMs = 0
  const observer = new PerformanceObserver(list => {
    for (const {duration} of list.getEntries()) collectedMs += duration
  })
  observer.observe({entryTypes: ['gc']})
  const turnsUs: number[] = []
  const startMs = performance.now()
  const startUs = threadUs()
  let sent = 0
  let turnUs = startUs
  let elapsedMs = 0
  while (elapsedMs < seconds * MS_PER_SECOND) {
    const due = Math.min(MOST_AT_ONCE, Math.floor((elapsedMs / MS_PER_SECOND) * perSecond) - sent)
    talk(due)
    sent += due
    await pause(1)
    const nowUs = threadUs()
    turnsUs.push(nowUs - turnUs)
    turnUs = nowUs
    elapsedMs = performance.now() - startMs
  }
  observer.disconnect()
  const sorted = turnsUs.sort((one, other) => one - other)
  return {
    p99Ms: (sorted[Math.floor(sorted.length * 0.99)] ?? 0) / 1000,
    longestMs: (sorted.at(-1) ?? 0) / 1000,
    busyRatio: (turnUs - startUs) / 1000 / elapsedMs,
    collectingMs: (collectedMs / elapsedMs) * MS_PER_SECOND,
  }
}
