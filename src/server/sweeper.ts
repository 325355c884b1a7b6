import type {Clock} from '../contract/clock.js'
import type {Counters} from '../contract/counters.js'
import type {Logger} from '../contract/logger.js'
import type {FairClock} from './fair-clock.js'

const SWEEP_MS = 250
/** A stand-still this long is worth a line in the log. */
const NOTABLE_STALL_MS = 500

/** The server's one timer: calls everything that is to be looked at now and then. */
export class Sweeper {
  readonly #stop: () => void
  #sweeps = 0

  /** `onSweep` is called four times a second, `onSecond` with every fourth of them. */
  constructor(options: {
    clock: Clock
    fairClock: FairClock
    counters: Counters
    log: Logger
    onSweep: () => void
    onSecond: () => void
  }) {
    const {clock, fairClock, counters, log} = options
    this.#stop = clock.every(SWEEP_MS, () => {
      const stalledMs = fairClock.beat(SWEEP_MS)
      if (stalledMs > NOTABLE_STALL_MS) {
        counters.stalls += 1
        log.warn(
          {stalledMs: Math.round(stalledMs)},
          'the server stood still; deadlines of clients are extended by that',
        )
      }
      options.onSweep()
      this.#sweeps += 1
      if (this.#sweeps % (1000 / SWEEP_MS) === 0) options.onSecond()
    })
  }

  stop(): void {
    this.#stop()
  }
}
