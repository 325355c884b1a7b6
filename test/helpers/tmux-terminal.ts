import {execFile, execFileSync} from 'node:child_process'
import {join} from 'node:path'
import {promisify} from 'node:util'
import {onTestFinished} from 'vitest'
import {tempFolder} from './temp-folder.js'

const run = promisify(execFile)

/** Why tmux tests cannot run here; undefined when they can. */
export function whyNoTmux(): string | undefined {
  try {
    execFileSync('tmux', ['-V'], {stdio: 'ignore'})
    return undefined
  } catch {
    return 'tmux is not installed'
  }
}

/** Real terminals in a tmux server of their own, which ends with the test. */
export class TmuxTerminals {
  readonly #socket = join(tempFolder(), 'tmux')

  constructor() {
    onTestFinished(async () => {
      // It is gone already when its last terminal was closed.
      await this.#tmux('kill-server').catch(() => {})
    })
  }

  async open(options: {
    name: string
    columns: number
    rows: number
    env?: Readonly<Record<string, string>>
  }): Promise<TmuxTerminal> {
    const {name, columns, rows, env = {}} = options
    const size = ['-x', String(columns), '-y', String(rows)]
    const variables = Object.entries({LC_ALL: 'C.UTF-8', PS1: '$ ', ...env}).flatMap(([key, value]) => [
      '-e',
      `${key}=${value}`,
    ])
    await this.#tmux('-f', '/dev/null', 'new-session', '-d', '-s', name, ...size, ...variables, 'sh')
    return new TmuxTerminal(name, (...args) => this.#tmux(...args))
  }

  async #tmux(...args: string[]): Promise<string> {
    const {stdout} = await run('tmux', ['-S', this.#socket, ...args])
    return stdout
  }
}

export class TmuxTerminal {
  readonly #name: string
  readonly #tmux: (...args: string[]) => Promise<string>

  constructor(name: string, tmux: (...args: string[]) => Promise<string>) {
    this.#name = name
    this.#tmux = tmux
  }

  /** Types a text as it is. */
  async type(text: string): Promise<void> {
    await this.#tmux('send-keys', '-t', this.#name, '-l', text)
  }

  /** Presses keys by the names tmux has for them, such as `Enter` and `C-c`. */
  async press(...keys: string[]): Promise<void> {
    await this.#tmux('send-keys', '-t', this.#name, ...keys)
  }

  async enter(text: string): Promise<void> {
    await this.type(text)
    await this.press('Enter')
  }

  screen(): Promise<string> {
    return this.#tmux('capture-pane', '-p', '-t', this.#name)
  }

  /** A property of the terminal, such as `alternate_on`. */
  async property(name: string): Promise<string> {
    return (await this.#tmux('display-message', '-p', '-t', this.#name, `#{${name}}`)).trim()
  }

  async resize(columns: number, rows: number): Promise<void> {
    await this.#tmux('resize-window', '-t', this.#name, '-x', String(columns), '-y', String(rows))
  }

  /** Looks until `wanted` is on the screen. */
  async shows(wanted: string | RegExp, timeoutMs = 10_000): Promise<string> {
    const deadline = performance.now() + timeoutMs
    while (true) {
      const screen = await this.screen()
      if (typeof wanted === 'string' ? screen.includes(wanted) : wanted.test(screen)) return screen
      if (performance.now() > deadline) throw new Error(`${this.#name} never showed ${wanted}; it shows:\n${screen}`)
      await new Promise(resolve => setTimeout(resolve, 20))
    }
  }
}
