import type {Clock} from '../contract/clock.js'

/** How often some are closed. */
const TICK_MS = 100

export interface DrainOptions<Connection> {
  /** Those to be closed, in this order. */
  readonly connections: readonly Connection[]
  /** Over this time, in equal steps. */
  readonly forMs: number
  readonly clock: Clock
  readonly close: (connection: Connection) => void
  /** True: all are gone already. */
  readonly isEmpty: () => boolean
  /** Called once, when the time is over or nobody is left; not after `cancel`. */
  readonly onEnd: () => void
}

/** Closes connections evenly over a time, so that they do not all come back at once. */
export class Drain<Connection> {
  readonly #options: DrainOptions<Connection>
  readonly #startMs: number
  readonly #stop: () => void
  #closed = 0

  constructor(options: DrainOptions<Connection>) {
    this.#options = options
    this.#startMs = options.clock.monotonicMs()
    this.#stop = options.clock.every(TICK_MS, () => this.#step())
  }

  /** Leaves the rest open. Twice is fine. */
  cancel(): void {
    this.#stop()
  }

  #step(): void {
    const {connections, forMs, clock, close, isEmpty, onEnd} = this.#options
    const share = Math.min(1, (clock.monotonicMs() - this.#startMs) / forMs)
    const due = Math.floor(share * connections.length)
    for (; this.#closed < due; this.#closed += 1) close(connections[this.#closed] as Connection)
    if (share < 1 && !isEmpty()) return
    this.#stop()
    onEnd()
  }
}
