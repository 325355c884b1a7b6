import type {ClientCloseReason} from './client-events.js'

export interface ReconnectOptions {
  /** Upper end of the first wait, in milliseconds; doubles with each attempt. Default 500. */
  readonly baseDelayMs?: number
  /** No wait is longer, unless the server asks for it, in milliseconds. Default 15 000. */
  readonly maxDelayMs?: number
  /** Attempts in a row before the client gives up. Default: no end. */
  readonly maxAttempts?: number
}

/** After these the server would say the same again, or two clients would throw each other out for ever. */
const FINAL_REASONS: ReadonlySet<ClientCloseReason> = new Set([
  'client_closed',
  'replaced',
  'kicked',
  'blocked',
  'auth_failed',
  'wrong_protocol',
  'bad_frame',
  'hello_refused',
])

/** A connection that lasted so long was a good one, and the next wait is short again. */
export const LASTING_CONNECTION_MS = 10_000

export class ReconnectPolicy {
  readonly #baseDelayMs: number
  readonly #maxDelayMs: number
  readonly #maxAttempts: number
  readonly #random: () => number

  constructor(options: ReconnectOptions, random: () => number) {
    this.#baseDelayMs = options.baseDelayMs ?? 500
    this.#maxDelayMs = options.maxDelayMs ?? 15_000
    this.#maxAttempts = options.maxAttempts ?? Number.POSITIVE_INFINITY
    this.#random = random
  }

  allows(reason: ClientCloseReason, attempt: number): boolean {
    return !FINAL_REASONS.has(reason) && attempt <= this.#maxAttempts
  }

  /**
   * Full jitter: anything from nothing to the doubled limit, so that the clients of one server do not come back
   * together. What the server asks for comes on top. `attempt` counts from 1.
   */
  delayMs(attempt: number, retryAfterMs = 0): number {
    // 2 ** 1024 is Infinity, which the minimum takes care of.
    const limitMs = Math.min(this.#maxDelayMs, this.#baseDelayMs * 2 ** (attempt - 1))
    return Math.max(0, retryAfterMs) + this.#random() * limitMs
  }
}
