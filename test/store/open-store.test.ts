import {chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync} from 'node:fs'
import {getPriority} from 'node:os'
import {join} from 'node:path'
import {DatabaseSync} from 'node:sqlite'
import {expect, onTestFinished, test} from 'vitest'
import {tempFolder} from '../helpers/temp-folder.js'
import {note, noteIds, openWorld} from './store-world.js'

function modes(directory: string): Record<string, string> {
  const names = ['.', ...readdirSync(directory)]
  return Object.fromEntries(names.map(name => [name, (statSync(join(directory, name)).mode & 0o777).toString(8)]))
}

test.each([0o000, 0o022, 0o077, 0o377])('only its owner can read any of it, whatever the umask: %o', async umask => {
  const before = process.umask(umask)
  onTestFinished(() => void process.umask(before))
  const directory = join(tempFolder(), 'data')
  const {store} = await openWorld(directory)
  await store.write([note(1)])
  await noteIds(store)
  expect(modes(directory)).toEqual({
    '.': '700',
    'gs.db': '600',
    'gs.db-shm': '600',
    'gs.db-wal': '600',
    'gs.lock': '600',
    'gs.pid': expect.stringMatching(/^[46]00$/),
  })
})

test('a file that was open to others is closed to them, and a directory that was there keeps its mode', async () => {
  const directory = tempFolder()
  chmodSync(directory, 0o755)
  const first = await openWorld(directory)
  await first.store.close()
  chmodSync(join(directory, 'gs.db'), 0o644)
  await openWorld(directory)
  expect(modes(directory)).toMatchObject({'.': '755', 'gs.db': '600', 'gs.db-wal': '600', 'gs.db-shm': '600'})
})

test('what was written is there after the next start, in one file', async () => {
  const directory = tempFolder()
  const first = await openWorld(directory)
  await first.store.write([note(1)])
  await first.store.append([note(2)])
  await first.store.close()
  expect(readdirSync(directory).sort()).toEqual(['gs.db', 'gs.lock'])
  const second = await openWorld(directory)
  expect(await noteIds(second.store)).toEqual([1, 2])
  expect(second.store.status()).toMatchObject({file: join(directory, 'gs.db'), salvage: null})
  expect(second.errors).toEqual([])
})

test('a directory has one store; who comes second is told whose it is', async () => {
  const directory = tempFolder()
  const first = await openWorld(directory)
  await expect(openWorld(directory)).rejects.toMatchObject({
    code: 'data_dir_taken',
    message: `the data directory ${directory} is in use by another server, process ${process.pid}`,
  })
  writeFileSync(join(directory, 'gs.pid'), '')
  await expect(openWorld(directory)).rejects.toMatchObject({
    message: `the data directory ${directory} is in use by another server`,
  })
  await first.store.write([note(1)])
  await first.store.close()
  const {store} = await openWorld(directory)
  expect(await noteIds(store)).toEqual([1])
})

test('a newer file is refused and not touched', async () => {
  const directory = tempFolder()
  const {store} = await openWorld(directory)
  await store.close()
  const path = join(directory, 'gs.db')
  const database = new DatabaseSync(path)
  database.exec('PRAGMA user_version = 99')
  // What a newer server has left that was killed: the last of it is in the log.
  database.exec('PRAGMA wal_autocheckpoint = 0; CREATE TABLE later (x)')
  const files = () => ['gs.db', 'gs.db-wal'].map(name => readFileSync(join(directory, name)).toString('latin1'))
  const before = files()
  for (let attempt = 0; attempt < 2; attempt += 1) {
    await expect(openWorld(directory)).rejects.toMatchObject({
      code: 'store_newer',
      message: `${path} has version 99, and this gs knows 1`,
      hint: expect.stringContaining('Nothing was changed'),
    })
    expect(files()).toEqual(before)
  }
  database.close()
  expect(readdirSync(directory).filter(name => name.includes('corrupt'))).toEqual([])
})

test('the database of another program is refused and not touched', async () => {
  const directory = tempFolder()
  const path = join(directory, 'gs.db')
  {
    using database = new DatabaseSync(path)
    database.exec('CREATE TABLE theirs (x)')
  }
  const before = readFileSync(path)
  await expect(openWorld(directory)).rejects.toMatchObject({
    code: 'store_unavailable',
    message: `${path} is a database of another program`,
  })
  expect(readFileSync(path)).toEqual(before)
})

test('what cannot be a data directory is refused with its name, and nothing stays locked', async () => {
  const folder = tempFolder({file: ''})
  const inFile = openWorld(join(folder, 'file'))
  await expect(inFile).rejects.toMatchObject({code: 'store_unavailable', message: expect.stringContaining(folder)})
  const directory = join(folder, 'data')
  mkdirSync(join(directory, 'gs.db'), {recursive: true})
  await expect(openWorld(directory)).rejects.toMatchObject({code: 'store_unavailable'})
  await expect(openWorld(directory)).rejects.toMatchObject({code: 'store_unavailable'})
  expect(existsSync(join(directory, 'gs.pid'))).toBe(false)
})

const noThreads = process.platform === 'linux' ? '' : 'only Linux has priorities of threads'
test.skipIf(noThreads)(`its threads stand behind the server's${noThreads && ` (skipped: ${noThreads})`}`, async () => {
  const {store} = await openWorld(tempFolder())
  await noteIds(store)
  const niceOf = (name: string) => threads().find(thread => thread.name === name)?.nice
  expect(['gs store writer', 'gs store reader'].map(niceOf)).toEqual([10, 10])
  expect(threads().find(({id}) => id === process.pid)?.nice).toBe(getPriority())
})

function threads(): {id: number; name: string; nice: number}[] {
  return readdirSync('/proc/self/task').map(id => {
    const [, name = '', rest = ''] = /\((.*)\) (.*)/.exec(readFileSync(`/proc/self/task/${id}/stat`, 'utf8')) ?? []
    return {id: Number(id), name, nice: Number(rest.split(' ')[16])}
  })
}
