import {
  copyFileSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {tempFolder} from '../helpers/temp-folder.js'
import {note, noteIds, openWorld, overwrite} from './store-world.js'

const ROWS = 400

/** A closed store with `ROWS` notes of about half a page each, which are nearly all of it. */
async function filledDirectory(): Promise<{directory: string; file: string; size: number}> {
  const directory = tempFolder()
  const {store} = await openWorld(directory)
  for (let id = 1; id <= ROWS; id += 1) void store.append([note(id, 'x'.repeat(1800))])
  await store.flush()
  await store.close()
  const file = join(directory, 'gs.db')
  return {directory, file, size: statSync(file).size}
}

async function salvaged(directory: string) {
  const {store, errors} = await openWorld(directory)
  const {salvage, state} = store.status()
  expect(state).toBe('ok')
  expect(errors).toMatchObject([
    {
      message: 'the data file was damaged: it is set aside, and what could be read is in a new one',
      fields: {setAside: salvage?.file, rows: salvage?.rows},
    },
  ])
  expect(salvage?.file).toMatch(/gs\.db\.corrupt-\d{4}-\d\d-\d\dT/)
  return {store, salvage, ids: await noteIds(store)}
}

test('pages of garbage cost the rows on them and no more, and the damaged file is kept', async () => {
  const {directory, file} = await filledDirectory()
  // Two places, with rows between them that no way from the first or the last row reaches.
  for (const page of [60, 120]) overwrite(file, 4096 * page, Buffer.alloc(4096 * 2, 0xa5))
  const damaged = readFileSync(file)
  const {store, salvage, ids} = await salvaged(directory)
  expect(salvage?.lostTables).toEqual(['t_notes'])
  expect(ids.length).toBeGreaterThan(ROWS - 20)
  expect(ids.length).toBeLessThan(ROWS)
  expect(ids).toContain(1)
  expect(ids).toContain(ROWS)
  expect(readFileSync(salvage?.file ?? '')).toEqual(damaged)
  // The new file is whole, and has the tables' versions.
  await store.write([note(ROWS + 1)])
  await store.close()
  const again = await openWorld(directory)
  expect(again.store.status().salvage).toBeNull()
  expect(await noteIds(again.store)).toEqual([...ids, ROWS + 1])
})

test('a file that was cut off gives what is left', async () => {
  const {directory, file, size} = await filledDirectory()
  truncateSync(file, size / 2 - 1000)
  const {salvage, ids} = await salvaged(directory)
  expect(salvage?.lostTables).toContain('t_notes')
  expect(ids.length).toBeGreaterThan(ROWS / 4)
})

test('a file whose header is garbage has lost no row', async () => {
  const {directory, file} = await filledDirectory()
  overwrite(file, 0, Buffer.alloc(24, 0x5a))
  const {salvage, ids} = await salvaged(directory)
  expect(salvage).toMatchObject({rows: ROWS + 1, lostTables: []})
  expect(ids).toHaveLength(ROWS)
  expect(readdirSync(directory)).not.toContain('gs.db.mended')
})

test.each([
  ['is empty', (file: string) => truncateSync(file, 0)],
  ['is garbage', (file: string) => writeFileSync(file, Buffer.alloc(50_000, 0x5a))],
  ['has lost its first page', (file: string) => overwrite(file, 0, Buffer.alloc(4096, 0xff))],
])('a file that %s is set aside, and said to be lost as a whole', async (_name, damage) => {
  const {directory, file} = await filledDirectory()
  damage(file)
  const {salvage, ids} = await salvaged(directory)
  expect(salvage).toMatchObject({rows: 0, lostTables: ['*']})
  expect(ids).toEqual([])
})

test('a log whose file is gone is set aside', async () => {
  const directory = tempFolder()
  const {store} = await openWorld(directory)
  await store.write([note(1)])
  const log = readFileSync(join(directory, 'gs.db-wal'))
  await store.close()
  rmSync(join(directory, 'gs.db'))
  writeFileSync(join(directory, 'gs.db-wal'), log)
  const {salvage, ids} = await salvaged(directory)
  expect(readFileSync(`${salvage?.file}-wal`)).toEqual(log)
  expect(salvage).toMatchObject({rows: 0, lostTables: ['*']})
  expect(ids).toEqual([])
})

test('what is in the log of a damaged file is saved, too', async () => {
  const {directory, file} = await filledDirectory()
  const {store} = await openWorld(directory)
  await store.write([note(1000)])
  const copy = tempFolder()
  // As a server that was killed leaves them.
  for (const name of ['gs.db', 'gs.db-wal']) copyFileSync(join(directory, name), join(copy, name))
  await store.close()
  overwrite(join(copy, 'gs.db'), 4096 * 100, Buffer.alloc(4096, 0xa5))
  const {ids} = await salvaged(copy)
  expect(ids).toContain(1000)
  expect(file).not.toBe(copy)
})

test('when the version of the tables is lost, it is found by their looks', async () => {
  const {directory, file} = await filledDirectory()
  // The record ('t', 1) stands alone on its page, and so it does in the index.
  const record = Buffer.from([0x03, 0x0f, 0x09, 0x74])
  for (let at = readFileSync(file).indexOf(record); at >= 0; at = readFileSync(file).indexOf(record)) {
    overwrite(file, Math.floor(at / 4096) * 4096, Buffer.alloc(4096, 0xa5))
  }
  const {store, salvage, ids} = await salvaged(directory)
  expect(salvage?.lostTables).toContain('plugin_schemas')
  expect(ids).toHaveLength(ROWS)
  await store.migrate('t', [
    'CREATE TABLE t_notes (id INTEGER PRIMARY KEY, text TEXT) STRICT',
    'CREATE TABLE t_more (x)',
  ])
  expect(await store.query('SELECT * FROM plugin_schemas')).toEqual([{owner: 't', version: 2}])
})

test('a start that ended between setting aside and putting in place is completed by the next', async () => {
  const {directory, file} = await filledDirectory()
  renameSync(file, `${file}.salvaged`)
  const {ids, salvage} = await salvaged(directory)
  expect(ids).toHaveLength(ROWS)
  expect(salvage?.rows).toBe(ROWS + 1)
  expect(readdirSync(directory)).not.toContain('gs.db.salvaged')
})

test('leftovers of a start that ended before are no harm', async () => {
  const {directory, file} = await filledDirectory()
  for (const name of ['.new', '.salvaging', '.salvaged']) writeFileSync(`${file}${name}`, 'half a file')
  const {store} = await openWorld(directory)
  expect(store.status().salvage).toBeNull()
  expect(await noteIds(store)).toHaveLength(ROWS)
})

test('no flipped bit makes a start fail, or rows vanish without a word', {timeout: 60_000}, async () => {
  const {directory, file, size} = await filledDirectory()
  const whole = readFileSync(file)
  let seed = 7
  const random = () => {
    seed = (seed * 48_271) % 2_147_483_647
    return seed / 2_147_483_647
  }
  for (let round = 0; round < 6; round += 1) {
    writeFileSync(file, whole)
    // Half of them into the first pages, where the file says what it is.
    const position = Math.floor(random() * (round % 2 === 0 ? 4096 * 6 : size))
    const byte = whole[position] ?? 0
    overwrite(file, position, Buffer.of(byte ^ (1 << Math.floor(random() * 8))))
    const opening = openWorld(directory)
    const failure = await opening.then(
      () => undefined,
      error => error as Error & {code: string},
    )
    if (failure !== undefined) {
      // It may look like another program's, or a newer one's: then it is refused by name, and nothing is touched.
      expect(failure.message).toMatch(/another program|has version/)
      continue
    }
    const {store} = await opening
    const ids = await noteIds(store)
    if (ids.length < ROWS) expect(store.status().salvage, `byte ${position}`).not.toBeNull()
    await store.close()
    for (const name of readdirSync(directory)) if (name.includes('corrupt')) rmSync(join(directory, name))
  }
})
