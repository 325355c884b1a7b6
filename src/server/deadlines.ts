import type {CloseReason} from '../contract/codes.js'

/** A connection as its deadlines see it. */
export interface Timed {
  /** Time of the accept, by the server's fair clock. */
  readonly openedAtMs: number
  /** Time of the last frame. */
  readonly lastFrameAtMs: number
  close(reason: CloseReason): void
}

export interface DeadlineLimits {
  readonly handshakeTimeoutMs: number
  readonly frameTimeoutMs: number
  /** 0: silence is not punished. */
  readonly heartbeatTimeoutMs: number
}

/**
 * Closes those who take too long. The time runs from the accept, or from a frame's first byte, whatever trickles in
 * meanwhile. All connections have the same limits, so those who wait are kept in the order of their deadlines and a sweep
 * looks at the first few only.
 */
export class Deadlines<Connection extends Timed> {
  readonly #limits: DeadlineLimits
  /** Connections before `welcome`, oldest first. These three are bounded by the number of connections. */
  readonly #unwelcomed = new Set<Connection>()
  /** Connections in the middle of a frame, by the time it began, oldest first. */
  readonly #inFrame = new Map<Connection, number>()
  readonly #welcomed = new Set<Connection>()

  constructor(limits: DeadlineLimits) {
    this.#limits = limits
  }

  /** A connection was accepted. */
  watchHandshake(connection: Connection): void {
    this.#unwelcomed.add(connection)
  }

  /** A connection was welcomed. */
  watchHeartbeat(connection: Connection): void {
    this.#unwelcomed.delete(connection)
    this.#welcomed.add(connection)
  }

  /** A frame has begun, or goes on: only the beginning counts. */
  beginFrame(connection: Connection, nowMs: number): void {
    if (!this.#inFrame.has(connection)) this.#inFrame.set(connection, nowMs)
  }

  endFrame(connection: Connection): void {
    this.#inFrame.delete(connection)
  }

  forget(connection: Connection): void {
    this.#unwelcomed.delete(connection)
    this.#inFrame.delete(connection)
    this.#welcomed.delete(connection)
  }

  /** Closes those in the front who are late. */
  sweep(nowMs: number): void {
    for (const connection of this.#unwelcomed) {
      if (nowMs - connection.openedAtMs < this.#limits.handshakeTimeoutMs) break
      connection.close('handshake_timeout')
    }
    for (const [connection, beganAtMs] of this.#inFrame) {
      if (nowMs - beganAtMs < this.#limits.frameTimeoutMs) break
      connection.close('frame_timeout')
    }
  }

  /** Closes those who have been silent. Looks at every connection, so once a second is enough. */
  sweepSilent(nowMs: number): void {
    const {heartbeatTimeoutMs} = this.#limits
    if (heartbeatTimeoutMs === 0) return
    for (const connection of this.#welcomed) {
      if (nowMs - connection.lastFrameAtMs >= heartbeatTimeoutMs) connection.close('heartbeat_timeout')
    }
  }
}
