import type {LoadConnection} from './load-connection.js'
import type {Publisher} from './publisher.js'

/** The shortest wait that a timer can do. */
const STEP_MS = 1
/** A message that leaves later than a timer explains counts from when it was due: waiting in line is time, too. */
const LATE_MS = 2
/** A publisher with so many messages on their way has nobody who answers it, and holds back. */
const MAX_IN_FLIGHT = 10_000

export interface RatePacerOptions {
  readonly messagesPerSecond: number
  readonly publishers: readonly {readonly publisher: Publisher; readonly connection: LoadConnection}[]
  onSent(count: number): void
}

/** Sends so many messages a second from all publishers in turn, whatever comes back. */
export class RatePacer {
  readonly #options: RatePacerOptions
  readonly #startMs = performance.now()
  readonly #timer: NodeJS.Timeout
  #sent = 0

  constructor(options: RatePacerOptions) {
    this.#options = options
    this.#timer = setInterval(() => this.#sendDue(), STEP_MS)
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  #sendDue(): void {
    const {messagesPerSecond, publishers, onSent} = this.#options
    const nowMs = performance.now()
    const dueCount = Math.floor(((nowMs - this.#startMs) * messagesPerSecond) / 1000)
    while (this.#sent < dueCount && publishers.length > 0) {
      const next = publishers[this.#sent % publishers.length]
      this.#sent += 1
      if (next === undefined || !next.connection.isJoined || next.publisher.inFlight >= MAX_IN_FLIGHT) continue
      const dueMs = this.#startMs + (this.#sent * 1000) / messagesPerSecond
      const leavesMs = nowMs - dueMs > LATE_MS ? dueMs : performance.now()
      next.connection.write(next.publisher.frames(1, Math.round(leavesMs * 1000)))
      onSent(1)
    }
  }
}
