import type {Socket} from 'node:net'
import {resumeReading} from './direct-io/direct-read.js'

/** How long a closed connection may take to receive its last words. */
const LINGER_MS = 1000
const MAX_LINGERING = 1000

/**
 * Sockets that were ended and have not finished. They are read, so that the peer's unread bytes do not turn the farewell
 * into a reset, and what is read is thrown away.
 */
export class Lingering {
  /** By socket, the time to destroy it, oldest first. */
  readonly #deadlines = new Map<Socket, number>()
  #onEmpty: (() => void) | null = null
  readonly #maxSockets: number

  /** More than `maxSockets`, or than 1000, are not waited for: the oldest goes. */
  constructor(maxSockets: number) {
    this.#maxSockets = Math.min(maxSockets, MAX_LINGERING)
  }

  /** Ends a socket after what was written to it. */
  end(socket: Socket, nowMs: number): void {
    socket.removeAllListeners('data')
    socket.removeAllListeners('end')
    socket.once('close', () => this.#forget(socket))
    this.#deadlines.set(socket, nowMs + LINGER_MS)
    resumeReading(socket)
    // Destroys itself when both sides have ended: the peer's end alone is no reason to keep back what is on its way.
    socket.end()
    const [oldest] = this.#deadlines.keys()
    if (this.#deadlines.size > this.#maxSockets && oldest !== undefined) this.#cutOff(oldest)
  }

  sweep(nowMs: number): void {
    for (const [socket, deadlineMs] of this.#deadlines) {
      if (nowMs < deadlineMs) return
      this.#cutOff(socket)
    }
  }

  /** Resolves when all have finished; they have a second at most while `sweep` is called. */
  async drained(): Promise<void> {
    if (this.#deadlines.size === 0) return
    const {promise, resolve} = Promise.withResolvers<void>()
    this.#onEmpty = resolve
    await promise
  }

  destroyAll(): void {
    for (const socket of this.#deadlines.keys()) this.#cutOff(socket)
  }

  #cutOff(socket: Socket): void {
    socket.destroy()
    this.#forget(socket)
  }

  #forget(socket: Socket): void {
    this.#deadlines.delete(socket)
    if (this.#deadlines.size === 0) this.#onEmpty?.()
  }
}
