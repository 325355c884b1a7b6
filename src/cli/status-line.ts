import {describeTerminal, type Terminal} from '../util/terminal.js'

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

  clear(): void {
    if (this.#isShown) process.stderr.write(CLEAR)
    this.#isShown = false
  }
}
