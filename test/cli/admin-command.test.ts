import {mkdirSync} from 'node:fs'
import {join} from 'node:path'
import {build} from 'esbuild'
import {afterEach, describe, expect, test, vi} from 'vitest'
import {AdminCommand} from '../../src/cli/admin-command.js'
import type {AdminClient} from '../../src/client/admin/admin-client.js'
import {projectRoot} from '../architecture/sources.js'
import {adminSocket} from '../helpers/admin-socket.js'
import {tempFolder} from '../helpers/temp-folder.js'

class Ask extends AdminCommand {
  async run(): Promise<AdminClient> {
    const {flags} = await this.parse(Ask)
    return this.admin(flags)
  }

  protected override async catch(error: Error): Promise<void> {
    throw error
  }
}

afterEach(() => void vi.unstubAllEnvs())

/** Runs the command where no server of this machine is seen. */
async function ask(args: string[], env: Record<string, string> = {}): Promise<AdminClient> {
  const quiet = {XDG_RUNTIME_DIR: '', TMPDIR: env.TMPDIR ?? tempFolder(), GS_SOCKET: '', GS_NAME: ''}
  for (const [name, value] of Object.entries({...quiet, ...env})) vi.stubEnv(name, value)
  return Ask.run(args, projectRoot)
}

describe('the server that a command asks', () => {
  test('is that of --socket, else of --name, and a flag goes before both variables', async () => {
    const TMPDIR = tempFolder()
    const directory = join(TMPDIR, `gs-${process.getuid?.()}`)
    mkdirSync(directory, {mode: 0o700})
    await adminSocket({path: join(directory, 'a.sock'), name: 'a'})
    const env = {TMPDIR, GS_SOCKET: '/b.sock', GS_NAME: 'b'}
    expect((await ask(['--name', 'a'], env)).socketPath).toBe(join(directory, 'a.sock'))
    expect((await ask(['--name', 'a', '--socket', '/c.sock'], env)).socketPath).toBe('/c.sock')
    // What a script gives whose variable is not set must not reach another server.
    await expect(ask(['--name', ''], env)).rejects.toMatchObject({code: 'usage', message: '--name is empty'})
    await expect(ask(['--socket', ''], env)).rejects.toMatchObject({code: 'usage', message: '--socket is empty'})
  })

  test('is that of --socket, else of GS_SOCKET', async () => {
    expect((await ask(['--socket', '/a.sock'], {GS_SOCKET: '/b.sock'})).socketPath).toBe('/a.sock')
    expect((await ask([], {GS_SOCKET: '/b.sock', GS_NAME: 'c'})).socketPath).toBe('/b.sock')
  })

  test('is that of --name, else of GS_NAME, else the only one; empty variables are none', async () => {
    const TMPDIR = tempFolder()
    const directory = join(TMPDIR, `gs-${process.getuid?.()}`)
    mkdirSync(directory, {mode: 0o700})
    await adminSocket({path: join(directory, 'a.sock'), name: 'a'})
    const only = await ask([], {TMPDIR, GS_SOCKET: '', GS_NAME: ''})
    expect(only.socketPath).toBe(join(directory, 'a.sock'))
    await adminSocket({path: join(directory, 'b.sock'), name: 'b'})
    expect(await (await ask(['--name', 'a'], {TMPDIR, GS_NAME: 'b'})).request({path: '/'})).toEqual({name: 'a'})
    expect(await (await ask([], {TMPDIR, GS_NAME: 'b'})).request({path: '/'})).toEqual({name: 'b'})
    await expect(ask([], {TMPDIR})).rejects.toMatchObject({code: 'ambiguous_instance'})
  })

  test('has some time to answer', async () => {
    const {path} = await adminSocket({handler() {}})
    const hurried = await ask(['--socket', path, '--timeout', '20ms'])
    await expect(hurried.request({path: '/'})).rejects.toMatchObject({
      code: 'timed_out',
      message: expect.stringContaining('within 20ms'),
    })
    const variable = await ask(['--socket', path], {GS_TIMEOUT: '30ms'})
    await expect(variable.request({path: '/'})).rejects.toThrow('within 30ms')
    await expect(ask(['--socket', path, '--timeout', '0s'])).rejects.toMatchObject({code: 'usage'})
    await expect(ask(['--socket', path, '--timeout', '5'])).rejects.toMatchObject({code: 'usage'})
  })
})

test('a command that asks a server loads no library but oclif, and no configuration', async () => {
  const {metafile} = await build({
    entryPoints: [join(projectRoot, 'src/cli/admin-command.ts')],
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
  })
  const files = Object.entries(metafile.inputs)
  const outside = new Set(files.flatMap(([, {imports}]) => imports.filter(one => one.external).map(({path}) => path)))
  const packages = [...outside].filter(path => !path.startsWith('node:'))
  expect(packages.sort()).toEqual(['@oclif/core', 'fastest-levenshtein'])
  // Its static import loads undici, too.
  expect(outside).not.toContain('node:http')
  expect(outside).not.toContain('node:sqlite')
  const own = files.map(([path]) => path.replace(/^.*?src\//, 'src/'))
  const unwanted = own.filter(path =>
    /^src\/(admin|ops|store|logging|server|tui)\/|^src\/config\/(?!nearest)/.test(path),
  )
  expect(unwanted).toEqual([])
})
