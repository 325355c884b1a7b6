import {type ChildProcess, spawn} from 'node:child_process'
import {once} from 'node:events'
import {chmodSync, existsSync, readdirSync, readFileSync, rmSync} from 'node:fs'
import {connect} from 'node:net'
import {join} from 'node:path'
import {beforeAll, describe, expect, onTestFinished, test} from 'vitest'
import {AdminClient} from '../../src/client/admin/admin-client.js'
import {probeSocket} from '../../src/client/admin/probe-socket.js'
import {adminSocket} from '../helpers/admin-socket.js'
import {bundleProgram} from '../helpers/run-program.js'
import {tempFolder} from '../helpers/temp-folder.js'

let program: string

beforeAll(async () => {
  program = await bundleProgram(
    'admin-socket',
    `
    import {createAdminHttpServer} from './src/admin/admin-http-server.js'
    import {openAdminSocket} from './src/admin/socket-file.js'

    const {pid} = process
    const record = {v: 1, name: 'default', pid, host: 'h', port: 1, version: '0.0.0', startedAt: ''}
    const server = createAdminHttpServer((request, response) => {
      if (request.url === '/exit') process.exit(0)
      if (request.url === '/half') response.write('{"v":1,', () => process.kill(pid, 'SIGKILL'))
      else response.end(JSON.stringify({v: 1, instance: 'default', data: {pid}}))
    })
    try {
      const socket = await openAdminSocket({path: process.argv[2], server, mode: 0o600, record, onError() {}})
      process.stdin.on('end', () => socket.close()).resume()
      console.log('open')
    } catch (error) {
      console.log(error.code + ': ' + error.message)
    }
  `,
  )
})

/** Starts a server in a process of its own; resolves with what it says first. */
async function start(path: string): Promise<{child: ChildProcess; pid: number; said: string}> {
  const child = spawn(process.execPath, [program, path], {stdio: ['pipe', 'pipe', 'inherit']})
  onTestFinished(() => void child.kill('SIGKILL'))
  const [chunk] = await once(child.stdout as NonNullable<typeof child.stdout>, 'data')
  return {child, pid: child.pid as number, said: String(chunk).trim()}
}

async function end(child: ChildProcess, how: 'close' | NodeJS.Signals): Promise<void> {
  const ended = once(child, 'exit')
  if (how === 'close') child.stdin?.end()
  else child.kill(how)
  await ended
}

const ask = (socketPath: string, path = '/v1/status') => new AdminClient({socketPath}).request<{pid: number}>({path})

describe('a socket that a dead server left behind', () => {
  test.for(['SIGKILL', 'SIGTERM'] as const)('by %s is taken over', async signal => {
    const folder = tempFolder()
    const path = join(folder, 'default.sock')
    const first = await start(path)
    expect(await ask(path)).toEqual({pid: first.pid})
    await end(first.child, signal)
    expect(readdirSync(folder).sort()).toEqual(['default.json', 'default.lock', 'default.sock'])
    await expect(ask(path)).rejects.toMatchObject({
      code: 'server_unreachable',
      message: expect.stringContaining('gone'),
    })
    const second = await start(path)
    expect(second.said).toBe('open')
    expect(await ask(path)).toEqual({pid: second.pid})
    expect(JSON.parse(readFileSync(join(folder, 'default.json'), 'utf8'))).toMatchObject({pid: second.pid})
    await end(second.child, 'close')
    expect(readdirSync(folder)).toEqual(['default.lock'])
  })

  test('by process.exit in the middle of a request is taken over', async () => {
    const path = join(tempFolder(), 'default.sock')
    const {child} = await start(path)
    const ended = once(child, 'exit')
    await expect(ask(path, '/exit')).rejects.toMatchObject({code: 'server_unreachable'})
    await ended
    expect(await probeSocket(path)).toBe('refused')
    expect((await start(path)).said).toBe('open')
  })
})

test('a server that dies in the middle of an answer is told from one that answers', async () => {
  const path = join(tempFolder(), 'default.sock')
  await start(path)
  await expect(ask(path, '/half')).rejects.toMatchObject({
    code: 'server_unreachable',
    message: `the server at ${path} went away in the middle of its answer`,
  })
})

test('a server that stands still is alive, even when no connection fits into its queue', async () => {
  const path = join(tempFolder(), 'default.sock')
  const {child} = await start(path)
  child.kill('SIGSTOP')
  await expect(new AdminClient({socketPath: path, timeoutMs: 50}).request({path: '/'})).rejects.toMatchObject({
    code: 'timed_out',
  })
  const full = Promise.withResolvers<unknown>()
  const waiting = Array.from({length: 600}, () => connect({path}).on('error', full.resolve))
  onTestFinished(() => {
    for (const socket of waiting) socket.destroy()
  })
  expect(await full.promise).toMatchObject({code: 'EAGAIN'})
  expect(await probeSocket(path)).toBe('live')
  await expect(ask(path)).rejects.toMatchObject({
    code: 'server_unreachable',
    message: expect.stringContaining('too many connections wait'),
  })
  expect((await start(path)).said).toMatch(/^already_running/)
})

test('of fifty servers that start at once exactly one gets the socket, and it answers', {timeout: 60_000}, async () => {
  const path = join(tempFolder(), 'default.sock')
  const all = await Promise.all(Array.from({length: 50}, () => start(path)))
  const winners = all.filter(({said}) => said === 'open')
  expect(winners).toHaveLength(1)
  const losers = all.filter(({said}) => said.startsWith(`already_running: a server is already running at ${path}`))
  expect(losers).toHaveLength(49)
  expect(await ask(path)).toEqual({pid: winners[0]?.pid})
  expect((await start(path)).said).toContain(`(pid ${winners[0]?.pid})`)
})

test('the first server misses no request while others try to take its place', async () => {
  const path = join(tempFolder(), 'default.sock')
  const first = await start(path)
  const others = Promise.all(Array.from({length: 4}, () => start(path)))
  let isDone = false
  others.finally(() => (isDone = true)).catch(() => {})
  while (!isDone) expect(await ask(path)).toEqual({pid: first.pid})
  for (const {said} of await others) expect(said).toMatch(/^already_running/)
})

test('an old server that closes after a new one took over leaves the new one alone', async () => {
  const folder = tempFolder()
  const path = join(folder, 'default.sock')
  const old = await start(path)
  for (const file of readdirSync(folder)) rmSync(join(folder, file))
  const next = await start(path)
  await end(old.child, 'close')
  expect(await ask(path)).toEqual({pid: next.pid})
  expect(existsSync(join(folder, 'default.json'))).toBe(true)
})

describe.skipIf(process.getuid?.() !== 0)('another user', () => {
  /** Becomes nobody, then connects to what is in the folder and one level below it, again and again, until told to end. */
  const stranger = `
    const {readdirSync} = require('node:fs')
    const {connect} = require('node:net')
    process.setgroups([])
    process.setgid(65534)
    process.setuid(65534)
    const outcomes = {}
    const tryToConnect = path => new Promise(resolve => {
      const count = outcome => resolve(outcomes[outcome] = (outcomes[outcome] ?? 0) + 1)
      connect({path}, () => count('connected')).on('error', ({code}) => count(code))
    })
    let isOver = false
    process.stdin.on('end', () => { isOver = true }).resume()
    const run = async folder => {
      while (!isOver) {
        const paths = readdirSync(folder).map(name => folder + '/' + name)
        await Promise.all([...paths, ...paths.map(path => path + '/s'), folder + '/default.sock'].map(tryToConnect))
      }
      console.log(JSON.stringify(outcomes))
      process.exit()
    }
    console.log('ready')
    run(process.argv[1])
  `

  test('never connects, while sockets are opened or after, in an open folder and whatever the umask', async () => {
    const before = process.umask(0)
    onTestFinished(() => void process.umask(before))
    const folder = tempFolder()
    chmodSync(folder, 0o755)
    const path = join(folder, 'default.sock')
    const child = spawn(process.execPath, ['-e', stranger, folder], {stdio: ['pipe', 'pipe', 'inherit']})
    onTestFinished(() => void child.kill('SIGKILL'))
    await once(child.stdout, 'data')
    for (let round = 0; round < 100; round++) await (await adminSocket({path})).close()
    await adminSocket({path})
    expect(await ask(path)).toEqual({name: 'default'})
    child.stdin.end()
    const [outcomes] = await once(child.stdout, 'data')
    expect(JSON.parse(String(outcomes))).toMatchObject({EACCES: expect.any(Number), ENOENT: expect.any(Number)})
    expect(JSON.parse(String(outcomes))).not.toHaveProperty('connected')
  })
})

test('hanging and slow clients keep nobody from being served', async () => {
  const {path} = await adminSocket({limits: {idleTimeoutMs: 200}})
  const hanging = Array.from({length: 40}, () => connect({path}).on('error', () => {}))
  const gone = Promise.all(hanging.map(socket => new Promise(resolve => socket.once('close', resolve).resume())))
  expect(await ask(path)).toEqual({name: 'default'})
  await gone
  expect(await ask(path)).toEqual({name: 'default'})
})
