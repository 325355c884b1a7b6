import {spawn, spawnSync} from 'node:child_process'
import {existsSync, readFileSync, renameSync, statSync, writeFileSync} from 'node:fs'
import {delimiter, join} from 'node:path'
import {setTimeout as pause} from 'node:timers/promises'
import {describe, expect, onTestFinished, test} from 'vitest'
import {freePort} from '../helpers/free-port.js'
import {Program, type ProgramOptions} from '../helpers/program.js'
import {RawClient} from '../helpers/raw-client.js'
import {tempFolder} from '../helpers/temp-folder.js'
import {until} from '../helpers/until.js'

/** Two signals closer than this count once. */
const APART_MS = 300

async function serve(args: readonly string[] = [], options: ProgramOptions = {}) {
  const server = new Program(['serve', '--port', '0', ...args], options)
  const {port} = await server.ready()
  return {server, port}
}

/** Runs to the end a server that cannot start. */
async function failing(args: readonly string[]) {
  const server = new Program(['serve', ...args])
  const {code} = await server.ended()
  return {code, stdout: server.stdout, stderr: server.stderr}
}

async function login(port: number, userId: number): Promise<RawClient> {
  const client = await RawClient.login(port, userId)
  onTestFinished(() => void client.socket.destroy())
  return client
}

/** A plugin whose end never comes, after one that leaves a file behind when it ends. */
function foldersWithHangingPlugin(): string {
  return tempFolder({
    'tidy.mjs': `import {writeFileSync} from 'node:fs'
      export default {name: 'tidy', setup: () => ({close: () => writeFileSync('tidy.txt', 'closed')})}`,
    'hanging.mjs': `export default {name: 'hanging', setup: () => ({close: () => new Promise(() => {})})}`,
  })
}

const HANGING = ['--plugins', './tidy.mjs,./hanging.mjs']

/** A Node that is too old to run the program itself, and the one that is not. */
const NODES = [
  {name: 'a fit Node', node: process.execPath},
  {name: 'an old Node that hands over', node: findOldNode()},
]

function findOldNode(): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/bin', '/usr/local/bin']
  return folders
    .filter(folder => !folder.includes('node_modules'))
    .map(folder => join(folder, 'node'))
    .find(node => /^v(1\d|2[0-3])\./.test(spawnSync(node, ['--version'], {encoding: 'utf8'}).stdout ?? ''))
}

describe('a start', () => {
  test('says on one line where it listens, and its log stays on stderr', async () => {
    const {server, port} = await serve()
    expect(port).toBeGreaterThan(0)
    expect(server.logged('ready')).toMatchObject([{level: 'info', port, host: '127.0.0.1', plugins: []}])
    await login(port, 7)
    expect(server.stdout.split('\n')).toHaveLength(2)
  })

  test('on a port that is in use fails with a word on what to do', async () => {
    const {port} = await serve()
    expect(await failing(['--port', String(port)])).toEqual({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(new RegExp(`^gs: port ${port} on 127\\.0\\.0\\.1 is in use\nhint: .*--port.*\n$`)),
    })
    await login(port, 7)
  })

  test('on a port that needs privileges fails with a word on what to do', async ({skip}) => {
    if (process.getuid?.() === 0) skip('root may use any port')
    const {code, stderr} = await failing(['--port', '1'])
    expect({code, stderr}).toEqual({
      code: 1,
      stderr: expect.stringMatching(/^gs: not permitted.*\nhint: .*--port.*\n$/),
    })
  })

  test('on an address of another machine fails with a word on what to do', async () => {
    const {code, stdout, stderr} = await failing(['--host', '203.0.113.1', '--insecure-public'])
    expect({code, stdout}).toEqual({code: 1, stdout: ''})
    expect(stderr).toMatch(/^gs: cannot listen on 203\.0\.113\.1, .*\nhint: .*address of this machine.*\n$/)
  })

  test.for([
    [['--host', '0.0.0.0'], /others can reach 0\.0\.0\.0.*\nhint: .*--insecure-public/],
    [['--host', '::'], /others can reach ::.*\nhint: .*auth\.mode/],
    [['--host', '::ffff:0.0.0.0'], /others can reach/],
    [['--host', 'no host'], /server\.host/],
    [['--port', '65536'], /server\.port.*65536/],
    [['--port', '-1'], /port/],
    [['--port', 'http'], /server\.port.*http/],
    [['--plugins', './missing.mjs'], /missing\.mjs/],
    [['--log-level', 'loud'], /log\.level.*loud/],
  ] as const)('with %j is refused in words', async ([args, words]) => {
    const {code, stdout, stderr} = await failing([...args])
    expect({code, stdout}).toEqual({code: 2, stdout: ''})
    expect(stderr).toMatch(/^gs: /)
    expect(stderr).toMatch(words)
    expect(stderr).not.toContain('    at ')
  })

  test('makes a log file that only its owner can read, whatever the umask', async () => {
    const cwd = tempFolder()
    const {server} = await serve(['--log-file', 'gs.log'], {cwd, before: 'umask 000'})
    expect(statSync(join(cwd, 'gs.log')).mode & 0o777).toBe(0o600)
    server.signal('SIGTERM')
    expect(await server.ended()).toMatchObject({code: 0})
    expect(server.stderr).toBe('')
  })

  test('on the port of a killed server succeeds at once', async () => {
    const port = await freePort()
    const args = ['serve', '--port', String(port)]
    const first = new Program(args)
    await first.ready()
    const clients = await Promise.all(Array.from({length: 20}, (_, index) => login(port, 1 + index)))
    first.signal('SIGKILL')
    expect(await first.ended()).toMatchObject({signal: 'SIGKILL'})
    const second = new Program(args)
    await second.ready()
    await Promise.all(clients.map(client => client.closed))
    await login(port, 1)
  })
})

describe('a conversation by nc', () => {
  test('takes three lines', async ({skip}) => {
    if (spawnSync('nc', ['-h']).error !== undefined) skip('nc is not installed')
    const {port} = await serve()
    const nc = spawn('nc', ['127.0.0.1', String(port)], {stdio: ['pipe', 'pipe', 'inherit']})
    onTestFinished(() => void nc.kill('SIGKILL'))
    let received = ''
    nc.stdout.on('data', data => {
      received += data
    })
    nc.stdin.write('{"type":"hello","nickname":"ann"}\n')
    nc.stdin.write('{"type":"join_room","roomId":1}\n')
    nc.stdin.write('{"type":"chat","roomId":1,"message":"hi"}\n')
    await until(() => received.split('\n').length > 3, `received only ${received}`)
    expect(
      received
        .split('\n')
        .slice(0, -1)
        .map(line => JSON.parse(line)),
    ).toMatchObject([
      {type: 'welcome', protocol: 1},
      {type: 'room_joined', roomId: 1, userCount: 1},
      {type: 'chat', roomId: 1, nickname: 'ann', message: 'hi'},
    ])
  })
})

describe.for(NODES)('signals, under $name', ({node}) => {
  test('SIGTERM and SIGINT end it in time, and every client is told when to come back', async ({skip}) => {
    if (node === undefined) skip('there is no old Node')
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      const {server, port} = await serve([], {node: node as string})
      const clients = await Promise.all(Array.from({length: 200}, (_, index) => login(port, 1 + index)))
      for (const client of clients) client.send({type: 'join_room', roomId: 5}, {type: 'chat', roomId: 5, message: 'x'})
      await clients[0]?.take('chat')
      server.signal(signal)
      const {code, signal: diedOf} = await server.ended()
      expect({code, diedOf}).toEqual({code: 0, diedOf: null})
      const waits = new Set<unknown>()
      for (const client of clients) {
        await client.closed
        expect(client.frames.at(-1)).toEqual({
          type: 'goodbye',
          reason: 'server_shutdown',
          retryAfterMs: expect.any(Number),
        })
        waits.add(client.frames.at(-1)?.retryAfterMs)
      }
      expect(waits.size).toBeGreaterThan(50)
      await expect(RawClient.connect(port)).rejects.toThrow()
      expect(server.logged('"stopped"')).toHaveLength(1)
    }
  })

  test('close together they count once, and a second one changes nothing', async ({skip}) => {
    if (node === undefined) skip('there is no old Node')
    const {server} = await serve(HANGING, {node: node as string, cwd: foldersWithHangingPlugin()})
    server.signal('SIGTERM')
    await pause(50)
    server.signal('SIGTERM')
    await pause(APART_MS)
    server.signal('SIGTERM')
    expect(await server.ended()).toMatchObject({code: 0, signal: null})
    expect(server.logged('"stopping"')).toHaveLength(1)
    expect(server.logged('"stopped"')).toHaveLength(1)
  })

  test('a third one ends it at once', async ({skip}) => {
    if (node === undefined) skip('there is no old Node')
    const {server} = await serve(HANGING, {node: node as string, cwd: foldersWithHangingPlugin()})
    for (let count = 0; count < 3; count += 1) {
      expect(server.isOver).toBe(false)
      server.signal('SIGTERM')
      await pause(APART_MS)
    }
    const {code, signal} = await server.ended()
    expect({code, signal}).toEqual({code: null, signal: 'SIGTERM'})
  })

  test('SIGHUP has it read its configuration again, and a bad one changes nothing', async ({skip}) => {
    if (node === undefined) skip('there is no old Node')
    const configure = (content: string) => writeFileSync(join(cwd, 'gs.config.json'), content)
    const cwd = tempFolder({'gs.config.json': '{"name": "first", "server": {"maxRooms": 1}}'})
    const {server, port} = await serve([], {node: node as string, cwd})
    const client = await login(port, 7)
    const join2 = async () => {
      client.send({type: 'join_room', roomId: 2, seq: 1})
      const answer = await client.next()
      return answer?.code ?? answer?.type
    }
    client.send({type: 'join_room', roomId: 1})
    await client.take('room_joined')
    expect(await join2()).toBe('limit_reached')

    configure('{"name": "second", "server": {"maxRooms": "many"}}')
    server.signal('SIGHUP')
    await until(() => server.logged('the old one stays').length === 1, server.stderr)
    expect(server.logged('the old one stays')).toMatchObject([
      {level: 'error', problem: expect.stringContaining('server.maxRooms')},
    ])
    expect(await join2()).toBe('limit_reached')

    configure('{"name": "second", "server": {"maxRooms": 2}}')
    server.signal('SIGHUP')
    await until(() => server.logged('read again').length === 2, server.stderr)
    expect(server.logged('read again').at(-1)).toMatchObject({applied: ['server.maxRooms'], needRestart: ['name']})
    expect(await join2()).toBe('room_joined')
    server.signal('SIGTERM')
    expect(await server.ended()).toMatchObject({code: 0})
  })
})

test('after a rotation of its log, SIGHUP has it go on in a new file', async () => {
  const cwd = tempFolder()
  const file = join(cwd, 'gs.log')
  const text = (path: string) => (existsSync(path) ? readFileSync(path, 'utf8') : '')
  const {server} = await serve(['--log-file', 'gs.log'], {cwd})
  await until(() => text(file).includes('"ready"'), 'the log')
  renameSync(file, `${file}.1`)
  server.signal('SIGHUP')
  await until(() => text(file).includes('configuration read again'), 'the new log')
  server.signal('SIGTERM')
  expect(await server.ended()).toMatchObject({code: 0})
  expect(text(file)).toContain('"stopped"')
  expect(text(`${file}.1`)).not.toContain('read again')
})

describe('what a server outlives', () => {
  test('a reader of its output that leaves, and SIGPIPE', async () => {
    const {server, port} = await serve()
    server.child.stdout.destroy()
    server.child.stderr.destroy()
    server.signal('SIGPIPE')
    for (let userId = 1; userId <= 20; userId += 1) {
      const client = await login(port, userId)
      client.write('{\n'.repeat(10))
      await client.closed
    }
    // Each of these writes a line to the log.
    for (let count = 0; count < 3; count += 1) server.signal('SIGHUP')
    await login(port, 7)
    server.signal('SIGTERM')
    expect(await server.ended()).toMatchObject({code: 0, signal: null})
  })

  test('nobody to tell that it is ready', async () => {
    const port = await freePort()
    const server = new Program(['serve', '--port', String(port)])
    server.child.stdout.destroy()
    await until(() => server.logged('ready').length > 0, server.stderr)
    await login(port, 7)
    server.signal('SIGTERM')
    expect(await server.ended()).toMatchObject({code: 0, signal: null})
  })

  test('a plugin that does not end: the rest is closed, and the exit is not held up beyond its limit', async () => {
    const cwd = foldersWithHangingPlugin()
    const {server} = await serve(HANGING, {cwd})
    server.signal('SIGTERM')
    const {code} = await server.ended()
    expect(code).toBe(0)
    expect(server.logged('failed to close')).toMatchObject([{level: 'error', plugin: 'hanging'}])
    expect(statSync(join(cwd, 'tidy.txt')).size).toBe('closed'.length)
    expect(server.logged('"stopped"')).toHaveLength(1)
  })

  test('being stopped and continued, and so do its clients', async () => {
    const cwd = tempFolder({'gs.config.json': '{"server": {"heartbeatTimeoutMs": 1000}}'})
    const {server, port} = await serve([], {cwd})
    const clients = await Promise.all(Array.from({length: 20}, (_, index) => login(port, 1 + index)))
    server.signal('SIGSTOP')
    await pause(1500)
    server.signal('SIGCONT')
    await until(() => server.logged('stood still').length === 1, server.stderr)
    for (const client of clients) client.send({type: 'heartbeat'})
    for (const client of clients) await client.take('heartbeat')
  })
})
