import {cpSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import type {RealtimeStats, UserAnalytics} from '../../src/contract/analytics.js'
import {type AdminWorld, adminWorld} from '../helpers/admin-world.js'
import {Program, programPath} from '../helpers/program.js'
import {tempFolder} from '../helpers/temp-folder.js'
import {TmuxTerminals, whyNoTmux} from '../helpers/tmux-terminal.js'
import {until} from '../helpers/until.js'

async function talkingWorld(dataDir = join(tempFolder(), 'data')): Promise<AdminWorld & {dataDir: string}> {
  const world = await adminWorld({args: ['--plugins', 'analytics', '--data-dir', dataDir]})
  const one = await world.user(42, {rooms: [7]})
  const two = await world.user(43, {rooms: [7, 8]})
  for (const message of ['a', 'b', 'c']) {
    one.send({type: 'chat', roomId: 7, message})
    await one.take('chat')
  }
  two.send({type: 'chat', roomId: 9, message: 'refused'})
  await two.take('error')
  return {...world, dataDir}
}

function lines({stdout}: {stdout: string}): string[] {
  return stdout.split('\n').slice(0, -1)
}

describe('gs analytics', () => {
  test('tells what happens now', async () => {
    const {gs, json} = await talkingWorld()
    const stats: RealtimeStats = await json('analytics')
    // The program that waited for the server was a user, too.
    expect(stats).toMatchObject({users: 2, activeRooms: 2, eventsDropped: 0, interruptedRun: null})
    expect(stats.busiestRooms[0]).toEqual({roomId: 7, userCount: 2, messages: 5})
    const {status, stdout} = await gs('analytics')
    expect(status).toBe(0)
    expect(stdout).toMatch(/^users {12}2 in 2 rooms\nevents /)
  })

  test('shows users, rooms and rankings, as words and as data', async () => {
    const {gs, json} = await talkingWorld()
    expect(await json('analytics user 42')).toMatchObject({userId: 42, messagesSent: 4, favoriteRooms: {7: 1}})
    expect(await json('analytics room 7')).toMatchObject({roomId: 7, totalSessions: 2, peakUsers: 2, totalMessages: 5})
    expect(await json('analytics rank --by messages --since 1d --limit 1')).toMatchObject({
      by: 'messages',
      entries: [{rank: 1, id: 42, value: 4}],
    })
    expect(await json('analytics rank --by peak --rooms')).toMatchObject({
      since: null,
      entries: [
        {id: 7, value: 2},
        {id: 8, value: 1},
      ],
    })
    const heatmap = (await json('analytics heatmap')) as {cells: number[][]}
    expect(heatmap.cells.map(row => row.length)).toEqual(new Array(7).fill(24))
    expect(await json('analytics retention --weeks 1')).toMatchObject({cohorts: [{users: 3}]})
    expect((await gs('analytics user 42')).stdout).toMatch(/^user {13}42, online\n/)
    expect((await gs('analytics rank --by messages')).stdout).toMatch(/^#\s+USER\s+MESSAGES\s+since ever\n1\s+42\s+4/)
  })

  test('shows events of before, and follows those that come', async () => {
    const {gs, cwd, runtimeDir, user, client} = await talkingWorld()
    const past = lines(await gs('analytics events --user 42 --type room_joined --type room_left --json'))
    expect(past.map(line => JSON.parse(line))).toMatchObject([{type: 'room_joined', userId: 42, roomId: 7}])
    const stored = await gs('analytics events --since 1h --type error')
    expect(lines(stored)).toEqual([
      expect.stringMatching(/Z error {13}userId=43 roomId=9 errorType=not_in_room message="/),
    ])
    const args = ['analytics', 'events', '--follow', '-n', '0', '--room', '5', '--json']
    const tail = new Program(args, {cwd, runtimeDir})
    let readers = 0
    while (readers === 0) readers = (await client.request<RealtimeStats>({path: '/v1/analytics'})).readers
    await user(44, {rooms: [5]})
    await until(() => tail.stdout.split('\n').length > 3, 'events')
    tail.signal('SIGINT')
    const types = lines(tail).map(line => JSON.parse(line).type)
    expect(types).toEqual(['room_created', 'room_joined', 'message_sent'])
  })

  test('forgets somebody who is confirmed to be forgotten', async () => {
    const {gs, json} = await talkingWorld()
    expect(await gs('analytics forget 43')).toMatchObject({status: 2, stdout: ''})
    expect(await json('analytics forget 43 --yes')).toMatchObject({userId: 43})
    expect(await json('analytics user 43')).toMatchObject({messagesSent: 0, totalSessions: 1})
    expect((await gs('analytics forget 999 --yes')).status).toBe(3)
  })

  test('says what is wrong, and by which status', async () => {
    const {gs} = await talkingWorld()
    const wrong: [command: string, status: number, words: string][] = [
      ['user 999', 3, 'know nothing of user 999'],
      ['room 999', 3, 'know nothing of room 999'],
      ['user 0', 2, 'user'],
      ['rank --by wins --rooms', 2, 'rooms are not ranked by wins'],
      ['rank --by peak', 2, 'users are not ranked by peak'],
      ['rank --by luck', 2, 'luck'],
      ['rank --since 7', 2, 'not a duration'],
      ['rank --since 0s', 2, 'at least'],
      ['rank --since 40000d', 2, 'at most'],
      ['heatmap --since -1d', 2, 'since'],
      ['events --type nonsense', 2, 'nonsense'],
      ['--watch', 2, '--watch needs a terminal'],
    ]
    for (const [command, status, words] of wrong) {
      const ran = await gs(`analytics ${command}`)
      expect({command, status: ran.status, stdout: ran.stdout}).toEqual({command, status, stdout: ''})
      expect(ran.stderr, command).toContain(words)
    }
  })

  test('is not there without the plugin, or without a server', async () => {
    const {gs} = await adminWorld()
    expect(await gs('analytics')).toMatchObject({status: 6, stderr: expect.stringContaining('analytics')})
    const alone = await gs('analytics rank', {runtimeDir: tempFolder()})
    expect(alone).toMatchObject({status: 5, stdout: ''})
  })
})

describe('--data-dir', () => {
  test('reads what a server has stored, while it runs and after its end, and changes nothing', async () => {
    const {gs, json, dataDir, server} = await talkingWorld()
    await json('analytics user 42')
    const lonely = {runtimeDir: tempFolder()}
    const read = async (command: string) =>
      JSON.parse((await gs(`analytics ${command} --data-dir ${dataDir} --json`, lonely)).stdout)
    expect((await read('user 42')) as UserAnalytics).toMatchObject({messagesSent: 4, isOnline: true})
    server.signal('SIGTERM')
    await until(() => server.isOver, 'the end')
    expect((await read('user 42')) as UserAnalytics).toMatchObject({messagesSent: 4, isOnline: false})
    expect(await read('room 7')).toMatchObject({totalMessages: 5})
    expect(await read('rank --by messages')).toMatchObject({entries: [{id: 42}, {id: 43}]})
    expect(await read('heatmap --room 7')).toMatchObject({roomId: 7})
    expect(await read('retention')).toMatchObject({cohorts: [{users: 3}]})
    expect((await gs(`analytics user 999 --data-dir ${dataDir}`, lonely)).status).toBe(3)
  })

  test('says so when there is nothing, nothing of analytics, something damaged, or something else', async () => {
    const {gs, dataDir, server} = await talkingWorld()
    server.signal('SIGTERM')
    await until(() => server.isOver, 'the end')
    const folder = tempFolder()
    const damaged = join(folder, 'damaged')
    const strange = join(folder, 'strange')
    cpSync(dataDir, damaged, {recursive: true})
    writeFileSync(join(damaged, 'gs.db'), Buffer.alloc(8192, 7))
    mkdirSync(strange)
    writeFileSync(join(strange, 'gs.db'), '')
    const wrong: [path: string, status: number, words: string][] = [
      [folder, 3, 'there is no data in'],
      [damaged, 1, 'damaged'],
      [strange, 3, 'there are no analytics in'],
    ]
    for (const [path, status, words] of wrong) {
      const ran = await gs(`analytics rank --data-dir ${path}`)
      expect({path, status: ran.status}).toEqual({path, status})
      expect(ran.stderr).toContain(words)
    }
  })
})

test.skipIf(whyNoTmux() !== undefined)('--watch shows the busiest rooms, and gives the terminal back', async () => {
  const {runtimeDir} = await talkingWorld()
  const terminals = new TmuxTerminals()
  const terminal = await terminals.open({name: 'watch', columns: 80, rows: 24, env: {XDG_RUNTIME_DIR: runtimeDir}})
  await terminal.enter(`${process.execPath} ${programPath} analytics --watch; echo status=$?`)
  await terminal.shows('MESSAGES/MIN')
  await terminal.shows('2 in 2 rooms')
  expect(await terminal.property('alternate_on')).toBe('1')
  await terminal.type('q')
  await terminal.shows('status=0')
  expect(await terminal.property('alternate_on')).toBe('0')

  const pidFile = join(runtimeDir, 'pid')
  const command = `${process.execPath} ${programPath} analytics --watch`
  await terminal.enter(`clear; sh -c 'echo $$ > ${pidFile}; exec ${command}'; echo status=$?`)
  await terminal.shows('2 in 2 rooms')
  process.kill(Number(readFileSync(pidFile, 'utf8')), 'SIGTERM')
  await terminal.shows('status=143')
  expect(await terminal.property('alternate_on')).toBe('0')
})
