import {execFile, execFileSync} from 'node:child_process'
import {globSync} from 'node:fs'
import {join} from 'node:path'
import {promisify} from 'node:util'
import {CORES, type Peer, startPeer, type Workshop} from './peers.ts'
import type {Measured, Work} from './works.ts'

const run = promisify(execFile)
const DEFAULT_PAYLOAD_BYTES = 64
/** Ports below those that the kernel gives out. */
const FIRST_PORT = 17_000
const PORTS = 10_000

/** Compiles the load generator; returns its path. */
export function buildGenerator({root, folder}: Workshop): string {
  const program = join(folder, 'load')
  const sources = globSync(join(root, 'bench/generator/*.c'))
  execFileSync('cc', ['-std=gnu11', '-O2', '-o', program, ...sources], {stdio: ['ignore', 'ignore', 'inherit']})
  return program
}

/** Measures works on servers, each on a fresh server. */
export class Bench {
  readonly #generator: string
  readonly #folder: string
  readonly #defaults: {readonly seconds: number; readonly warmupSeconds: number}
  #runs = 0

  constructor(generator: string, folder: string, defaults: {seconds: number; warmupSeconds: number}) {
    this.#generator = generator
    this.#folder = folder
    this.#defaults = defaults
  }

  async measure(peer: Peer, work: Work): Promise<Measured> {
    // Another port each time: connections of the last run may still be in the air.
    const port = FIRST_PORT + (this.#runs++ % PORTS)
    const server = await startPeer(peer, port, this.#folder)
    try {
      const pinned = CORES === undefined ? [] : ['taskset', '-c', CORES.load]
      const [command = '', ...args] = [...pinned, this.#generator, ...this.#options(work)]
      const {stdout} = await run(command, [...args, '-x', peer.protocol, '-p', String(port), '-s', String(server.pid)])
      return JSON.parse(stdout)
    } finally {
      await server.stop()
    }
  }

  #options({rooms, members, publishers, window, rate, payloadBytes, seconds, warmupSeconds}: Work): string[] {
    const pace = rate === undefined ? ['-w', String(window ?? 1)] : ['-q', String(rate)]
    return [
      ...['-r', String(rooms), '-m', String(members), '-P', String(publishers), ...pace],
      ...['-l', String(payloadBytes ?? DEFAULT_PAYLOAD_BYTES)],
      ...['-d', String(seconds ?? this.#defaults.seconds), '-u', String(warmupSeconds ?? this.#defaults.warmupSeconds)],
    ]
  }
}
