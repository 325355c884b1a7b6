import type {ClientClock} from './client-clock.js'

/** Intervals without a word after which a connection is taken for dead. */
const SILENT_INTERVALS = 3

export interface HeartbeatHandlers {
  beat(): void
  /** Nothing was heard for several intervals, though heartbeats were sent. */
  silence(silentMs: number): void
}

/** Beats while a connection stands, and notices when the other side has gone without a word. */
export class HeartbeatTimer {
  readonly #clock: ClientClock
  readonly #handlers: HeartbeatHandlers
  #cancel: (() => void) | undefined
  #heardAtMs = 0

  constructor(clock: ClientClock, handlers: HeartbeatHandlers) {
    this.#clock = clock
    this.#handlers = handlers
  }

  /** `intervalMs` comes from the server: one that makes no sense means no heartbeats. */
  start(intervalMs: number): void {
    this.stop()
    this.heard()
    if (!(intervalMs >= 1 && intervalMs <= 2_147_483_647)) return
    const turn = () => {
      this.#cancel = this.#clock.after(intervalMs, turn, {isIdle: true})
      const silentMs = this.#clock.monotonicMs() - this.#heardAtMs
      if (silentMs >= SILENT_INTERVALS * intervalMs) this.#handlers.silence(silentMs)
      else this.#handlers.beat()
    }
    this.#cancel = this.#clock.after(intervalMs, turn, {isIdle: true})
  }

  heard(): void {
    this.#heardAtMs = this.#clock.monotonicMs()
  }

  stop(): void {
    this.#cancel?.()
    this.#cancel = undefined
  }
}
