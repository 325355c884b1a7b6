import {execFile, execFileSync} from 'node:child_process'
import {globSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {promisify} from 'node:util'
import {CORES} from './machine.ts'
import type {Peer, Workshop} from './peers.ts'
import {type RunningServer, startPeer} from './start-peer.ts'
import type {Load, Measured} from './works.ts'

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

  /** Puts a load on a server; without one it only starts. */
  async measure(peer: Peer, load: Load | null): Promise<Measured> {
    // Another port each time: connections of the last run may still be in the air.
    const port = FIRST_PORT + (this.#runs++ % PORTS)
    const server = await startPeer(peer, port, this.#folder)
    const {startMs} = server
    try {
      return {startMs, ...(load === null ? {rssMb: rssMbOf(server)} : await this.#put(load, {peer, port, server}))}
    } finally {
      await server.stop()
    }
  }

  async #put(load: Load, {peer, port, server}: {peer: Peer; port: number; server: RunningServer}): Promise<Measured> {
    const pinned = CORES === undefined ? [] : ['taskset', '-c', CORES.load]
    const [command = '', ...args] = [...pinned, this.#generator, ...this.#options(load)]
    const {stdout} = await run(command, [...args, '-x', peer.protocol, '-p', String(port), '-s', String(server.pid)])
    return JSON.parse(stdout)
  }

  #options({rooms, members, publishers, window, rate, isStorm, payloadBytes, seconds, warmupSeconds}: Load): string[] {
    const pace = rate === undefined ? ['-w', String(window ?? 1)] : ['-q', String(rate)]
    return [
      ...['-r', String(rooms), '-m', String(members), '-P', String(publishers), ...pace],
      ...['-l', String(payloadBytes ?? DEFAULT_PAYLOAD_BYTES), ...(isStorm ? ['-S'] : [])],
      ...['-d', String(seconds ?? this.#defaults.seconds), '-u', String(warmupSeconds ?? this.#defaults.warmupSeconds)],
    ]
  }
}

function rssMbOf({pid}: RunningServer): number {
  const kilobytes = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return (Number(kilobytes) * 1024) / 1e6
}
