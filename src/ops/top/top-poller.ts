import {type ClientClock, systemClientClock} from '../../client/client-clock.js'
import {ReconnectPolicy} from '../../client/reconnect-policy.js'
import {GsError} from '../../errors.js'
import type {TopQuery, TopSample} from './top-sample.js'

/** After these the server may come back; anything else ends the watch. */
const PASSING_CODES: ReadonlySet<string> = new Set(['server_unreachable', 'timed_out', 'server_busy'])
/** A server that restarts is back soon, and only a few wait for it. */
const RECONNECT = {baseDelayMs: 250, maxDelayMs: 2_000}

export interface TopPollerOptions {
  /** Looks once. */
  readonly read: (query: TopQuery) => Promise<TopSample>
  readonly query: TopQuery
  readonly intervalMs: number
  readonly onSample: (sample: TopSample) => void
  /** The server does not answer; asked again until it does. */
  readonly onLost: (error: GsError) => void
  /** Asking again would not help: the end. */
  readonly onFault: (error: unknown) => void
  readonly clock?: ClientClock
  /** For the jitter of the waits: a number in [0, 1). */
  readonly random?: () => number
}

/** Looks at a server at an interval. A look begins after the one before has ended, so a slow server is not crowded. */
export class TopPoller {
  readonly #options: TopPollerOptions
  readonly #clock: ClientClock
  readonly #policy: ReconnectPolicy
  #query: TopQuery
  #intervalMs: number
  #isReading = false
  #wantsAnother = false
  #isPaused = false
  #isClosed = false
  #failures = 0
  #cancelWait: () => void = () => {}

  constructor(options: TopPollerOptions) {
    this.#options = options
    this.#clock = options.clock ?? systemClientClock
    this.#policy = new ReconnectPolicy(RECONNECT, options.random ?? Math.random)
    this.#query = options.query
    this.#intervalMs = options.intervalMs
  }

  start(): void {
    this.#look()
  }

  /** What is asked for from now on; something else is asked for at once, while paused just once. */
  ask(query: TopQuery): void {
    if (JSON.stringify(query) === JSON.stringify(this.#query)) return
    this.#query = query
    this.lookNow()
  }

  set intervalMs(intervalMs: number) {
    if (intervalMs === this.#intervalMs) return
    this.#intervalMs = intervalMs
    if (!this.#isReading && !this.#isPaused && this.#failures === 0) this.#waitFor(intervalMs)
  }

  /** While paused, nothing is asked for a second time. */
  set isPaused(isPaused: boolean) {
    if (isPaused === this.#isPaused) return
    this.#isPaused = isPaused
    if (isPaused) this.#cancelWait()
    else this.lookNow()
  }

  /** Looks without waiting for the interval to end. */
  lookNow(): void {
    if (this.#isReading) this.#wantsAnother = true
    else this.#look()
  }

  close(): void {
    this.#isClosed = true
    this.#cancelWait()
  }

  #look(): void {
    this.#cancelWait()
    if (this.#isClosed) return
    this.#isReading = true
    this.#wantsAnother = false
    const query = this.#query
    const beganMs = this.#clock.monotonicMs()
    this.#options.read(query).then(
      sample => this.#took(sample, this.#clock.monotonicMs() - beganMs),
      (error: unknown) => this.#failed(error),
    )
  }

  #took(sample: TopSample, tookMs: number): void {
    this.#isReading = false
    if (this.#isClosed) return
    this.#failures = 0
    this.#options.onSample(sample)
    if (this.#wantsAnother) this.#look()
    else if (!this.#isPaused) this.#waitFor(Math.max(0, this.#intervalMs - tookMs))
  }

  #failed(error: unknown): void {
    this.#isReading = false
    if (this.#isClosed) return
    if (!GsError.is(error) || !PASSING_CODES.has(error.code)) {
      this.#options.onFault(error)
      return
    }
    this.#failures += 1
    this.#options.onLost(error)
    if (!this.#isPaused) this.#waitFor(this.#policy.delayMs(this.#failures))
  }

  #waitFor(delayMs: number): void {
    this.#cancelWait()
    this.#cancelWait = this.#clock.after(delayMs, () => this.#look())
  }
}
