import {type ChildProcessByStdio, spawn} from 'node:child_process'
import {join} from 'node:path'
import type {Readable, Writable} from 'node:stream'
import {onTestFinished} from 'vitest'
import {projectRoot} from '../architecture/sources.js'
import {RawClient} from './raw-client.js'
import {tempFolder} from './temp-folder.js'
import {until} from './until.js'

export const programPath = join(projectRoot, 'bin/run.js')

export interface ProgramOptions {
  readonly node?: string
  readonly cwd?: string
  /** What the shell does before it becomes the program. */
  readonly before?: string
  /** Where admin sockets are left and looked for: never among those of the machine. */
  readonly runtimeDir?: string
  readonly env?: NodeJS.ProcessEnv
}

export interface ProgramEnd {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/** What a command ended with. */
export interface Ran {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

/** The program as a user starts it, in a process group of its own that ends with the test. */
export class Program {
  readonly child: ChildProcessByStdio<Writable, Readable, Readable>
  readonly runtimeDir: string
  stdout = ''
  stderr = ''
  isOver = false

  constructor(
    args: readonly string[],
    {
      node = process.execPath,
      cwd = tempFolder(),
      before = ':',
      runtimeDir = tempFolder(),
      env = {},
    }: ProgramOptions = {},
  ) {
    this.runtimeDir = runtimeDir
    this.child = spawn('sh', ['-c', `${before}; exec "$0" "$@"`, node, programPath, ...args], {
      cwd,
      env: {
        PATH: process.env.PATH,
        XDG_RUNTIME_DIR: runtimeDir,
        TMPDIR: runtimeDir,
        XDG_DATA_HOME: runtimeDir,
        XDG_STATE_HOME: runtimeDir,
        ...env,
      },
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    this.child.stdout.on('data', data => {
      this.stdout += data
    })
    this.child.stderr.on('data', data => {
      this.stderr += data
    })
    this.child.once('close', () => {
      this.isOver = true
    })
    onTestFinished(() => {
      try {
        process.kill(-(this.child.pid as number), 'SIGKILL')
      } catch {
        // The group is gone already, as it should be.
      }
    })
  }

  /** Of the line that says it is ready. */
  async ready(): Promise<{readonly port: number; readonly socket: string}> {
    await until(() => this.isOver || this.stdout.includes('\n'), `not ready; it says: ${this.stderr}`)
    const line = /^ready gs:\/\/127\.0\.0\.1:(\d+) socket=(\S+) plugins=\S+\n$/.exec(this.stdout)
    if (line === null) throw new Error(`not ready: ${this.stdout}${this.stderr}`)
    const [port, socket] = [Number(line[1]), line[2] as string]
    // The line may be read before the next one of the program has run; one that answers is past that.
    await using client = await RawClient.login(port, 4_000_000_000)
    client.socket.end()
    return {port, socket}
  }

  /** The lines of its log with these words. */
  logged(words: string): {[field: string]: unknown}[] {
    const lines = this.stderr.split('\n').slice(0, -1)
    return lines.filter(line => line.includes(words)).map(line => JSON.parse(line))
  }

  /** Signals the process that was started, as a supervisor does. */
  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal)
  }

  async ended(): Promise<ProgramEnd> {
    await until(() => this.isOver, `it did not end; it says: ${this.stderr}`)
    const {exitCode: code, signalCode: signal} = this.child
    return {code, signal}
  }
}

/** Runs a command to its end. */
export async function runProgram(args: readonly string[], options: ProgramOptions): Promise<Ran> {
  const program = new Program(args, options)
  program.child.stdin.end()
  const {code: status} = await program.ended()
  return {status, stdout: program.stdout, stderr: program.stderr}
}
