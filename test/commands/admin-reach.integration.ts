import {chmodSync, rmSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {adminWorld} from '../helpers/admin-world.js'
import {Program, programPath, runProgram} from '../helpers/program.js'
import {tempFolder} from '../helpers/temp-folder.js'
import {until} from '../helpers/until.js'

describe('a server that cannot be reached ends with 5 and words of its own:', () => {
  test('none runs, or none of that name, or none at that path', async () => {
    const runtimeDir = tempFolder({'plain.txt': ''})
    const gs = (...args: string[]) => runProgram(args, {runtimeDir})
    const [none, json, named, path, file] = await Promise.all([
      gs('status'),
      gs('room', '--json'),
      gs('user', '--name', 'nope'),
      gs('logs', '--socket', join(runtimeDir, 'no.sock')),
      gs('stop', '--socket', join(runtimeDir, 'plain.txt')),
    ])
    expect(none).toEqual({
      status: 5,
      stdout: '',
      stderr: expect.stringMatching(/^gs: no server is running\nhint: "gs serve" starts one\..*\n$/),
    })
    expect(json).toMatchObject({status: 5, stderr: ''})
    expect(JSON.parse(json.stdout)).toMatchObject({error: {code: 'server_unreachable'}})
    expect(named).toMatchObject({status: 5, stderr: expect.stringMatching(/^gs: no server named nope is running\n/)})
    expect(path).toMatchObject({
      status: 5,
      stderr: expect.stringMatching(/^gs: no server is running at \/.*no\.sock\n/),
    })
    expect(file).toMatchObject({status: 5, stderr: expect.stringMatching(/^gs: \/.*plain\.txt is not a socket\n/)})
  })

  test('it was killed and left its socket, which the next one takes over', async () => {
    const {server, gs, socket, runtimeDir} = await adminWorld()
    server.signal('SIGKILL')
    await server.ended()
    for (const command of ['status', `status --socket ${socket}`, 'status --name default']) {
      expect(await gs(command)).toEqual({
        status: 5,
        stdout: '',
        stderr: `gs: the server at ${socket} is gone; it did not clean up\nhint: It was killed or crashed. "gs serve" takes its place over.\n`,
      })
    }
    const next = await adminWorld({runtimeDir})
    expect(next.socket).toBe(socket)
    expect(await gs('status')).toMatchObject({status: 0})
  })

  test('it hangs, and --timeout says for how long', async () => {
    const {server, gs} = await adminWorld()
    server.signal('SIGSTOP')
    const [once, stream] = await Promise.all([gs('status --timeout 300ms'), gs('logs --timeout 300ms')])
    for (const {status, stdout, stderr} of [once, stream]) {
      expect({status, stdout}).toEqual({status: 5, stdout: ''})
      expect(stderr).toMatch(/^gs: the server at .* did not answer within 300ms\nhint: .*--timeout/)
    }
    server.signal('SIGCONT')
    expect(await gs('status')).toMatchObject({status: 0})
  })

  test('it dies in the middle of a stream', async () => {
    const {server, cwd, runtimeDir} = await adminWorld()
    const following = new Program(['logs', '--follow'], {cwd, runtimeDir})
    await until(() => following.stdout.includes('ready'), 'no first line')
    server.signal('SIGKILL')
    expect(await following.ended()).toMatchObject({code: 5})
    expect(following.stderr).toMatch(/^gs: .*\n(hint: .*\n)?$/)
    expect(following.stdout).toMatch(/^\S+Z INFO {2}ready .*\n$/)
  })
})

describe('a server of somebody else ends with 4:', () => {
  test('its socket, and its run directory', async ({skip}) => {
    if (process.getuid?.() !== 0) skip('only root can become somebody else')
    const {runtimeDir, socket} = await adminWorld()
    const asNobody = (args: string) =>
      runProgram([], {
        runtimeDir,
        before: `exec setpriv --reuid=65534 --regid=65534 --clear-groups "$0" ${programPath} ${args}`,
        cwd: '/',
      })
    const closed = await asNobody(`status --socket ${socket}`)
    expect(closed).toMatchObject({status: 4, stdout: ''})
    expect(closed.stderr).toMatch(/^gs: you may not open the admin socket .*\nhint: .*\n$/)
    chmodSync(runtimeDir, 0o755)
    chmodSync(join(runtimeDir, 'gs'), 0o755)
    const open = await asNobody(`room close 1 --socket ${socket} --json`)
    expect(JSON.parse(open.stdout)).toMatchObject({error: {code: 'not_permitted'}})
    expect(open.status).toBe(4)
  })

  test('a socket that only reads refuses every action', async () => {
    const folder = tempFolder()
    const readOnlySocket = join(folder, 'read.sock')
    const {user, gs} = await adminWorld({
      files: {'gs.config.json': JSON.stringify({admin: {readOnlySocket}})},
    })
    await user(1, {rooms: [7]})
    const ask = (command: string) => gs([...command.split(' '), '--socket', readOnlySocket])
    for (const command of ['status', 'room', 'room show 7', 'user show 1', 'closed', 'plugin', 'logs']) {
      expect(await ask(command), command).toMatchObject({status: 0, stderr: ''})
    }
    const actions = [
      'room close 7',
      'user kick 1',
      'notice hi',
      'reload',
      'stop',
      'drain --for 1s',
      'plugin enable ./x',
    ]
    for (const command of actions) {
      expect(await ask(command), command).toEqual({
        status: 4,
        stdout: '',
        stderr: 'gs: this socket only reads\nhint: Use the main socket, which its owner may open.\n',
      })
    }
    expect(JSON.parse((await gs('status --json')).stdout)).toMatchObject({state: 'running', users: 1, rooms: 1})
  })
})

describe('where output goes:', () => {
  test('styles only where they are wanted', async () => {
    const {gs, runtimeDir} = await adminWorld()
    const wants = async (env: NodeJS.ProcessEnv) => (await gs('room', {runtimeDir, env})).stdout.includes('\u001b')
    expect(await Promise.all([wants({}), wants({FORCE_COLOR: '1'}), wants({FORCE_COLOR: '0'})])).toEqual([
      false,
      true,
      false,
    ])
    const json = await gs('room --json', {runtimeDir, env: {FORCE_COLOR: '1'}})
    expect(json.stdout).toBe('[]\n')
  })

  test('a terminal gets a bold title unless it asks for none', async ({skip}) => {
    const {gs, runtimeDir, cwd} = await adminWorld()
    if ((await gs('--version', {before: 'command -v script >/dev/null || exit 9'})).status === 9) skip('no script(1)')
    const onTerminal = async (env: string) => {
      const before = `${env} exec script -qec "$0 ${programPath} room" /dev/null`
      return (await runProgram([], {runtimeDir, cwd, before})).stdout
    }
    expect(await onTerminal('TERM=xterm')).toContain('\u001b[1mROOM')
    expect(await onTerminal('TERM=dumb')).not.toContain('\u001b')
    expect(await onTerminal('TERM=xterm NO_COLOR=1')).not.toContain('\u001b')
  })

  test('a reader that leaves is no failure', async () => {
    const {runtimeDir, cwd, user} = await adminWorld()
    for (let userId = 1; userId <= 5; userId += 1) await user(userId)
    const shell = (script: string) =>
      runProgram([], {runtimeDir, cwd, before: `gs() { "$0" ${programPath} "$@"; }; ${script}; exit`})
    const script = 'gs user | true; gs user | head -1; gs user --json | head -1'
    const {stdout, stderr} = await shell(script)
    const lines = stdout.trimEnd().split('\n')
    expect(stderr).toBe('')
    expect(lines).toEqual([expect.stringMatching(/^USER/), '['])
  })
})

test('the run directory is not ours to trust when others may look in', async () => {
  const {gs, runtimeDir} = await adminWorld()
  chmodSync(join(runtimeDir, 'gs'), 0o755)
  const {status, stderr} = await gs('status')
  expect({status, stderr}).toEqual({
    status: 1,
    stderr: expect.stringMatching(
      /^gs: the run directory is not safe: .* has mode 0755, not 0700\nhint: Run: chmod 700 /,
    ),
  })
  chmodSync(join(runtimeDir, 'gs'), 0o700)
  rmSync(join(runtimeDir, 'gs/default.json'))
  expect(await gs('status')).toMatchObject({status: 5})
})
