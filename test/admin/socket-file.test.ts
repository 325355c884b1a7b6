import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import {createServer} from 'node:http'
import {join} from 'node:path'
import {describe, expect, onTestFinished, test} from 'vitest'
import {openAdminSocket} from '../../src/admin/socket-file.js'
import {AdminClient} from '../../src/client/admin/admin-client.js'
import {adminSocket, testRecord} from '../helpers/admin-socket.js'
import {tempFolder} from '../helpers/temp-folder.js'

const modeOf = (path: string) => statSync(path).mode & 0o777
const nameAt = async (socketPath: string) => {
  const {name} = await new AdminClient({socketPath}).request<{name: string}>({path: '/v1/status'})
  return name
}

describe('an open socket', () => {
  test.for([0o000, 0o022, 0o077, 0o777])('has the mode that was asked for, whatever the umask (%o)', async mask => {
    const before = process.umask(mask)
    onTestFinished(() => void process.umask(before))
    const folder = tempFolder()
    await adminSocket({path: join(folder, 'own.sock')})
    await adminSocket({path: join(folder, 'group.sock'), mode: 0o660})
    expect(modeOf(join(folder, 'own.sock'))).toBe(0o600)
    expect(modeOf(join(folder, 'group.sock'))).toBe(0o660)
    expect(modeOf(join(folder, 'own.lock'))).toBe(0o600)
  })

  test('answers, and has a record beside it; closed, it leaves nothing but the lock', async () => {
    const folder = tempFolder()
    const path = join(folder, 'default.sock')
    const socket = await adminSocket({path})
    expect(socket.path).toBe(path)
    expect(await nameAt(path)).toBe('default')
    expect(readdirSync(folder).sort()).toEqual(['default.json', 'default.lock', 'default.sock'])
    expect(JSON.parse(readFileSync(join(folder, 'default.json'), 'utf8'))).toEqual({...testRecord, socket: path})
    await Promise.all([socket.close(), socket.close()])
    expect(readdirSync(folder)).toEqual(['default.lock'])
    await adminSocket({path})
    expect(await nameAt(path)).toBe('default')
  })

  test('needs no record', async () => {
    const folder = tempFolder()
    const path = join(folder, 'read-only.sock')
    const socket = await openAdminSocket({path, server: createServer(), mode: 0o660, record: null, onError() {}})
    expect(readdirSync(folder).sort()).toEqual(['read-only.lock', 'read-only.sock'])
    await socket.close()
  })

  test('has files of its own name when its name does not end in .sock', async () => {
    const folder = tempFolder({'package.json': '{"name":"mine"}', 'yarn.lock': '# mine'})
    await adminSocket({path: join(folder, 'package')})
      .then(() => Promise.reject(new Error('it took the place of package.json')))
      .catch(error => expect(error).toMatchObject({code: 'socket_path_taken'}))
    await expect(adminSocket({path: join(folder, 'yarn')})).rejects.toMatchObject({code: 'listen_failed'})
    expect(readFileSync(join(folder, 'package.json'), 'utf8')).toBe('{"name":"mine"}')
    expect(readFileSync(join(folder, 'yarn.lock'), 'utf8')).toBe('# mine')
  })
})

describe('a socket is not opened', () => {
  test('where a server is, and that one goes on', async () => {
    const path = join(tempFolder(), 'default.sock')
    await adminSocket({path})
    await expect(adminSocket({path, name: 'other'})).rejects.toMatchObject({
      code: 'already_running',
      message: `a server is already running at ${path} (pid ${process.pid})`,
    })
    expect(await nameAt(path)).toBe('default')
  })

  test('where a server is whose lock and record somebody removed', async () => {
    const folder = tempFolder()
    const path = join(folder, 'default.sock')
    await adminSocket({path})
    rmSync(join(folder, 'default.lock'))
    rmSync(join(folder, 'default.json'))
    await expect(adminSocket({path, name: 'other'})).rejects.toMatchObject({
      code: 'already_running',
      message: `a server is already running at ${path}`,
    })
    expect(await nameAt(path)).toBe('default')
  })

  test.for([
    ['a regular file', (path: string) => writeFileSync(path, 'mine')],
    ['a folder', (path: string) => mkdirSync(path)],
    ['a symbolic link to nothing', (path: string) => symlinkSync('nothing', path)],
  ] as const)('where %s is', async ([, make]) => {
    const folder = tempFolder()
    const path = join(folder, 'default.sock')
    make(path)
    await expect(adminSocket({path})).rejects.toMatchObject({code: 'socket_path_taken'})
    expect(readdirSync(folder).sort()).toEqual(['default.lock', 'default.sock'])
  })

  test('where a symbolic link to a living socket is', async () => {
    const folder = tempFolder()
    const target = await adminSocket({path: join(folder, 'target.sock')})
    symlinkSync(target.path, join(folder, 'default.sock'))
    await expect(adminSocket({path: join(folder, 'default.sock')})).rejects.toMatchObject({code: 'socket_path_taken'})
    expect(await nameAt(target.path)).toBe('default')
  })

  test('at a path of more than 103 bytes, or in no folder', async () => {
    const folder = tempFolder()
    const path = join(folder, 'd'.repeat(103 - folder.length - 1))
    expect(Buffer.byteLength(path)).toBe(103)
    await adminSocket({path})
    expect(await nameAt(path)).toBe('default')
    await expect(adminSocket({path: `${path}d`})).rejects.toMatchObject({code: 'socket_path_too_long'})
    expect(readdirSync(folder).filter(name => name.length > 103 - folder.length + 4)).toEqual([])
    const missing = join(folder, 'none/default.sock')
    await expect(adminSocket({path: missing})).rejects.toMatchObject({code: 'listen_failed'})
  })

  test('when the server cannot listen, and then nothing is left', async () => {
    const folder = tempFolder()
    const path = join(folder, 'default.sock')
    // A server listens once only.
    const server = createServer()
    const first = await openAdminSocket({path, server, mode: 0o600, record: null, onError() {}})
    const other = join(folder, 'other.sock')
    const second = openAdminSocket({path: other, server, mode: 0o600, record: null, onError() {}})
    await expect(second).rejects.toMatchObject({code: 'listen_failed'})
    await first.close()
    expect(readdirSync(folder).sort()).toEqual(['default.lock', 'other.lock'])
  })
})

describe('closing', () => {
  test('leaves the path and the record of a server that took over', async () => {
    const folder = tempFolder()
    const path = join(folder, 'default.sock')
    const old = await adminSocket({path, name: 'old'})
    // As a cleaner of temporary folders would do.
    for (const file of readdirSync(folder)) rmSync(join(folder, file))
    await adminSocket({path, name: 'new'})
    await old.close()
    expect(await nameAt(path)).toBe('new')
    expect(JSON.parse(readFileSync(join(folder, 'default.json'), 'utf8'))).toMatchObject({name: 'new'})
  })

  test('is no trouble when all its files are gone', async () => {
    const folder = tempFolder()
    const socket = await adminSocket({path: join(folder, 'default.sock')})
    rmSync(folder, {recursive: true})
    await socket.close()
    expect(existsSync(folder)).toBe(false)
  })

  test('ends connections that wait for an answer or for a request', async () => {
    const asked = Promise.withResolvers<void>()
    const socket = await adminSocket({handler: () => asked.resolve()})
    const answer = new AdminClient({socketPath: socket.path}).request({path: '/v1/status'})
    answer.catch(() => {})
    await asked.promise
    await socket.close()
    await expect(answer).rejects.toMatchObject({code: 'server_unreachable'})
  })

  test('leaves a file that is in the place of the socket now', async () => {
    const path = join(tempFolder(), 'default.sock')
    const socket = await adminSocket({path})
    rmSync(path)
    writeFileSync(path, 'mine')
    chmodSync(path, 0o600)
    await socket.close()
    expect(readFileSync(path, 'utf8')).toBe('mine')
  })
})
