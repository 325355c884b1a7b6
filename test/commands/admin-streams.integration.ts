import {describe, expect, test} from 'vitest'
import {rawConnection} from '../helpers/admin-socket.js'
import {adminWorld} from '../helpers/admin-world.js'
import {Program, programPath, runProgram} from '../helpers/program.js'
import {until} from '../helpers/until.js'

const picky = `
export default {name: 'picky', setup(host) {
  host.hook('beforeMessage', ({message}) => {
    if (message.type !== 'chat') return
    host.log[message.message.length > 9 ? 'warn' : 'info']({size: message.message.length}, 'chat\\u001b[31m')
    if (!message.message.includes('darn')) return
    throw Object.assign(new Error('mind your words'), {
      [Symbol.for('gs.error')]: true, code: 'content_rejected', rule: 'words', hint: undefined, then: 'answer',
    })
  })
}}`

function pickyWorld(more: readonly string[] = []) {
  return adminWorld({files: {'picky.mjs': picky}, args: ['--plugins', './picky.mjs', ...more]})
}

function lines({stdout}: {stdout: string}): string[] {
  return stdout.split('\n').slice(0, -1)
}

describe('gs logs', () => {
  test('shows the last lines of a severity, one an object with --json', async () => {
    const {gs, user} = await pickyWorld()
    const client = await user(1, {rooms: [7]})
    for (const message of ['short', 'a long message', 'tiny']) {
      client.send({type: 'chat', roomId: 7, message})
      await client.take('chat')
    }
    const [all, warn, two, none, json] = await Promise.all([
      gs('logs'),
      gs('logs --level warn'),
      gs('logs -n 2'),
      gs('logs -n 0'),
      gs('logs --json --level warn'),
    ])
    expect(all).toMatchObject({status: 0, stderr: ''})
    expect(lines(all)).toEqual([
      expect.stringMatching(/^\d\d:\d\d:\d\d\.\d{3}Z INFO {2}ready url=gs:\/\/127\.0\.0\.1:\d+ /),
      expect.stringMatching(/Z INFO {2}chat\\u001b\[31m .*size=5/),
      expect.stringMatching(/Z WARN {2}chat\\u001b\[31m .*size=14/),
      expect.stringMatching(/Z INFO {2}chat\\u001b\[31m .*size=4/),
    ])
    expect(lines(warn)).toEqual([expect.stringContaining('size=14')])
    expect(lines(two)).toEqual([expect.stringContaining('size=14'), expect.stringContaining('size=4')])
    expect(none).toEqual({status: 0, stdout: '', stderr: ''})
    expect(lines(json).map(line => JSON.parse(line))).toEqual([
      {
        time: expect.stringMatching(/^\d{4}-.*Z$/),
        level: 'warn',
        // The log knows nothing but what is safe to show.
        message: 'chat\\u001b[31m',
        fields: {plugin: 'picky', size: 14},
      },
    ])
    for (const wrong of ['logs -n -1', 'logs -n 1001', 'logs --level loud']) {
      expect(await gs(wrong)).toMatchObject({status: 2, stdout: ''})
    }
  })

  test('--follow goes on, ends without a word with the server, or when its reader leaves', async () => {
    const {gs, user, cwd, runtimeDir, server} = await pickyWorld()
    const client = await user(1, {rooms: [7]})
    const following = new Program(['logs', '-f', '-n', '1'], {cwd, runtimeDir})
    const leaving = new Program([], {cwd, runtimeDir, before: `"$0" ${programPath} logs -f | head -1; exit`})
    await until(() => following.stdout.includes('ready') && leaving.stdout.includes('ready'), 'no first line')
    // It learns that nobody reads on when it has something to say.
    const talking = setInterval(() => client.send({type: 'chat', roomId: 7, message: 'more'}), 20)
    await until(() => following.stdout.includes('size=4'), 'no second line')
    await leaving.ended()
    clearInterval(talking)
    expect(lines(leaving)).toHaveLength(1)
    expect(leaving.stderr).toBe('')
    await gs('stop')
    await server.ended()
    expect(await following.ended()).toMatchObject({code: 0})
    expect(following.stderr).toBe('')
  })
})

describe('gs trace', () => {
  test('shows the messages of a user, room or address, refused ones too, and nothing of what they say', async () => {
    const {cwd, runtimeDir, user} = await pickyWorld()
    const client = await user(1, {nickname: 'ann', rooms: [7]})
    const trace = (...args: string[]) => new Program(['trace', ...args, '--for', '2500ms'], {cwd, runtimeDir})
    const filters = [
      ['--user', '1'],
      ['--room', '7'],
      ['--ip', '127.0.0.1'],
      ['--ip', '::ffff:127.0.0.1'],
    ]
    const inWords = filters.map(filter => trace(...filter))
    const inJson = trace('--user', '1', '--json')
    const all = [...inWords, inJson]
    // Nothing says that a trace has begun but its first event.
    while (!all.every(({stdout}) => stdout.includes('chat'))) {
      client.send({type: 'chat', roomId: 7, message: 'secret'})
      await client.take('chat')
    }
    client.send({type: 'chat', roomId: 7, message: 'secret darn', seq: 1})
    await client.take('error')
    client.write('{"type":"chat","roomId":7,"secret"\n')
    await client.take('error')
    for (const program of all) {
      expect(await program.ended()).toMatchObject({code: 0})
      expect(program.stderr).toBe('')
      expect(program.stdout).not.toMatch(/secret|darn|ann/)
    }
    for (const program of inWords) {
      const shown = lines(program)
      expect(shown[0]).toMatch(
        /^\d\d:\d\d:\d\d\.\d{3}Z user=1 room=7 chat 45 B ok total=\d+\.\dµs picky\.beforeMessage=\d+\.\dµs$/,
      )
      expect(shown).toContainEqual(expect.stringMatching(/ chat 58 B refused: content_rejected by words total=/))
      // What was not understood belongs to no room.
      expect(program.stdout.includes('not understood')).toBe(program !== inWords[1])
    }
    const events = lines(inJson).map(line => JSON.parse(line))
    expect(events).toContainEqual({
      time: expect.any(String),
      userId: 1,
      address: '127.0.0.1',
      roomId: 7,
      type: 'chat',
      sizeBytes: 58,
      error: 'content_rejected',
      rule: 'words',
      durationMs: expect.any(Number),
      hooks: [{plugin: 'picky', hook: 'beforeMessage', durationMs: expect.any(Number)}],
    })
    expect(events).toContainEqual(expect.objectContaining({type: null, roomId: null, error: 'bad_message'}))
  })

  test('needs one filter, and shows only what passes it', async () => {
    const {gs, user} = await pickyWorld()
    const mistakes = ['', '--user 1 --room 7', '--user 1 --room 7 --ip 127.0.0.1', '--ip nope', '--user 0']
    const times = ['--user 1 --for 0s', '--user 1 --for 61m']
    for (const mistake of [...mistakes, ...times]) {
      const {status, stdout, stderr} = await gs(`trace ${mistake}`.trim())
      expect({status, stdout}).toEqual({status: 2, stdout: ''})
      expect(stderr).toMatch(/^gs: /)
    }
    const client = await user(1, {rooms: [7]})
    const quiet = ['--user 2', '--room 8', '--ip 127.0.0.2'].map(filter => gs(`trace ${filter} --for 700ms`))
    const talking = setInterval(() => client.send({type: 'chat', roomId: 7, message: 'x'}), 20)
    for (const result of await Promise.all(quiet)) expect(result).toEqual({status: 0, stdout: '', stderr: ''})
    clearInterval(talking)
  })
})

test('operators who ask and do not read disturb no game', async () => {
  const {user, socket, client: admin} = await pickyWorld()
  const get = (path: string) => `GET ${path} HTTP/1.1\r\nhost: gs\r\n\r\n`
  const streams = ['/v1/logs?follow=true&lines=1000', '/v1/trace?room=7&forMs=60000', '/v1/logs?follow=true']
  for (const path of streams) rawConnection(socket, get(path)).socket.pause()
  // One that says nothing, one that stops half-way, one that talks nonsense.
  for (const bytes of ['', 'GET /v1/st', '\0\0\0\u0005hello']) rawConnection(socket, bytes)
  const [ann, bob] = [await user(1, {rooms: [7]}), await user(2, {rooms: [7]})]
  const COUNT = 2000
  for (let index = 0; index < COUNT; index += 1) {
    ann.send({type: 'chat', roomId: 7, message: `message ${index}`})
    expect((await bob.take('chat')).message).toBe(`message ${index}`)
  }
  expect((await admin.request<{users: number}>({path: '/v1/status'})).users).toBe(2)
  expect((await admin.request<{ready: boolean}>({path: '/v1/ready'})).ready).toBe(true)
})

test.each(['logs --follow', 'trace --user 7', 'top --batch', 'status'])(
  'a failure of gs %s --json is one line',
  async command => {
    const {status, stdout} = await runProgram([...command.split(' '), '--json'], {})
    expect(status).toBe(5)
    expect(stdout).toMatch(/^.+\n$/)
    expect(JSON.parse(stdout)).toMatchObject({error: {code: 'server_unreachable'}})
  },
)
