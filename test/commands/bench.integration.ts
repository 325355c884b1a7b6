import {describe, expect, test} from 'vitest'
import {AdminClient} from '../../src/client/admin/admin-client.js'
import type {Usage} from '../../src/contract/admin.js'
import {Program, runProgram} from '../helpers/program.js'
import {tempFolder} from '../helpers/temp-folder.js'

const SHORT = ['--duration=300ms', '--warmup=0ms', '--clients=20', '--rooms=2']

async function gameServer(args: readonly string[] = []) {
  const program = new Program(['serve', '--port=0', '--ephemeral', '--log-level=warn', ...args])
  return {...(await program.ready()), runtimeDir: program.runtimeDir, program}
}

describe('gs bench', () => {
  test('finds the server that runs, loads it from several threads, and has its account', async () => {
    const {port, runtimeDir, program} = await gameServer()
    const args = ['bench', ...SHORT, '--publishers=2', '--window=4', '--workers=2', '--json']
    const {status, stdout, stderr} = await runProgram(args, {runtimeDir})
    expect({status, stderr}).toEqual({status: 0, stderr: ''})
    const result = JSON.parse(stdout)
    expect(result).toMatchObject({
      target: {host: '127.0.0.1', port},
      load: {clients: 20, rooms: 2, publishers: 2, window: 4, ratePerSecond: null, payloadBytes: 64, workers: 2},
      isCutShort: false,
      errors: {total: 0, byCode: {}},
      lost: {total: 0, byReason: {}},
      server: {pid: program.child.pid, errors: 0, plugins: []},
      brokenLimits: [],
    })
    expect(result.durationMs).toBeGreaterThanOrEqual(300)
    expect(result.published).toBeGreaterThan(0)
    expect(result.deliveries).toBeGreaterThan(result.published)
    expect(result.latency.p99Ms).toBeGreaterThanOrEqual(result.latency.p50Ms)
    expect(result.latency.maxMs).toBeGreaterThanOrEqual(result.latency.p99Ms)
    expect(result.server.cpuUsPerDelivery).toBeGreaterThan(0)
  })

  test('says the time in the hooks of plugins', async () => {
    const folder = tempFolder({
      'watcher.mjs': "export default {name: 'watcher', setup(host) { host.hook('afterMessage', () => {}) }}",
    })
    const {runtimeDir} = await gameServer([`--plugins=${folder}/watcher.mjs`])
    const {status, stdout} = await runProgram(['bench', ...SHORT, '--framing=length-prefixed'], {runtimeDir})
    expect(status).toBe(0)
    const figures = new Map(stdout.split('\n').map(line => line.split(/ {2,}/) as [string, string]))
    expect(figures.get('load')).toMatch(/^20 clients in 2 rooms, 1 of each publishing, 1 in flight each$/)
    expect(figures.get('messages')).toMatch(/^64 bytes, length-prefixed, from \d+ threads?$/)
    expect(figures.get('delivered')).toMatch(/^[\d ]+\/s$/)
    expect(figures.get('echo p99')).toMatch(/^[\d.]+ ms$/)
    expect(figures.get('errors')).toBe('0')
    expect(figures.get('server CPU')).toMatch(/^\d+ % of a core, \d+\.\d{3} µs a delivery$/)
    expect(figures.get('plugin watcher')).toMatch(/^\d+\.\d\d µs a message$/)
  })

  test('ends with status 1 when a limit is broken, and says which', async () => {
    const {runtimeDir} = await gameServer()
    const limits = ['--fail-if=p99>0us', '--fail-if=errors>0', '--fail-if=delivered<1000000000']
    const {status, stdout, stderr} = await runProgram(['bench', ...SHORT, '--rate=200/s', ...limits], {runtimeDir})
    expect(status).toBe(1)
    expect(stderr).toBe('gs: it holds that p99>0us\ngs: it holds that delivered<1000000000\n')
    expect(stdout).toContain('200 messages/s in all')
  })

  test('shows what was measured so far when it is interrupted', async () => {
    const {port, socket} = await gameServer()
    const admin = new AdminClient({socketPath: socket})
    const args = ['bench', `--port=${port}`, '--no-admin', '--duration=1h', '--warmup=0ms', '--clients=4', '--rooms=1']
    const bench = new Program([...args, '--json'])
    await deliveries(admin, bench)
    bench.signal('SIGINT')
    expect(await bench.ended()).toEqual({code: 0, signal: null})
    const result = JSON.parse(bench.stdout)
    expect(result).toMatchObject({isCutShort: true, server: null})
    expect(result.deliveries).toBeGreaterThan(0)
  })

  test('ends when no client is left, and fails if that was not to be', async () => {
    const {port, socket} = await gameServer()
    const admin = new AdminClient({socketPath: socket})
    const args = [`--port=${port}`, '--no-admin', '--duration=1h', '--clients=4', '--rooms=1', '--fail-if=lost>0']
    const bench = new Program(['bench', ...args])
    await deliveries(admin, bench)
    await admin.request({method: 'POST', path: '/v1/stop'})
    expect(await bench.ended()).toEqual({code: 1, signal: null})
    expect(bench.stdout).toMatch(/^lost clients {2}4 {2}\(server_shutdown 4\)$/m)
    expect(bench.stdout).toMatch(/^measured .*, cut short$/m)
  })

  test('goes on without an account of the server, and says why there is none', async () => {
    const [loaded, other] = await Promise.all([gameServer(), gameServer()])
    const alone = await runProgram(['bench', ...SHORT, `--port=${loaded.port}`], {})
    expect(alone.status).toBe(0)
    expect(alone.stdout).toMatch(/^No account of the server: no server is running\.$/m)
    const strange = await runProgram(['bench', ...SHORT, `--port=${loaded.port}`, `--socket=${other.socket}`], {})
    expect(strange.status).toBe(0)
    expect(strange.stdout).toContain(
      `No account of the server: the admin socket found is of another one, at 127.0.0.1:${other.port}.`,
    )
    const wrong = await runProgram(['bench', ...SHORT, `--port=${loaded.port}`, '--name=nobody'], {})
    expect(wrong).toMatchObject({status: 5, stdout: '', stderr: expect.stringContaining('nobody')})
  })

  test.for([
    [['--clients=5', '--rooms=10'], /^gs: 5 clients cannot fill 10 rooms$/m],
    [['--clients=10', '--rooms=5', '--publishers=3'], /^gs: 10 clients in 5 rooms are too few for 3 publishers/m],
    [['--window=2', '--rate=5/s'], /--window/],
    [['--rate=fast'], /^gs: --rate: not a rate: "fast"$/m],
    [['--fail-if=p99>50'], /^gs: --fail-if: not a limit: "p99>50"$/m],
    [['--clients=900000'], /^gs: 900000 clients need more open files than the \d+ that this process may have$/m],
  ] as const)('refuses %s in a line', async ([args, words]) => {
    const {status, stdout, stderr} = await runProgram(['bench', '--no-admin', ...args], {})
    expect({status, stdout}).toEqual({status: 2, stdout: ''})
    expect(stderr).toMatch(words)
    expect(stderr.trimEnd().split('\n').length).toBeLessThanOrEqual(2)
  })
})

/** Waits until messages of the load come through. */
async function deliveries(admin: AdminClient, bench: Program): Promise<void> {
  const deadlineMs = performance.now() + 10_000
  while ((await admin.request<Usage>({path: '/v1/usage'})).deliveries < 100) {
    if (performance.now() > deadlineMs) throw new Error(`nothing is delivered: ${bench.stderr}`)
  }
}
