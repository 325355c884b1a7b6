import {describeTerminal, type Terminal} from '../util/terminal.js'

const PACE_MS = 100
/** Takes the cursor to the front and clears the line. */
const CLEAR = '\r\u001b[K'

/** A line on stderr that is written over while a command works, on a terminal that can do that. */
export class StatusLine {
  readonly #terminal: Terminal | undefined
  #isShown = false

  constructor(env: NodeJS.ProcessEnv) {
    const terminal = describeTerminal(process.stderr, env)
    this.#terminal = terminal.isTerminal && env.TERM !== 'dumb' && !env.CI ? terminal : undefined
  }

  show(render: (terminal: Terminal) => string): void {
    if (this.#terminal === undefined) return
    process.stderr.write(`${CLEAR}${render(this.#terminal)}`)
    this.#isShown = true
  }

  /** Shows what comes often at most ten times a second. */
  paced<Progress>(render: (progress: Progress, terminal: Terminal) => string): (progress: Progress) => void {
    let nextMs = 0
    return progress => {
      if (performance.now() < nextMs) return
      nextMs = performance.now() + PACE_MS
      this.show(terminal => render(progress, terminal))
    }
  }

  clear(): void {
    if (this.#isShown) process.stderr.write(CLEAR)
    this.#isShown = false
  }
}
