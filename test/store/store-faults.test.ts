import {mkdirSync, renameSync, rmSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {DatabaseSync} from 'node:sqlite'
import type {Worker} from 'node:worker_threads'
import {expect, onTestFinished, test} from 'vitest'
import {ManualClock} from '../helpers/manual-clock.js'
import {tempFolder} from '../helpers/temp-folder.js'
import {tinyDisk} from '../helpers/tiny-disk.js'
import {until} from '../helpers/until.js'
import {note, noteIds, openWorld, overwrite} from './store-world.js'

const large = 'x'.repeat(20_000)

/** The store's threads from here on, in the order of their start. */
function watchThreads(): Worker[] {
  const threads: Worker[] = []
  const add = (worker: Worker) => threads.push(worker)
  process.on('worker', add)
  onTestFinished(() => void process.off('worker', add))
  return threads
}

test.each([['in a file'], ['in memory']])('a full store %s says so, keeps what waits, and recovers', async where => {
  const clock = new ManualClock()
  const {store, states, errors} = await openWorld(where === 'in memory' ? null : tempFolder(), clock)
  // SQLite's own limit gives the same error as a full disk.
  await store.write([{sql: 'PRAGMA max_page_count = 20'}])
  await expect(store.write([note(1, large.repeat(10))])).rejects.toMatchObject({code: 'store_unavailable'})
  expect(store.status()).toMatchObject({state: 'disk_full', problem: expect.stringContaining('is full')})
  const appended = [store.append([note(2, large.repeat(10))]), store.append([note(3)])]
  clock.advance(1000)
  await store.flush()
  expect(store.status()).toMatchObject({state: 'disk_full', queuedRows: 2, droppedRows: 0})
  expect(await store.query('SELECT id FROM t_notes')).toEqual([])
  await store.write([{sql: 'PRAGMA max_page_count = 100000'}])
  expect(await Promise.all(appended)).toEqual(['stored', 'stored'])
  expect(await noteIds(store)).toEqual([2, 3])
  expect(store.status()).toMatchObject({state: 'ok', problem: null, queuedRows: 0, droppedRows: 0})
  expect(states).toEqual(['disk_full', 'ok'])
  expect(errors).toMatchObject([{message: 'the store keeps nothing at the moment', fields: {state: 'disk_full'}}])
})

test('a full disk is survived: nothing that was confirmed is lost, and what waits is written when there is room', async context => {
  const disk = tinyDisk('1m')
  if (disk === null) return context.skip('mounting a small disk is not allowed here')
  const clock = new ManualClock()
  const {store, states} = await openWorld(disk.folder, clock)
  let confirmed = 0
  for (; store.status().state === 'ok'; confirmed += 1) {
    const isLast = await store.write([note(confirmed, large)]).then(
      () => false,
      error => error.code === 'store_unavailable',
    )
    if (isLast) break
  }
  expect(confirmed).toBeGreaterThan(5)
  expect(store.status().state).toBe('disk_full')
  const appended = store.append([note(1000, large)])
  expect(await noteIds(store)).toHaveLength(confirmed)
  expect(disk.remount('size=8m')).toBe(true)
  clock.advance(1000)
  expect(await appended).toBe('stored')
  await store.write([note(1001, large)])
  expect(states).toEqual(['disk_full', 'ok'])
  await store.close()
  using database = new DatabaseSync(join(disk.folder, 'gs.db'))
  expect(database.prepare('PRAGMA integrity_check').get()).toEqual({integrity_check: 'ok'})
  expect(database.prepare('SELECT count(*) AS rows FROM t_notes').get()).toEqual({rows: confirmed + 2})
})

test('a read-only store says so and recovers', async () => {
  const clock = new ManualClock()
  const threads = watchThreads()
  const {store, states} = await openWorld(tempFolder(), clock)
  await store.write([{sql: 'PRAGMA query_only = ON'}])
  await expect(store.write([note(1)])).rejects.toMatchObject({code: 'store_unavailable'})
  expect(store.status()).toMatchObject({state: 'read_only', problem: expect.stringContaining('cannot be written')})
  // The setting ends with its thread.
  await threads[0]?.terminate()
  clock.advance(1000)
  await store.write([note(1)])
  expect(states).toEqual(['read_only', 'failed', 'ok'])
})

test('a read-only disk is refused at the start, with the reason', async context => {
  const disk = tinyDisk('1m')
  if (disk === null) return context.skip('mounting a small disk is not allowed here')
  expect(disk.remount('ro')).toBe(true)
  for (const folder of [disk.folder, join(disk.folder, 'a/b')]) {
    await expect(openWorld(folder)).rejects.toMatchObject({
      code: 'store_unavailable',
      message: `cannot use ${folder} for data: the disk is read-only`,
    })
  }
  expect(disk.remount('rw')).toBe(true)
  const {store} = await openWorld(disk.folder)
  await store.write([note(1)])
  await store.close()
  expect(disk.remount('ro')).toBe(true)
  await expect(openWorld(disk.folder)).rejects.toMatchObject({code: 'store_unavailable'})
})

test('nothing is confirmed while the directory is gone, and all goes on when it is back', async () => {
  const parent = tempFolder()
  const directory = join(parent, 'data')
  const {store, states} = await openWorld(directory)
  await store.write([note(1)])
  renameSync(directory, join(parent, 'elsewhere'))
  await expect(store.write([note(2)])).rejects.toMatchObject({
    code: 'store_unavailable',
    message: expect.stringContaining('is gone or another file'),
  })
  mkdirSync(directory)
  writeFileSync(join(directory, 'gs.db'), '')
  await expect(store.write([note(2)])).rejects.toMatchObject({code: 'store_unavailable'})
  expect(store.status().state).toBe('failed')
  rmSync(directory, {recursive: true})
  renameSync(join(parent, 'elsewhere'), directory)
  await store.write([note(3)])
  expect(await noteIds(store)).toEqual([1, 3])
  expect(states).toEqual(['failed', 'ok'])
})

test('nothing is confirmed when the log of the file has been removed', async () => {
  const directory = tempFolder()
  const {store} = await openWorld(directory)
  await store.write([note(1)])
  rmSync(join(directory, 'gs.db-wal'))
  await expect(store.write([note(2)])).rejects.toMatchObject({code: 'store_unavailable'})
})

test('when its threads die, what waits is answered, and new ones go on', async () => {
  const clock = new ManualClock()
  const threads = watchThreads()
  const directory = tempFolder()
  const {store, states} = await openWorld(directory, clock)
  await store.write([note(1)])
  expect(await noteIds(store)).toEqual([1])
  const [writer, reader] = threads
  const reading = store.query('SELECT 1')
  await reader?.terminate()
  await reading.catch(error => expect(error).toMatchObject({code: 'store_unavailable'}))
  expect(await noteIds(store)).toEqual([1])
  expect(store.status().state).toBe('ok')

  const writing = Promise.allSettled([store.write([note(2)]), store.append([note(3)])])
  let isSettled = false
  void writing.finally(() => {
    isSettled = true
  })
  await writer?.terminate()
  // What the thread had not been handed yet is tried again a second later.
  await until(() => {
    clock.advance(1000)
    return isSettled
  }, 'a write was not answered')
  const [written, appended] = await writing
  expect(appended.status).toBe('fulfilled')
  if (written.status === 'rejected') expect(written.reason).toMatchObject({code: 'store_unavailable'})
  await store.write([note(4)])
  expect(states).toEqual(['failed', 'ok'])
  const ids = await noteIds(store)
  expect(ids).toContain(4)
  if (written.status === 'fulfilled') expect(ids).toContain(2)
})

test('a store in memory whose thread dies has its tables again', async () => {
  const clock = new ManualClock()
  const threads = watchThreads()
  const {store, states} = await openWorld(null, clock)
  await store.write([note(1)])
  await threads[0]?.terminate()
  clock.advance(1000)
  await store.write([note(2)])
  expect(await noteIds(store)).toEqual([2])
  expect(states).toEqual(['failed', 'ok'])
})

test('a thread that dies again and again is started once a second', async () => {
  const clock = new ManualClock()
  const threads = watchThreads()
  const {store} = await openWorld(tempFolder(), clock)
  clock.advance(1000)
  await threads[0]?.terminate()
  await store.write([note(1)])
  await threads[1]?.terminate()
  await expect(store.write([note(2)])).rejects.toMatchObject({code: 'store_unavailable'})
  await expect(store.write([note(3)])).rejects.toMatchObject({code: 'store_unavailable'})
  const appended = store.append([note(4)])
  expect(threads).toHaveLength(2)
  clock.advance(1000)
  expect(await appended).toBe('stored')
  expect(threads).toHaveLength(3)
  expect(await noteIds(store)).toEqual([1, 4])
})

test('damage that shows while it runs ends writing until the next start, which saves what is left', async () => {
  const directory = tempFolder()
  const {store} = await openWorld(directory)
  for (let id = 0; id < 100; id += 1) void store.append([note(id, large)])
  await store.flush()
  await store.close()
  const again = await openWorld(directory)
  overwrite(join(directory, 'gs.db'), 1_000_000, Buffer.alloc(200_000, 0xa5))
  const writeOn = async (from: number): Promise<never> => {
    for (let id = from; ; id += 1) await again.store.write([note(id)])
  }
  const onTheirWay = [2000, 4000, 6000, 8000].map(writeOn)
  await expect(again.store.query('SELECT sum(length(text)) FROM t_notes')).rejects.toMatchObject({
    code: 'store_unavailable',
    message: expect.stringContaining('is damaged'),
  })
  expect(again.store.status().state).toBe('failed')
  // What was on its way does not change that.
  await Promise.allSettled(onTheirWay)
  expect(again.store.status().state).toBe('failed')
  await expect(again.store.write([note(1000)])).rejects.toMatchObject({code: 'store_unavailable'})
  expect(await again.store.append([note(1000)])).toBe('dropped')
  expect(again.states).toEqual(['failed'])
  await again.store.close()
  const third = await openWorld(directory)
  expect(third.store.status().salvage).toMatchObject({lostTables: ['t_notes']})
})
