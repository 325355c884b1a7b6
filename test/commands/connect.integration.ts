import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {readFileSync} from 'node:fs'
import {createServer as createTcpServer} from 'node:net'
import {join} from 'node:path'
import {text} from 'node:stream/consumers'
import {describe, expect, onTestFinished, test} from 'vitest'
import {GsClient} from '../../src/client/game-client.js'
import {createServer} from '../../src/ops/create-server.js'
import {projectRoot} from '../architecture/sources.js'
import {privateFile, tempFolder} from '../helpers/temp-folder.js'
import {TmuxTerminals, whyNoTmux} from '../helpers/tmux-terminal.js'

const program = join(projectRoot, 'bin/run.js')

async function gameServer(options: Parameters<typeof createServer>[0] = {}) {
  const server = await createServer({...options, server: {port: 0, ...options.server}, log: {level: 'silent'}})
  onTestFinished(async () => {
    await server.close()
  })
  return {server, port: server.address.port}
}

/** Runs the command to its end with `input` on stdin; undefined leaves stdin open. */
async function connect(
  args: readonly string[],
  {input = '', env = {}}: {input?: string; env?: NodeJS.ProcessEnv} = {},
) {
  const child = spawn(process.execPath, [program, 'connect', ...args], {env: {...process.env, ...env}})
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  child.stdin.end(input)
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')])
  const frames = stdout
    .split('\n')
    .filter(Boolean)
    .map(line => JSON.parse(line))
  return {code: child.exitCode, frames, stdout, stderr}
}

async function unusedPort(): Promise<number> {
  const server = createTcpServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address ? address.port : 0
}

const lines = (...messages: object[]) => messages.map(message => `${JSON.stringify(message)}\n`).join('')

describe('gs connect --script', () => {
  test.each(['ndjson', 'length-prefixed'])('sends a script and prints what comes back (%s)', async framing => {
    const {port} = await gameServer()
    const input = lines(
      {type: 'chat', roomId: 7, message: 'hi\u009b', seq: 1},
      {type: 'game_start', roomId: 7, game: 'relay', seq: 2},
      {type: 'game_action', roomId: 7, action: {x: 1}},
      {type: 'dance', seq: 3},
      {type: 'leave_room', roomId: 7, seq: 4},
    )
    const {code, frames, stdout, stderr} = await connect(
      ['--script', `--port=${port}`, '--user=5', '--nickname=Eve', '--room=7', '--room=8', `--framing=${framing}`],
      {input},
    )
    expect({code, stderr}).toEqual({code: 0, stderr: ''})
    expect(frames[0]).toMatchObject({type: 'welcome', userId: 5})
    expect(frames.filter(({type}) => type === 'room_joined').map(({roomId}) => roomId)).toEqual([7, 8])
    expect(frames).toContainEqual(expect.objectContaining({type: 'chat', userId: 5, message: 'hi\u009b'}))
    expect(frames).toContainEqual(expect.objectContaining({type: 'game_action', action: {x: 1}}))
    expect(frames).toContainEqual(expect.objectContaining({type: 'error', code: 'unknown_type', seq: 3}))
    expect(frames).toContainEqual(expect.objectContaining({type: 'room_left', seq: 4}))
    expect(stdout).toContain('hi\\u009b')
  })

  test('reads rooms and the port from the environment', async () => {
    const {port} = await gameServer()
    const env = {GS_CONNECT_PORT: String(port), GS_CONNECT_USER: '5', GS_CONNECT_ROOM: '7,8'}
    const {code, frames} = await connect(['--script'], {env})
    expect(code).toBe(0)
    expect(frames.map(({type}) => type)).toEqual(['welcome', 'room_joined', 'room_joined'])
  })

  test('a faulty line ends with status 1, and the others are sent', async () => {
    const {port} = await gameServer()
    const {code, frames, stderr} = await connect(['--script', `--port=${port}`, '--user=5'], {
      input: `nonsense\n${lines({type: 'list_rooms', seq: 1})}`,
    })
    expect(code).toBe(1)
    expect(stderr).toMatch(/^gs: line 1: not JSON: /)
    expect(frames.at(-1)).toMatchObject({type: 'room_list', seq: 1})
  })

  test('--json is the same, and says errors on stdout, too', async () => {
    const {port} = await gameServer()
    const {code, frames} = await connect(['--json', `--port=${port}`, '--user=5', '--room=7'])
    expect({code, types: frames.map(({type}) => type)}).toEqual({code: 0, types: ['welcome', 'room_joined']})
    const child = spawn(process.execPath, [program, 'connect', '--json', '--user=5', `--port=${await unusedPort()}`])
    onTestFinished(() => void child.kill('SIGKILL'))
    const [stdout] = await Promise.all([text(child.stdout), once(child, 'exit')])
    expect(JSON.parse(stdout)).toMatchObject({error: {code: 'server_unreachable'}})
  })

  test('nobody there ends with status 5', async () => {
    const port = await unusedPort()
    const {code, stdout, stderr} = await connect(['--script', `--port=${port}`])
    expect({code, stdout}).toEqual({code: 5, stdout: ''})
    expect(stderr).toContain(`no server answers at 127.0.0.1:${port}: connection refused`)
  })

  test('a server that turns the user away ends with status 1 and says why', async () => {
    const secretFile = privateFile(tempFolder(), 'secret', 'x'.repeat(32))
    const {port} = await gameServer({auth: {mode: 'token', secretFile}})
    const {code, stderr} = await connect(['--script', `--port=${port}`, '--user=5'], {env: {GS_TOKEN: 'a.b.c'}})
    expect(code).toBe(1)
    expect(stderr).toContain('(auth_failed)')
  })

  test('a token comes from a file', async () => {
    const folder = tempFolder()
    const secretFile = privateFile(folder, 'secret', 'x'.repeat(32))
    const {port} = await gameServer({auth: {mode: 'token', secretFile}})
    const child = spawn(process.execPath, [program, 'token', 'issue', '42', `--secret-file=${secretFile}`])
    const [token] = await Promise.all([text(child.stdout), once(child, 'exit')])
    const tokenFile = privateFile(folder, 'token', token)
    const {code, frames} = await connect(['--script', `--port=${port}`, `--token-file=${tokenFile}`])
    expect(code).toBe(0)
    expect(frames[0]).toMatchObject({type: 'welcome', userId: 42})
  })

  test.each([
    [['--script', '--user=0'], '--user'],
    [['--script', '--room=x'], '--room'],
    [['--script', '--framing=xml'], '--framing'],
    [['--linger=1s'], '--script'],
    [['--script', '--token-file=/nowhere/at/all'], 'cannot read the token'],
    [[], 'use --script'],
  ])('%j is bad usage', async (args, words) => {
    const {code, stderr} = await connect(args)
    expect(code).toBe(2)
    expect(stderr).toContain(words)
  })

  test('a reader that leaves ends it silently', async () => {
    const {port} = await gameServer()
    const child = spawn(process.execPath, [program, 'connect', '--script', `--port=${port}`, '--user=5', '--room=7'])
    onTestFinished(() => {
      child.kill('SIGKILL')
    })
    await once(child.stdout, 'data')
    child.stdout.destroy()
    child.stdin.write(lines({type: 'chat', roomId: 7, message: 'x'}))
    const [stderr] = await Promise.all([text(child.stderr), once(child, 'exit')])
    expect({code: child.exitCode, stderr}).toEqual({code: 0, stderr: ''})
  })
})

const noTmux = whyNoTmux()

describe.skipIf(noTmux)(`gs connect in a terminal${noTmux ? ` (skipped: ${noTmux})` : ''}`, () => {
  const command = (port: number, ...args: string[]) =>
    `${process.execPath} ${program} connect --port ${port} ${args.join(' ')}; echo "status=$?"`

  test('two people chat and play tictactoe to the end, and their terminals are as before', async () => {
    const {port} = await gameServer()
    const terminals = new TmuxTerminals()
    const ann = await terminals.open({name: 'ann', columns: 80, rows: 24})
    const bob = await terminals.open({name: 'bob', columns: 40, rows: 12})
    await ann.enter(command(port, '--user 2 --nickname Ann --room 7'))
    await ann.shows('alone so far')
    await bob.enter(command(port, '--user 3 --room 7'))
    await ann.shows('user 3 joined')
    await bob.shows('You are in room 7 with Ann')

    await ann.enter('hello 日本')
    await bob.shows('Ann: hello 日本')
    await ann.enter('/start tictactoe')
    const turns = [
      [ann, '1'],
      [bob, '4'],
      [ann, '2'],
      [bob, '5'],
      [ann, '3'],
    ] as const
    for (const [player, field] of turns) {
      await player.shows('your turn')
      await player.enter(field)
      await player.shows(/\[[XO]\]/)
    }
    expect(await ann.shows('tictactoe: you won')).toContain(' X │ X │[X]')
    expect(await bob.shows('tictactoe: Ann won')).toContain(' X │ X │[X]')

    await bob.resize(60, 20)
    await bob.shows('───┼───┼───')
    await ann.enter('/quit')
    await ann.shows('status=0')
    await bob.shows('Ann left')
    await bob.press('C-c')
    await bob.shows('status=0')
    for (const terminal of [ann, bob]) {
      expect(await terminal.property('alternate_on')).toBe('0')
      expect(await terminal.property('cursor_flag')).toBe('1')
      await terminal.enter('stty -a')
      await terminal.shows(/\bicanon\b/)
    }
  })

  test('a server that closes for a fault leaves a whole terminal, words and status 1', async () => {
    const {port} = await gameServer()
    const terminal = await new TmuxTerminals().open({name: 'ann', columns: 100, rows: 24})
    await terminal.enter(command(port, '--user 2 --room 7'))
    await terminal.shows('alone so far')
    const other = await GsClient.connect({port, userId: 2})
    onTestFinished(() => other.close())
    expect(await terminal.shows('status=1')).toContain('(replaced)')
    expect(await terminal.property('alternate_on')).toBe('0')
  })

  test('SIGTERM leaves a whole terminal, and ends with 143', async () => {
    const {port} = await gameServer()
    const terminal = await new TmuxTerminals().open({name: 'ann', columns: 100, rows: 24})
    const pidFile = join(tempFolder(), 'pid')
    const watched = `${process.execPath} ${program} connect --port ${port} --user 2 --room 7`
    await terminal.enter(`sh -c 'echo $$ > ${pidFile}; exec ${watched}'; echo status=$?`)
    await terminal.shows('alone so far')
    process.kill(Number(readFileSync(pidFile, 'utf8')), 'SIGTERM')
    await terminal.shows('status=143')
    expect(await terminal.property('alternate_on')).toBe('0')
  })

  test('without colour and UTF-8 it works as well', async () => {
    const {port} = await gameServer()
    const env = {NO_COLOR: '1', LC_ALL: 'C'}
    const terminal = await new TmuxTerminals().open({name: 'ann', columns: 80, rows: 24, env})
    const bob = await GsClient.connect({port, userId: 3, nickname: 'Bob'})
    onTestFinished(() => bob.close())
    await bob.joinRoom(7)
    await terminal.enter(command(port, '--user 2 --room 7'))
    await terminal.shows('You are in room 7 with Bob')
    await bob.chat(7, 'grüß')
    await terminal.shows('Bob: gr\\u{fc}\\u{df}')
    await terminal.enter('/start tictactoe')
    await terminal.shows('---+---+---')
    await terminal.press('C-d')
    await terminal.shows('status=0')
  })

  test('no server is told before the screen is taken', async () => {
    const terminal = await new TmuxTerminals().open({name: 'ann', columns: 80, rows: 24})
    await terminal.enter(command(await unusedPort(), '--user 2'))
    expect(await terminal.shows('status=5')).toContain('connection refused')
  })
})
