import type {ServerMessage} from '../contract/messages.js'
import {GsError} from '../errors.js'
import type {ClientClock} from './client-clock.js'

interface Pending {
  readonly deadlineMs: number
  readonly onReply: () => void
  readonly resolve: (reply: ServerMessage) => void
  readonly reject: (error: GsError) => void
}

/**
 * Requests that wait for their reply, by `seq`. All have the same time limit, so the map's own order is that of the
 * deadlines, and one timer for the oldest does for all.
 */
export class PendingRequests {
  // Bounded by `limit`.
  readonly #pending = new Map<number, Pending>()
  readonly #clock: ClientClock
  readonly #timeoutMs: number
  readonly #limit: number
  #cancelTimer: (() => void) | undefined

  constructor({clock, timeoutMs, limit}: {clock: ClientClock; timeoutMs: number; limit: number}) {
    this.#clock = clock
    this.#timeoutMs = timeoutMs
    this.#limit = limit
  }

  get size(): number {
    return this.#pending.size
  }

  get isFull(): boolean {
    return this.#pending.size >= this.#limit
  }

  /** `onReply` runs at once when the reply comes, so before listeners are told of it and before the promise resolves. */
  add(seq: number, onReply: () => void): Promise<ServerMessage> {
    const {promise, resolve, reject} = Promise.withResolvers<ServerMessage>()
    this.#pending.set(seq, {deadlineMs: this.#clock.monotonicMs() + this.#timeoutMs, onReply, resolve, reject})
    this.#arm()
    return promise
  }

  /** Hands a reply to its request; false when nobody waits for it. */
  settle(reply: ServerMessage): boolean {
    const seq = 'seq' in reply ? reply.seq : undefined
    const pending = seq === undefined ? undefined : this.#pending.get(seq)
    if (seq === undefined || pending === undefined) return false
    this.#pending.delete(seq)
    if (this.#pending.size === 0) this.#disarm()
    if (reply.type === 'error') {
      pending.reject(toError(reply))
    } else {
      pending.onReply()
      pending.resolve(reply)
    }
    return true
  }

  rejectAll(error: GsError): void {
    const all = [...this.#pending.values()]
    this.#pending.clear()
    this.#disarm()
    for (const {reject} of all) reject(error)
  }

  #arm(): void {
    if (this.#cancelTimer) return
    const [oldest] = this.#pending.values()
    if (!oldest) return
    const delayMs = Math.max(0, oldest.deadlineMs - this.#clock.monotonicMs())
    this.#cancelTimer = this.#clock.after(Math.ceil(delayMs), () => {
      this.#cancelTimer = undefined
      this.#expire()
      this.#arm()
    })
  }

  #disarm(): void {
    this.#cancelTimer?.()
    this.#cancelTimer = undefined
  }

  #expire(): void {
    const nowMs = this.#clock.monotonicMs()
    for (const [seq, {deadlineMs, reject}] of this.#pending) {
      if (deadlineMs > nowMs) return
      this.#pending.delete(seq)
      reject(new GsError('timed_out', `the server did not answer within ${this.#timeoutMs} ms`))
    }
  }
}

/** An error frame as the error it stands for; the frame is its `cause`. */
export function toError(frame: ServerMessage & {type: 'error'}): GsError {
  return new GsError(frame.code, frame.message, {
    cause: frame,
    ...(frame.rule !== undefined && {rule: frame.rule}),
    ...(frame.retryAfterMs !== undefined && {retryAfterMs: frame.retryAfterMs}),
  })
}
