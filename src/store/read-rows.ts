import {type ChildProcessWithoutNullStreams, spawn} from 'node:child_process'
import {formatDuration} from '../units.js'
import type {RowJob} from './row-job.js'
import {rowProgram} from './worker-program.js'

const LINE_FEED = 10
/** Of what a process that fails has to say. */
const MAX_COMPLAINT = 1000

export interface RowLimits {
  /** The process is killed after this; null: it may take as long as it needs. */
  readonly limitMs: number | null
  /** Aborted: the process is killed, and the lines end. */
  readonly signal?: AbortSignal | undefined
}

/**
 * Runs a job in a process of its own, so that it can be killed: a statement of SQLite cannot be interrupted. Gives whole
 * lines, see `RowLine`, at the reader's pace; the last one is `end` or `error`. Leaving the loop kills the process.
 */
export async function* readRows(job: RowJob, {limitMs, signal}: RowLimits): AsyncGenerator<Uint8Array, void, void> {
  if (signal?.aborted) return
  const {TMPDIR, SystemRoot} = process.env
  const child = spawn(process.execPath, rowProgram(), {stdio: ['pipe', 'pipe', 'pipe'], env: {TMPDIR, SystemRoot}})
  const watch = new Watch(child, {limitMs, signal})
  try {
    child.stdin.write(`${JSON.stringify(job)}\n`)
    let rest: Buffer = Buffer.alloc(0)
    let hasEnded = false
    for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
      const whole = chunk.lastIndexOf(LINE_FEED) + 1
      if (whole > 0) {
        const lines = Buffer.concat([rest, chunk.subarray(0, whole)])
        hasEnded = isEnd(lines)
        rest = chunk.subarray(whole)
        yield lines
      } else {
        rest = Buffer.concat([rest, chunk])
      }
    }
    if (!hasEnded && !signal?.aborted) yield Buffer.from(`${JSON.stringify({error: await watch.failure()})}\n`)
  } finally {
    watch.end()
  }
}

/** What ends a process before its time, and why it ended. */
class Watch {
  readonly #child: ChildProcessWithoutNullStreams
  readonly #limits: RowLimits
  readonly #exited: Promise<string>
  readonly #timer: NodeJS.Timeout | undefined
  #complaint = ''
  #isLate = false

  constructor(child: ChildProcessWithoutNullStreams, limits: RowLimits) {
    this.#child = child
    this.#limits = limits
    const {promise, resolve} = Promise.withResolvers<string>()
    this.#exited = promise
    child.once('error', error => resolve(error.message))
    child.once('close', (code, signal) => resolve(signal ?? `exit status ${code}`))
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#complaint = (this.#complaint + text).slice(-MAX_COMPLAINT)
    })
    // Its end is seen on stdout; a job that could not be written is one that was not read.
    child.stdin.on('error', () => {})
    limits.signal?.addEventListener('abort', this.#kill)
    if (limits.limitMs !== null) this.#timer = setTimeout(this.#giveUp, limits.limitMs)
  }

  async failure(): Promise<{code: string; message: string; hint: string | null}> {
    const how = await this.#exited
    if (this.#isLate) {
      const message = `the query took longer than ${formatDuration(this.#limits.limitMs ?? 0)} and was stopped`
      return {code: 'limit_reached', message, hint: 'Ask for less, or give it longer.'}
    }
    const words = this.#complaint.split('\n').find(line => /\bError\b/.test(line))
    const message = `the process that reads ended too early: ${words?.trim() ?? how}`
    return {code: 'store_unavailable', message, hint: null}
  }

  end(): void {
    clearTimeout(this.#timer)
    this.#limits.signal?.removeEventListener('abort', this.#kill)
    this.#kill()
  }

  readonly #giveUp = (): void => {
    this.#isLate = true
    this.#kill()
  }

  readonly #kill = (): void => {
    this.#child.kill('SIGKILL')
  }
}

/** Whether the last of these lines ends the answer. */
function isEnd(lines: Buffer): boolean {
  const start = lines.lastIndexOf(LINE_FEED, lines.length - 2) + 1
  return (
    lines.subarray(start, start + 7).toString() === '{"end":' ||
    lines.subarray(start, start + 9).toString() === '{"error":'
  )
}
