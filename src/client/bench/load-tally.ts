import type {ErrorCode} from '../../errors.js'
import type {HistogramData} from './latency-histogram.js'

/** What one thread, or all of them, has counted between `count` and `finish`. */
export interface LoadTally {
  /** Measured, in milliseconds. */
  readonly elapsedMs: number
  readonly published: number
  readonly deliveries: number
  /** Messages of the load that the server answered with an error, by its code. */
  readonly errors: ReadonlyMap<string, number>
  /** Clients whose connection the server ended, by the reason; over the whole run. */
  readonly lost: ReadonlyMap<string, number>
  readonly latency: HistogramData
  readonly generator: GeneratorUse
}

/** How hard the load was for those who made it: the busiest thread. */
export interface GeneratorUse {
  /** Share of the time in which its event loop was not waiting, 0 to 1. */
  readonly busyRatio: number
  /** Share of one core, 0 to 1. */
  readonly cpuRatio: number
  readonly loopDelayP99Ms: number
}

/** How far a thread is, in memory that it shares with the one that shows it. */
export interface LoadProgress {
  readonly joined: number
  readonly published: number
  readonly deliveries: number
}

const SLOTS = 3

/** The numbers of one thread that change all the time: counted in place, read from outside without a message. */
export class LiveCounts {
  readonly memory: SharedArrayBuffer
  readonly #numbers: Float64Array

  constructor(memory = new SharedArrayBuffer(SLOTS * Float64Array.BYTES_PER_ELEMENT)) {
    this.memory = memory
    this.#numbers = new Float64Array(memory)
  }

  get joined(): number {
    return this.#numbers[0] as number
  }

  set joined(count: number) {
    this.#numbers[0] = count
  }

  get published(): number {
    return this.#numbers[1] as number
  }

  set published(count: number) {
    this.#numbers[1] = count
  }

  get deliveries(): number {
    return this.#numbers[2] as number
  }

  set deliveries(count: number) {
    this.#numbers[2] = count
  }
}

/** What the threads are told. */
export type LoadOrder = 'publish' | 'count' | 'finish'

/** What they say: all have joined; it cannot go on; nobody is left; the end. */
export type LoadReport =
  | {readonly kind: 'joined'}
  | {readonly kind: 'failed'; readonly code: ErrorCode; readonly message: string; readonly hint: string | undefined}
  | {readonly kind: 'deserted'}
  | {readonly kind: 'finished'; readonly tally: LoadTally}
