import {mkdirSync, rmSync, symlinkSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {findSocket, listInstances} from '../../../src/client/admin/discover.js'
import {openRunDirectory, type RunDirectoryBase, socketPath} from '../../../src/util/run-directory.js'
import {adminSocket, testRecord} from '../../helpers/admin-socket.js'
import {tempFolder} from '../../helpers/temp-folder.js'

function places() {
  const folder = tempFolder()
  for (const name of ['run', 'sys', 'tmp']) mkdirSync(join(folder, name))
  const uid = process.getuid?.() as number
  const base: RunDirectoryBase = {
    runtimeDir: join(folder, 'run'),
    systemDir: join(folder, 'sys'),
    tempDir: join(folder, 'tmp'),
    uid,
  }
  const directory = openRunDirectory(base)
  return {base, directory, temporary: openRunDirectory({...base, runtimeDir: undefined})}
}

const run = (directory: string, name: string) => adminSocket({path: socketPath(directory, name), name})

/** What a server that was killed leaves behind. */
function leaveStale(directory: string, name: string): string {
  const socket = socketPath(directory, name)
  writeFileSync(join(directory, `${name}.json`), JSON.stringify({...testRecord, name, socket}))
  return socket
}

describe('the server that is meant', () => {
  test('is the one of the path, unseen, even when others run', async () => {
    const {base, directory} = places()
    await run(directory, 'a')
    expect(await findSocket({socket: '/elsewhere/b.sock', name: 'a'}, base)).toBe('/elsewhere/b.sock')
    expect(await findSocket({socket: 'b.sock'}, base)).toBe(join(process.cwd(), 'b.sock'))
    const tooLong = findSocket({socket: `/${'d'.repeat(103)}`}, base)
    await expect(tooLong).rejects.toMatchObject({code: 'socket_path_too_long'})
  })

  test('is the one of the name, in any of the run directories', async () => {
    const {base, directory, temporary} = places()
    await run(directory, 'a')
    await run(temporary, 'b')
    expect(await findSocket({name: 'a'}, base)).toBe(join(directory, 'a.sock'))
    expect(await findSocket({name: 'b'}, base)).toBe(join(temporary, 'b.sock'))
    await expect(findSocket({name: 'c'}, base)).rejects.toMatchObject({
      code: 'server_unreachable',
      message: 'no server named c is running',
    })
    await expect(findSocket({name: '../a'}, base)).rejects.toMatchObject({code: 'usage'})
  })

  test('is the only one that runs, whatever dead ones left', async () => {
    const {base, directory, temporary} = places()
    leaveStale(directory, 'dead')
    leaveStale(directory, 'default')
    await run(temporary, 'default')
    expect(await findSocket({}, base)).toBe(join(temporary, 'default.sock'))
    expect(await findSocket({name: 'default'}, base)).toBe(join(temporary, 'default.sock'))
  })

  test('must be said when two run', async () => {
    const {base, directory, temporary} = places()
    await run(directory, 'a')
    await run(temporary, 'b')
    await expect(findSocket({}, base)).rejects.toMatchObject({
      code: 'ambiguous_instance',
      message: `2 servers are running: a (${directory}/a.sock), b (${temporary}/b.sock)`,
      hint: 'Say which with --name or GS_NAME.',
    })
    await run(temporary, 'a')
    await expect(findSocket({name: 'a'}, base)).rejects.toMatchObject({
      code: 'ambiguous_instance',
      hint: 'Say which with --socket or GS_SOCKET.',
    })
  })
})

describe('without a server', () => {
  test('the error tells whether none was there, or one that is gone', async () => {
    const {base, directory} = places()
    await expect(findSocket({}, base)).rejects.toMatchObject({
      code: 'server_unreachable',
      message: 'no server is running',
    })
    const socket = leaveStale(directory, 'default')
    await expect(findSocket({}, base)).rejects.toMatchObject({
      code: 'server_unreachable',
      message: `the server at ${socket} is gone; it did not clean up`,
    })
  })

  test('the only directory that is not private is the reason', async () => {
    const {base, directory, temporary} = places()
    rmSync(directory, {recursive: true})
    rmSync(temporary, {recursive: true})
    symlinkSync(tempFolder(), directory)
    await expect(findSocket({}, base)).rejects.toMatchObject({code: 'run_directory_unsafe'})
  })
})

describe('the list', () => {
  test('has the living and the dead, by name', async () => {
    const {base, directory, temporary} = places()
    expect(await listInstances(base)).toEqual([])
    await run(temporary, 'c')
    await run(directory, 'b')
    leaveStale(directory, 'a')
    expect(await listInstances(base)).toMatchObject([
      {name: 'a', state: 'stale', record: {pid: process.pid}},
      {name: 'b', state: 'live', socket: join(directory, 'b.sock'), record: {port: 7000}},
      {name: 'c', state: 'live', socket: join(temporary, 'c.sock')},
    ])
  })

  test.for([
    ['nothing', ''],
    ['no JSON', '{'],
    ['null', 'null'],
    ['another shape', '{"v":1,"name":"a","pid":"1"}'],
    ['too much', JSON.stringify({...testRecord, socket: 'x'.repeat(70_000)})],
    ['a path that is too long', JSON.stringify({...testRecord, socket: `/${'x'.repeat(103)}`})],
  ])('takes a record with %s for one of a dead server', async ([, content]) => {
    const {base, directory} = places()
    writeFileSync(join(directory, 'a.json'), content as string)
    expect(await listInstances(base)).toMatchObject([{name: 'a', state: 'stale'}])
  })

  test('finds a server whose record cannot be read by the name of the record', async () => {
    const {base, directory} = places()
    await run(directory, 'a')
    writeFileSync(join(directory, 'a.json'), '')
    const socket = join(directory, 'a.sock')
    expect(await listInstances(base)).toEqual([{name: 'a', socket, state: 'live', record: null}])
  })
})
