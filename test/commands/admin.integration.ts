import {readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import type {Listing} from '../../src/contract/admin.js'
import {sortKeys} from '../../src/util/listing-columns.js'
import {adminWorld} from '../helpers/admin-world.js'
import {runProgram} from '../helpers/program.js'
import {tempFolder} from '../helpers/temp-folder.js'
import {until} from '../helpers/until.js'

describe('gs status', () => {
  test('tells of one server in lines, and with --json the data itself', async () => {
    const {server, gs, json, user, port, socket} = await adminWorld({args: ['--name', 'one']})
    await user(1, {rooms: [7, 8]})
    const {status, stdout, stderr} = await gs('status')
    expect({status, stderr}).toEqual({status: 0, stderr: ''})
    expect(stdout).toMatch(/^name {9}one\nstate {8}running\nversion {6}\d.*\npid {10}\d+\nuptime {7}\d+(ms|s)\n/)
    expect(stdout).toContain(`\naddress      gs://127.0.0.1:${port}\nsocket       ${socket}\nconnections  1\n`)
    expect(stdout).toMatch(/\nrooms {8}2\nmemory {7}\d+\.\d MB\nunsent {7}0 B\nstore {8}not in use\nplugins {6}none\n$/)
    expect(await json('status')).toMatchObject({
      name: 'one',
      pid: server.child.pid,
      port,
      socket,
      state: 'running',
      overload: null,
      users: 1,
      rooms: 2,
      plugins: [],
      startedAt: expect.stringMatching(/^\d{4}-.*Z$/),
      memoryUsageMb: expect.any(Number),
    })
  })

  test('tells of several in a table; others must say which, by flag or variable', async () => {
    const one = await adminWorld({args: ['--name', 'one']})
    const {runtimeDir} = one
    const two = await adminWorld({args: ['--name', 'two'], runtimeDir})
    const [all, data, named, variable, ambiguous] = await Promise.all([
      one.gs('status'),
      one.json('status') as Promise<{name: string}[]>,
      one.gs('status --name two'),
      one.gs('status', {runtimeDir, env: {GS_NAME: 'two', GS_SOCKET: ''}}),
      one.gs('stop'),
    ])
    const lines = all.stdout.trimEnd().split('\n')
    expect(lines.map(line => line.split(/ {2,}/)[0])).toEqual(['NAME', 'one', 'two'])
    expect(lines[0]).toBe(lines[0]?.toUpperCase())
    expect(lines[2]).toContain(`gs://127.0.0.1:${two.port}`)
    expect(data.map(({name}) => name)).toEqual(['one', 'two'])
    expect(named.stdout).toMatch(/^name +two\n/)
    expect(variable.stdout).toMatch(/^name +two\n/)
    expect(ambiguous).toMatchObject({status: 2, stdout: ''})
    expect(ambiguous.stderr).toBe(
      `gs: 2 servers are running: one (${one.socket}), two (${two.socket})\nhint: Say which with --name or GS_NAME.\n`,
    )
    expect(await one.gs('stop', {runtimeDir, env: {GS_NAME: 'two'}})).toMatchObject({status: 0})
    expect(await two.server.ended()).toMatchObject({code: 0})
    expect(await one.gs('status')).toMatchObject({status: 0, stdout: expect.stringMatching(/^name +one\n/)})
  })

  test('tells of those that answer although another one hangs', async () => {
    const {server, gs, runtimeDir, socket} = await adminWorld({args: ['--name', 'one']})
    const two = await adminWorld({args: ['--name', 'two'], runtimeDir})
    server.signal('SIGSTOP')
    const {status, stdout, stderr} = await two.gs('status --timeout 200ms')
    expect({status, stderr}).toEqual({status: 5, stderr: `gs: the server at ${socket} did not answer within 200ms\n`})
    expect(stdout).toMatch(/^name +two\n/)
    const json = await two.gs('status --timeout 200ms --json')
    expect(JSON.parse(json.stdout)).toMatchObject([{name: 'two'}])
    two.server.signal('SIGSTOP')
    expect(await gs('status --timeout 200ms')).toMatchObject({status: 5, stdout: ''})
  })
})

describe('the end of a server', () => {
  test('by stop: clients are told, and the command waits until it is gone', async () => {
    const {server, gs, user} = await adminWorld()
    const client = await user(1)
    const {status, stdout, stderr} = await gs('stop')
    expect({status, stderr}).toEqual({status: 0, stderr: ''})
    expect(stdout).toMatch(/^stopped after \d+ ms\n$/)
    expect(await client.take('goodbye')).toMatchObject({reason: 'server_shutdown', retryAfterMs: expect.any(Number)})
    expect(await server.ended()).toMatchObject({code: 0})
    expect(await gs('stop')).toMatchObject({status: 5, stderr: expect.stringContaining('no server is running')})
  })

  test('by drain: it takes nobody in, and closes one by one over the time', async () => {
    const {server, gs, user, socket} = await adminWorld()
    const clients = await Promise.all([1, 2, 3, 4].map(userId => user(userId)))
    const draining = gs('drain --for 2s --json')
    await until(() => clients.some(({isClosed}) => isClosed), 'nobody was closed')
    expect(clients.every(({isClosed}) => isClosed)).toBe(false)
    await expect(user(5)).rejects.toThrow()
    expect((await gs(['status', '--socket', socket])).stdout).toMatch(/\nstate +draining\n/)
    const {status, stdout} = await draining
    expect(status).toBe(0)
    expect(JSON.parse(stdout)).toEqual({stopped: true, tookMs: expect.any(Number)})
    for (const client of clients) expect((await client.take('goodbye')).reason).toBe('server_shutdown')
    expect(await server.ended()).toMatchObject({code: 0})
  })

  test('is not begun by a mistake on the command line', async () => {
    const runtimeDir = tempFolder()
    const mistakes = ['drain', 'drain --for 0s', 'drain --for 2d', 'drain --for soon', 'stop --wait 10']
    const results = await Promise.all(mistakes.map(mistake => runProgram(mistake.split(' '), {runtimeDir})))
    for (const {status, stdout, stderr} of results) {
      expect({status, stdout}).toEqual({status: 2, stdout: ''})
      expect(stderr).toMatch(/^gs: .*--(for|wait).*\nhint: .*\n$/)
    }
  })
})

test('gs reload applies what is live, names what waits, and a bad file changes nothing', async () => {
  const first = {'gs.config.json': '{"server": {"maxRooms": 1}}'}
  const {cwd, gs, json, user} = await adminWorld({files: first})
  const configure = (content: string) => writeFileSync(join(cwd, 'gs.config.json'), content)
  const client = await user(1, {rooms: [1]})
  expect((await gs('reload')).stdout).toBe('in force: nothing changed\n')

  configure('{"server": {"maxRooms": "many"}}')
  const bad = await gs('reload')
  expect(bad).toMatchObject({status: 2, stdout: ''})
  expect(bad.stderr).toMatch(/^gs: .*server\.maxRooms/)
  client.send({type: 'join_room', roomId: 2})
  expect(await client.take('error')).toMatchObject({code: 'limit_reached'})

  configure('{"server": {"maxRooms": 3, "maxConnections": 20}, "name": "other"}')
  const good = await gs('reload')
  expect(good.status).toBe(0)
  expect(good.stdout).toMatch(/^in force: .*server\.maxRooms.*\nneeds a restart: .*name\n$/)
  client.send({type: 'join_room', roomId: 2})
  await client.take('room_joined')
  expect(await json('reload')).toEqual({
    file: join(cwd, 'gs.config.json'),
    applied: [],
    needRestart: expect.arrayContaining(['name']),
  })
})

describe('rooms and users', () => {
  test('are listed and shown, names are safe and straight', async () => {
    const {gs, json, user} = await adminWorld()
    const ann = await user(1, {nickname: 'ann', rooms: [7, 8]})
    await user(2, {nickname: '日本語', rooms: [7]})
    await user(3, {nickname: 'a\u200db"\\', rooms: [7]})
    ann.send({type: 'game_start', roomId: 7, game: 'tictactoe'})
    await ann.take('game_started')

    const [rooms, room, users, one] = await Promise.all([gs('room'), gs('room show 7'), gs('user'), gs('user show 1')])
    expect(rooms.stdout).toMatch(
      /^ROOM {2}USERS {2}GAME {7}STATE {4}CREATED +ACTIVE\n {3}7 {6}3 {2}tictactoe {2}playing {2}.* ago\n {3}8 {6}1 {2}- {10}- /,
    )
    expect(room.stdout).toMatch(
      /^room id +7\nuser count +3\ngame +tictactoe\n[\s\S]*\nplayers +1, 2\n[\s\S]*\n\nUSER {2}NAME/,
    )
    expect(users.stdout).toContain('   2  日本語      127.0.0.1')
    expect(users.stdout).toContain('   3  a\\u200db"\\  127.0.0.1')
    expect(one.stdout).toMatch(
      /^user id {7}1\nnickname {6}ann\n[\s\S]*\nguest +no\n[\s\S]*\nroom ids +7, 8\nbytes in +\d+ B/,
    )

    expect(await json('room')).toEqual([
      expect.objectContaining({roomId: 7, userCount: 3, game: 'tictactoe', gameState: 'playing'}),
      expect.objectContaining({roomId: 8, userCount: 1, game: null, gameState: null}),
    ])
    expect(await json('room show 7')).toMatchObject({roomId: 7, players: [1, 2], members: [{userId: 1}, {}, {}]})
    expect(await json('user show 3')).toMatchObject({userId: 3, nickname: 'a\u200db"\\', isGuest: false, roomIds: [7]})
  })

  test('are closed, kicked and told; every id is tried', async () => {
    const {gs, json, user} = await adminWorld()
    const [ann, bob, eve] = [await user(1, {rooms: [7]}), await user(2, {rooms: [7]}), await user(3, {rooms: [8]})]
    expect(await gs(['notice', 'Restart at ten.'])).toMatchObject({status: 0, stdout: 'told 3 users\n'})
    for (const client of [ann, bob, eve]) {
      expect(await client.take('notice')).toEqual({type: 'notice', message: 'Restart at ten.'})
    }
    expect(await gs('notice --room 8 hi')).toMatchObject({status: 0, stdout: 'told 1 user\n'})
    expect(await eve.take('notice')).toMatchObject({message: 'hi'})

    const kick = await gs(['user', 'kick', '99', '1', '98', '2', '1', '--message', 'Be kind.'])
    expect(kick).toEqual({
      status: 3,
      stdout: 'user 99 is not connected\nkicked user 1\nuser 98 is not connected\nkicked user 2\n',
      stderr: '',
    })
    expect(await ann.take('goodbye')).toMatchObject({reason: 'kicked', message: 'Be kind.'})
    const again = await gs('user kick 2 --json')
    expect(again.status).toBe(3)
    expect(JSON.parse(again.stdout)).toEqual([{userId: 2, kicked: false}])

    expect(await gs(['room', 'close', '8', '--message', 'Bye.'])).toMatchObject({
      status: 0,
      stdout: 'closed room 8, which had 1 member\n',
    })
    expect(await eve.take('room_closed')).toMatchObject({roomId: 8, message: 'Bye.'})
    expect(await json('user kick 3')).toEqual([{userId: 3, kicked: true}])
  })

  test('that are not there end with 3, what is no id with 2', async () => {
    const {gs} = await adminWorld()
    const missing = ['room show 9', 'room close 9', 'user show 9', 'user kick 9', 'notice --room 9 hi']
    for (const {status, stdout, stderr} of await Promise.all(missing.map(command => gs(command)))) {
      expect(status).toBe(3)
      expect(stdout + stderr).toMatch(
        /^gs: there is no (room|connected user) 9\nhint: .*\n$|^user 9 is not connected\n$/,
      )
    }
    const wrong = ['room show 0', 'room show x', 'user show 4294967296', 'user kick 1 x', 'user kick', 'notice']
    const long = ['notice', 'x'.repeat(1001)]
    for (const {status, stdout, stderr} of await Promise.all([...wrong, long].map(command => gs(command)))) {
      expect({status, stdout}).toEqual({status: 2, stdout: ''})
      expect(stderr).toMatch(/^gs: .*\nhint: .*\n$/)
    }
    expect(await gs(['notice', '😀'.repeat(1000)])).toMatchObject({status: 0, stdout: 'told 0 users\n'})
    const json = await gs('room show 9 --json')
    expect(json).toMatchObject({status: 3, stderr: ''})
    const hint = '"gs room" lists those there are.'
    expect(JSON.parse(json.stdout)).toEqual({error: {code: 'not_found', message: 'there is no room 9', hint}})
  })
})

describe('a list', () => {
  test('of nothing is its title, or []', async () => {
    const {gs} = await adminWorld()
    for (const command of ['room', 'user', 'closed --reason kicked', 'plugin']) {
      const [words, json] = await Promise.all([gs(command), gs(`${command} --json`)])
      expect(words).toMatchObject({status: 0, stderr: ''})
      expect(words.stdout).toMatch(/^[A-Z ]+\n$/)
      expect(json).toEqual({status: 0, stdout: '[]\n', stderr: ''})
    }
  })

  test('sorts by every column it prints, both ways, and is cut on the server', async () => {
    const {gs, json, user, client} = await adminWorld()
    await user(1, {nickname: 'b', rooms: [3]})
    await user(2, {nickname: 'a', rooms: [3, 4]})
    await user(3, {rooms: []})
    const closed = await user(4, {nickname: 'd'})
    closed.socket.end()
    await closed.closed
    for (const [name, command] of [
      ['rooms', 'room'],
      ['users', 'user'],
      ['closed', 'closed'],
    ] as const) {
      const header = (await gs(command)).stdout.split('\n')[0]?.trim().split(/ +/)
      expect(header?.map(title => title.toLowerCase())).toEqual(sortKeys(name))
      const path = `/v1/${name}`
      for (const sort of sortKeys(name)) {
        const there = await client.request<Listing<object>>({path, query: {sort}})
        const back = await client.request<Listing<object>>({path, query: {sort, reverse: true}})
        expect(there.items.length).toBeGreaterThan(1)
        expect(back).toEqual({items: there.items.toReversed(), total: there.total})
      }
    }
    expect(await json('user --sort name')).toMatchObject([{nickname: 'a'}, {nickname: 'b'}, {nickname: null}])
    expect(await json('room --sort room --limit 1')).toMatchObject([{roomId: 4}])
    expect((await gs('user --limit 2')).stdout).toMatch(/\n2 of 3; --limit shows more\n$/)
    for (const command of ['room --sort nope', 'user --sort room', 'closed --limit 0', 'room --limit x']) {
      expect(await gs(command)).toMatchObject({status: 2, stdout: ''})
    }
  })

  test('of closed connections tells why each ended, newest first', async () => {
    const {gs, json, user} = await adminWorld()
    const leaving = await user(1, {nickname: 'ann'})
    await user(2)
    await gs('user kick 2')
    leaving.socket.end()
    await leaving.closed
    const {stdout} = await gs('closed')
    expect(stdout).toMatch(/^CLOSED +REASON +USER +NAME +ADDRESS +LASTED +MESSAGES +IN +OUT +UNSENT\n/)
    expect(stdout).toMatch(/\n\d+m?s ago +client_closed +1 +ann +127\.0\.0\.1 .* B\n\d+m?s ago +kicked +2 +- /)
    expect(await json('closed --reason kicked')).toMatchObject([{userId: 2, reason: 'kicked', messages: 0}])
    expect(await json('closed --user 1')).toMatchObject([{userId: 1, nickname: 'ann', reason: 'client_closed'}])
    expect(await json('closed --user 1 --reason kicked')).toEqual([])
    expect(await gs('closed --reason boredom')).toMatchObject({status: 2})
  })
})

test('a command loads no configuration: a broken file beside it harms nobody', async () => {
  const {gs, runtimeDir} = await adminWorld()
  const cwd = tempFolder({'gs.config.json': '{"nonsense'})
  expect(await gs('status', {cwd, runtimeDir})).toMatchObject({status: 0, stderr: ''})
})

test('two gs reload at once run one after the other, and the newest file is in force', async () => {
  // A module that notes when it begins and ends to load, and may wait for a file in between.
  const module = (maxRooms: number, waitsFor?: string) => `import {appendFileSync, existsSync} from 'node:fs'
    const note = words => appendFileSync('loads.txt', words + ' ${maxRooms}\\n')
    note('begin')
    ${waitsFor ? `while (!existsSync('${waitsFor}')) await new Promise(resolve => setTimeout(resolve, 2))` : ''}
    note('end')
    export default {server: {maxRooms: ${maxRooms}}}`
  const {cwd, gs, client, user} = await adminWorld({files: {'gs.config.mjs': module(1)}})
  const configure = (content: string) => writeFileSync(join(cwd, 'gs.config.mjs'), content)
  const loads = () => readFileSync(join(cwd, 'loads.txt'), 'utf8')

  configure(module(2, 'go'))
  const earlier = gs('reload')
  await until(() => loads().includes('begin 2'), 'the first reload')
  configure(module(3))
  const later = client.request({method: 'POST', path: '/v1/reload'})
  // Time enough for a reload that does not wait.
  for (let count = 0; count < 20; count += 1) await client.request({method: 'GET', path: '/v1/status'})
  writeFileSync(join(cwd, 'go'), '')
  expect((await earlier).stdout).toMatch(/^in force: server\.maxRooms/)
  expect(await later).toMatchObject({applied: ['server.maxRooms']})
  expect(loads()).toBe(['begin 1', 'end 1', 'begin 2', 'end 2', 'begin 3', 'end 3', ''].join('\n'))

  const player = await user(1, {rooms: [1, 2, 3]})
  player.send({type: 'join_room', roomId: 4})
  expect(await player.take('error')).toMatchObject({code: 'limit_reached'})
})
