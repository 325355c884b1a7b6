import {execFile, spawn} from 'node:child_process'
import {once} from 'node:events'
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {createInterface} from 'node:readline'
import {promisify} from 'node:util'

const run = promisify(execFile)
/** The most messages a second that are kept apart without holding anybody up. */
const LOAD = ['--clients', '100', '--rooms', '50', '--publishers', '2', '--rate', '50000/s']

/** What `gs bench` saw of a `gs serve`. */
export interface Served {
  /** Of the worst stretch of the run. */
  readonly loopDelayP99Ms: number
  readonly cpuUsPerDelivery: number
  readonly eventsDropped: number
}

export interface ServedPlan {
  /** Of the package, which must be built. */
  readonly root: string
  /** Null: without the plugin. */
  readonly rawMessages: boolean | null
  readonly seconds: number
}

/** A server with data in a folder of its own, under load. */
export async function measureServed({root, rawMessages, seconds}: ServedPlan): Promise<Served> {
  const isOn = rawMessages !== null
  const config = isOn ? {plugins: ['analytics'], analytics: {rawMessages}} : {}
  const folder = mkdtempSync(join(tmpdir(), 'gs-bench-'))
  const program = join(root, 'bin/run.js')
  const file = join(folder, 'gs.json')
  writeFileSync(file, JSON.stringify(config))
  // Its socket is found there, and no other server's.
  const env = {...process.env, XDG_RUNTIME_DIR: folder}
  const data = ['--config', file, '--data-dir', join(folder, 'data'), '--name', 'bench']
  const server = spawn(process.execPath, [program, 'serve', ...data, '--port', '0', '--log-level', 'warn'], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ask = async (...args: string[]) =>
    JSON.parse((await run(process.execPath, [program, ...args, '--json', '--name', 'bench'], {env})).stdout)
  try {
    const [ready] = await once(createInterface({input: server.stdout}), 'line')
    const port = /:(\d+)/.exec(ready)?.[1] ?? ''
    const result = await ask('bench', '--port', port, '--duration', `${seconds}s`, ...LOAD)
    const {eventsDropped} = isOn ? await ask('analytics') : {eventsDropped: 0}
    return {
      loopDelayP99Ms: result.server.eventLoopDelayP99Ms,
      cpuUsPerDelivery: result.server.cpuUsPerDelivery,
      eventsDropped,
    }
  } finally {
    server.kill()
    await once(server, 'exit')
    rmSync(folder, {recursive: true})
  }
}
