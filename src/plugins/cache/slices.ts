/** Work on the main thread is cut here, and goes on in the next turn of the event loop. */
const SLICE_MS = 0.1

export interface SliceTools {
  readonly monotonicMs: () => number
  /** Runs a task in a later turn. */
  readonly defer: (task: () => void) => void
}

/** Does small steps of work a slice at a time, so that nobody else waits for long. */
export class Slices {
  readonly #tools: SliceTools
  readonly #step: () => boolean
  readonly #onDone: (() => void) | undefined
  #isScheduled = false

  /** `step` does one thing and returns false when there was none left; then `onDone` is called. */
  constructor(tools: SliceTools, step: () => boolean, onDone?: () => void) {
    this.#tools = tools
    this.#step = step
    this.#onDone = onDone
  }

  /** Makes sure that the work goes on. */
  schedule(): void {
    if (this.#isScheduled) return
    this.#isScheduled = true
    this.#tools.defer(this.#run)
  }

  readonly #run = (): void => {
    this.#isScheduled = false
    const {monotonicMs} = this.#tools
    const endMs = monotonicMs() + SLICE_MS
    do {
      if (!this.#step()) {
        this.#onDone?.()
        return
      }
    } while (monotonicMs() < endMs)
    this.schedule()
  }
}
