import {createHistogram} from 'node:perf_hooks'
import {setImmediate as turn} from 'node:timers/promises'
import type {CacheApi} from '../../src/contract/cache.ts'
import {gameState} from './speed.ts'
import type {Trace} from './traces.ts'

const READS = 300_000
const STATES = 512

/**
 * How long turns of the event loop were in which a cache was used, in milliseconds. Turns in which the machine took the
 * processor away are left out; those with the collector of garbage are not.
 */
export interface Stalls {
  readonly p50: number
  readonly p99: number
  readonly p999: number
  readonly max: number
  /** Turns that were left out, of all. */
  readonly leftOutRatio: number
}

/** What a turn does with a key: reads it, and writes it when it is missing. */
export type Use = (key: string, value: object) => void

export const useCache =
  (cache: CacheApi): Use =>
  (key, value) => {
    if (cache.get(key) === undefined) cache.set(key, value as never)
  }

/** The same without bound and without encoding: what is left are the machine and the collector. */
export function useMap(): Use {
  const map = new Map<string, object>()
  return (key, value) => {
    if (map.get(key) === undefined) map.set(key, value)
  }
}

/** Turns with some reads in each, one after the other, so that a cache turns over all the time. */
export async function measureStalls({reads}: Trace, use: Use, readsPerTurn: number): Promise<Stalls> {
  const states = Array.from({length: STATES}, (_, index) => gameState(index))
  const histogram = createHistogram({figures: 3})
  const turns = READS / readsPerTurn
  let [next, leftOut, counted] = [0, 0, 0]
  for (let count = 0; count < turns; count += 1) {
    const switches = switchCount()
    const startNs = process.hrtime.bigint()
    for (let read = 0; read < readsPerTurn; read += 1) {
      const key = reads[next % reads.length] as number
      next += 1
      use(`game:${key}`, states[key % STATES] as object)
    }
    await turn()
    const elapsedNs = Number(process.hrtime.bigint() - startNs)
    // The first ones fill it.
    if (count < turns / 10) continue
    counted += 1
    if (switchCount() === switches) histogram.record(elapsedNs)
    else leftOut += 1
  }
  const ms = (ns: number) => ns / 1e6
  return {
    p50: ms(histogram.percentile(50)),
    p99: ms(histogram.percentile(99)),
    p999: ms(histogram.percentile(99.9)),
    max: ms(histogram.max),
    leftOutRatio: leftOut / counted,
  }
}

function switchCount(): number {
  return process.resourceUsage().involuntaryContextSwitches
}
