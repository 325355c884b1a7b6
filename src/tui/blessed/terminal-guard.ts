import {END_SIGNALS} from '../model/end-signals.js'

/** How it ended. */
export interface GuardEnd {
  /** As in `END_SIGNALS`. */
  readonly exitCode: number
}

/**
 * Sees to it that the terminal is given back whatever ends the program: a signal, an error that nobody caught, or the end
 * of the process.
 */
export class TerminalGuard {
  /** Resolves with a signal, rejects with an error that nobody caught. Never before `restore` was called. */
  readonly ended: Promise<GuardEnd>
  readonly #restore: () => void
  readonly #handlers: [string, (value: unknown) => void][]

  /** `restore` is called at most once. */
  constructor(restore: () => void) {
    this.#restore = restore
    const {promise, resolve, reject} = Promise.withResolvers<GuardEnd>()
    this.ended = promise
    // Whoever waits hears of it; without a wait it is no fault of its own.
    promise.catch(() => {})
    const fail = (error: unknown) => {
      this.release()
      reject(error)
    }
    this.#handlers = [
      ...Object.entries(END_SIGNALS).map(([signal, exitCode]): [string, () => void] => [
        signal,
        () => {
          this.release()
          resolve({exitCode})
        },
      ]),
      ['uncaughtException', fail],
      ['unhandledRejection', fail],
      ['exit', () => this.release()],
    ]
    for (const [event, handler] of this.#handlers) process.on(event, handler)
  }

  /** Gives the terminal back and guards no more. Twice is fine. */
  release(): void {
    if (this.#handlers.length === 0) return
    for (const [event, handler] of this.#handlers.splice(0)) process.off(event, handler)
    this.#restore()
  }
}
