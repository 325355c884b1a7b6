import type {Clock} from '../contract/clock.js'
import type {CloseReason} from '../contract/codes.js'
import type {Logger} from '../contract/logger.js'
import type {LoadMonitor} from './load-monitor.js'

/** Least time between two lines about refused connections. */
const NOTICE_INTERVAL_MS = 10_000
const FULL_RETRY_MS = 10_000
const OVERLOADED_RETRY_MS = 5000

/** Why a connection is turned away at the door. */
export interface TurnedAway {
  readonly reason: CloseReason
  readonly retryAfterMs: number
}

/** Decides who is let in, and tells the operator of those who are not: now and then, however many they are. */
export class Admission {
  readonly #limits: {readonly maxConnections: number}
  readonly #descriptorLimit: number
  readonly #load: LoadMonitor
  readonly #log: Logger
  readonly #clock: Clock
  #refused = 0
  #noticedAtMs = Number.NEGATIVE_INFINITY
  #lastOverload: LoadMonitor['overload'] = null

  constructor(options: {
    limits: {readonly maxConnections: number}
    descriptorLimit: number
    load: LoadMonitor
    log: Logger
    clock: Clock
  }) {
    this.#limits = options.limits
    this.#descriptorLimit = options.descriptorLimit
    this.#load = options.load
    this.#log = options.log
    this.#clock = options.clock
  }

  /** Null: the connection may come in; it is counted in `connections` already. */
  judge(connections: number): TurnedAway | null {
    const isFull = connections > Math.min(this.#limits.maxConnections, this.#descriptorLimit)
    if (!isFull && this.#load.overload === null) return null
    this.#refused += 1
    return isFull
      ? {reason: 'server_full', retryAfterMs: FULL_RETRY_MS}
      : {reason: 'overloaded', retryAfterMs: OVERLOADED_RETRY_MS}
  }

  /** To be called once a second. */
  report(): void {
    const {overload} = this.#load
    if (overload !== this.#lastOverload) {
      this.#lastOverload = overload
      if (overload === null) this.#log.info({}, 'no longer overloaded')
      else this.#log.warn({short: overload}, 'overloaded: no new connections, joins or games until it eases')
    }
    const nowMs = this.#clock.monotonicMs()
    if (this.#refused === 0 || nowMs - this.#noticedAtMs < NOTICE_INTERVAL_MS) return
    const {maxConnections} = this.#limits
    const refused = this.#refused
    this.#log.warn({refused, maxConnections, descriptorLimit: this.#descriptorLimit}, 'connections were turned away')
    this.#refused = 0
    this.#noticedAtMs = nowMs
  }
}
