import {chmodSync, chownSync, mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, onTestFinished, test} from 'vitest'
import {
  checkSocketPath,
  openRunDirectory,
  type RunDirectoryBase,
  searchRunDirectories,
  socketPath,
} from '../../src/util/run-directory.js'
import {tempFolder} from '../helpers/temp-folder.js'

const uid = process.getuid?.() as number
const unsafe = expect.objectContaining({code: 'run_directory_unsafe'})

/** Places of its own, all of them ours, none with a run directory yet. */
function places(changes: Partial<RunDirectoryBase> = {}): RunDirectoryBase & {runtimeDir: string} {
  const folder = tempFolder()
  for (const name of ['runtime', 'system', 'temp']) mkdirSync(join(folder, name))
  const base = {runtimeDir: join(folder, 'runtime'), systemDir: join(folder, 'system'), tempDir: join(folder, 'temp')}
  return {...base, uid, ...changes} as RunDirectoryBase & {runtimeDir: string}
}

function withUmask(mask: number): void {
  const before = process.umask(mask)
  onTestFinished(() => void process.umask(before))
}

describe('a server takes', () => {
  test.for([0o000, 0o022, 0o077, 0o777])('the one of its runtime folder, private whatever the umask (%o)', mask => {
    const base = places()
    withUmask(mask)
    const directory = openRunDirectory(base)
    expect(directory).toBe(join(base.runtimeDir, 'gs'))
    expect(statSync(directory).mode & 0o777).toBe(0o700)
    expect(openRunDirectory(base)).toBe(directory)
  })

  test("the system's where somebody made it for us, but makes none there", () => {
    const base = places({runtimeDir: undefined})
    expect(openRunDirectory(base)).toBe(join(base.tempDir, `gs-${uid}`))
    expect(readdirSync(base.systemDir)).toEqual([])
    mkdirSync(join(base.systemDir, 'gs'), {mode: 0o700})
    expect(openRunDirectory(base)).toBe(join(base.systemDir, 'gs'))
  })

  test('the next one when the runtime folder is not there, or a file', () => {
    const base = places()
    const expected = join(base.tempDir, `gs-${uid}`)
    expect(openRunDirectory({...base, runtimeDir: join(base.runtimeDir, 'none')})).toBe(expected)
    writeFileSync(join(base.runtimeDir, 'file'), '')
    expect(openRunDirectory({...base, runtimeDir: join(base.runtimeDir, 'file')})).toBe(expected)
  })

  test('none when there is nowhere to make one, and says why', () => {
    const base = places({runtimeDir: undefined})
    const tempDir = join(base.tempDir, 'none')
    expect(() => openRunDirectory({...base, tempDir})).toThrow(/can be used: ENOENT.*none/)
    expect(() => openRunDirectory({...base, tempDir})).toThrow(unsafe)
  })
})

describe('a run directory is refused by a server, and passed over by a client, when', () => {
  test.for([0o755, 0o701, 0o710, 0o1700 | 0o077, 0o500])('its mode is %o', mode => {
    const base = places()
    const path = join(base.runtimeDir, 'gs')
    mkdirSync(path)
    chmodSync(path, mode)
    expect(() => openRunDirectory(base)).toThrow(unsafe)
    expect(() => openRunDirectory(base)).toThrow(`has mode 0${(mode & 0o777).toString(8)}, not 0700`)
    expect(searchRunDirectories(base)).toEqual({found: [], refused: [unsafe]})
  })

  test('it is a symbolic link, also one to a private directory of ours', () => {
    const base = places()
    const target = tempFolder()
    symlinkSync(target, join(base.runtimeDir, 'gs'))
    expect(() => openRunDirectory(base)).toThrow(unsafe)
    expect(searchRunDirectories(base)).toEqual({found: [], refused: [unsafe]})
  })

  test.skipIf(uid !== 0)('somebody else made it in the temporary folder', () => {
    const base = places({runtimeDir: undefined})
    const path = join(base.tempDir, `gs-${uid}`)
    mkdirSync(path, {mode: 0o700})
    chownSync(path, 65_534, 65_534)
    expect(() => openRunDirectory(base)).toThrow('belongs to user 65534, not to user 0')
    expect(searchRunDirectories(base)).toEqual({found: [], refused: [unsafe]})
  })
})

describe.skipIf(uid !== 0)('what belongs to another user', () => {
  test('is no runtime folder of ours: nothing is made in it and nothing found', () => {
    const base = places()
    mkdirSync(join(base.runtimeDir, 'gs'), {mode: 0o700})
    chownSync(base.runtimeDir, 65_534, 65_534)
    expect(openRunDirectory(base)).toBe(join(base.tempDir, `gs-${uid}`))
    expect(searchRunDirectories(base)).toEqual({found: [join(base.tempDir, `gs-${uid}`)], refused: []})
  })

  test("of the system's is looked into by clients that may, and not used by servers", () => {
    const base = places()
    const path = join(base.systemDir, 'gs')
    mkdirSync(path, {mode: 0o700})
    chownSync(path, 65_534, 65_534)
    expect(searchRunDirectories(base)).toEqual({found: [path], refused: []})
    expect(openRunDirectory({...base, runtimeDir: undefined})).toBe(join(base.tempDir, `gs-${uid}`))
  })
})

describe('the path of a socket', () => {
  const directoryOf = (bytes: number) => `/${'d'.repeat(bytes - 1)}`

  test('may have 103 bytes and not one more', () => {
    const longest = 103 - '/default.sock'.length
    expect(socketPath(directoryOf(longest), 'default')).toHaveLength(103)
    const tooLong = expect.objectContaining({code: 'socket_path_too_long'})
    expect(() => socketPath(directoryOf(longest + 1), 'default')).toThrow(tooLong)
    expect(() => checkSocketPath(`/${'é'.repeat(51)}`)).not.toThrow()
    expect(() => checkSocketPath(`/${'é'.repeat(52)}`)).toThrow(/at most 103 bytes, this one has 105/)
  })

  test.for(['', '.', '..', '../default', 'a/b', '-a', 'a\0', 'ä'])('has no name like %j in it', name => {
    expect(() => socketPath('/run/gs', name)).toThrow(expect.objectContaining({code: 'usage'}))
  })
})
