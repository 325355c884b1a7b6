import {type ChildProcess, spawn} from 'node:child_process'
import {once} from 'node:events'
import {connect} from 'node:net'
import {setTimeout as pause} from 'node:timers/promises'
import {CORES} from './machine.ts'
import type {Peer} from './peers.ts'

export interface RunningServer {
  readonly pid: number
  /** How long it took to start. */
  readonly startMs: number
  stop(): Promise<void>
}

const START_MS = 20_000
const STOP_MS = 10_000
const LOOK_MS = 1
/** Enough to say what went wrong. */
const MAX_WORDS = 2000

/**
 * Starts a server on its core, and resolves when it takes connections.
 *
 * @throws {Error} with the server's last words, when it does not start in time.
 */
export async function startPeer(peer: Peer, port: number, folder: string): Promise<RunningServer> {
  const pinned = CORES === undefined ? [] : ['taskset', '-c', CORES.server]
  const [command = '', ...args] = [...pinned, ...peer.command(port)]
  const startedMs = performance.now()
  const child = spawn(command, args, {
    cwd: folder,
    env: {...process.env, XDG_RUNTIME_DIR: folder, NODE_ENV: 'production'},
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let words = ''
  let saidReady = false
  child.stderr.on('data', data => {
    words = `${words}${data}`.slice(-MAX_WORDS)
  })
  child.stdout.on('data', data => {
    saidReady ||= String(data).startsWith('ready')
  })
  while (!(peer.saysReady ? saidReady : await answers(port))) {
    if (child.exitCode !== null || performance.now() > startedMs + START_MS) {
      await stop(child)
      throw new Error(`${peer.name} does not answer: ${wordsOf(words)}`)
    }
    await pause(LOOK_MS)
  }
  return {pid: child.pid as number, startMs: performance.now() - startedMs, stop: () => stop(child)}
}

/** The line of a program's last words that says what is wrong, as far as that can be told. */
export function wordsOf(output: string): string {
  const lines = output.trim().split('\n')
  return lines.find(line => line.includes('Error')) ?? lines.at(-1) ?? ''
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = once(child, 'exit')
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS)
  await exit
  clearTimeout(timer)
}

async function answers(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  const {promise, resolve} = Promise.withResolvers<boolean>()
  socket.once('connect', () => resolve(true))
  socket.once('error', () => resolve(false))
  const isThere = await promise
  socket.destroy()
  return isThere
}
