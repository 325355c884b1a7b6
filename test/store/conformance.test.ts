import {readdirSync, statSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {DatabaseSync} from 'node:sqlite'
import {describe, expect, test} from 'vitest'
import {tempFolder} from '../helpers/temp-folder.js'
import {note, noteIds, openWorld} from './store-world.js'

/** What holds for every store, wherever it keeps things. */
describe.each([
  ['in a file', () => tempFolder()],
  ['in memory', () => null],
])('a store %s', (_name, place) => {
  test('has what was written, durable or buffered, and counts it', async () => {
    const {store} = await openWorld(place())
    await store.write([note(1)])
    expect(await noteIds(store)).toEqual([1])
    expect(
      await store.append([
        {
          sql: 'INSERT INTO t_notes VALUES (?, ?)',
          rows: [
            [2, 'a'],
            [3, null],
          ],
        },
      ]),
    ).toBe('stored')
    expect(await store.query('SELECT * FROM t_notes WHERE id > ?', [1])).toEqual([
      {id: 2, text: 'a'},
      {id: 3, text: null},
    ])
    expect(store.status()).toMatchObject({state: 'ok', problem: null, queuedRows: 0, droppedRows: 0, salvage: null})
    expect(store.status().commits).toBeGreaterThanOrEqual(3)
    expect(store.status().sizeBytes).toBeGreaterThan(4096)
  })

  test('runs a statement for each row of numbers, of which there may be none', async () => {
    const {store} = await openWorld(place())
    const sql = 'INSERT INTO t_notes VALUES (?1, ?2)'
    const values = new Float64Array([1, 2 ** 53 - 1, 2, -0.5])
    expect(await store.append([{sql, numbers: {values, width: 2}}])).toBe('stored')
    await store.write([
      {sql, numbers: {values: new Float64Array(0), width: 2}},
      {sql: 'INSERT INTO t_notes (id) VALUES (?)', numbers: {values: new Float64Array([3]), width: 1}},
    ])
    expect(await store.query('SELECT * FROM t_notes')).toEqual([
      {id: 1, text: '9007199254740991.0'},
      {id: 2, text: '-0.5'},
      {id: 3, text: null},
    ])
    const again = {sql, numbers: {values: new Float64Array([4, 0, 1, 0]), width: 2}}
    expect(await store.append([again])).toBe('dropped')
    expect(await noteIds(store)).toEqual([1, 2, 3])
    expect(store.status()).toMatchObject({queuedRows: 0, droppedRows: 1})
  })

  test('keeps all of a write or nothing', async () => {
    const {store, errors} = await openWorld(place())
    const isRefused = expect(store.write([note(1), note(2), note(1)])).rejects.toMatchObject({
      code: 'statement_invalid',
      message: expect.stringContaining('UNIQUE constraint failed: t_notes.id in INSERT INTO t_notes'),
    })
    // In one group with the one that fails.
    await Promise.all([isRefused, store.write([note(3)])])
    for (const sql of ['COMMIT', ' rollback', 'SAVEPOINT x', "ATTACH 'x' AS x"]) {
      await expect(store.write([note(4), {sql}])).rejects.toMatchObject({code: 'statement_invalid'})
    }
    expect(await store.append([note(4), note(3)])).toBe('dropped')
    expect(await noteIds(store)).toEqual([3])
    expect(store.status()).toMatchObject({state: 'ok', droppedRows: 2})
    expect(errors).toMatchObject([{message: 'a buffered write was wrong and is dropped'}])
  })

  test('takes values of every kind, and gives whole numbers as what holds them exactly', async () => {
    const {store} = await openWorld(place())
    const bytes = new Uint8Array([0, 1, 255])
    const sql = 'SELECT ?1 AS a, ?2 AS b, ?3 AS c, ?4 AS d, ?5 AS e'
    const rows = await store.query(sql, [null, 1.5, 2n ** 53n, 'ü\u0000x', bytes])
    expect(rows).toEqual([{a: null, b: 1.5, c: 2n ** 53n, d: 'ü\u0000x', e: bytes}])
    expect(await store.query(sql, [7, 7n, 2 ** 53 - 1, 1n - 2n ** 63n, ''])).toEqual([
      {a: 7, b: 7, c: 2 ** 53 - 1, d: 1n - 2n ** 63n, e: ''},
    ])
  })

  test('gives no more rows than asked for, and lets queries only read', async () => {
    const {store} = await openWorld(place())
    await store.write([note(1), note(2)])
    expect(await store.query('SELECT id FROM t_notes', [], {maxRows: 2})).toHaveLength(2)
    const tooMany = store.query('SELECT id FROM t_notes', [], {maxRows: 1})
    await expect(tooMany).rejects.toMatchObject({code: 'limit_reached'})
    for (const sql of [
      'DELETE FROM t_notes',
      'DROP TABLE t_notes',
      'SELEC',
      'SELECT * FROM nowhere',
      'BEGIN',
      "ATTACH 'x' AS x",
    ]) {
      await expect(store.query(sql)).rejects.toMatchObject({code: 'statement_invalid'})
    }
    expect(await noteIds(store)).toEqual([1, 2])
    expect(store.status().state).toBe('ok')
    await store.write([note(3)])
  })

  test('runs each step of a migration once, and refuses tables of more steps', async () => {
    const {store} = await openWorld(place())
    const steps = ['CREATE TABLE m_a (x)', 'INSERT INTO m_a VALUES (1)']
    await store.migrate('m', steps.slice(0, 1))
    await store.migrate('m', steps)
    await store.migrate('m', steps)
    expect(await store.query('SELECT * FROM m_a')).toEqual([{x: 1}])
    await expect(store.migrate('m', steps.slice(0, 1))).rejects.toMatchObject({
      code: 'store_newer',
      message: 'the tables of m have version 2, and this gs knows 1',
    })
    const broken = store.migrate('m', [...steps, 'CREATE TABLE m_b (x)', 'CREATE TABLE m_a (x)'])
    await expect(broken).rejects.toMatchObject({code: 'statement_invalid'})
    await expect(store.query('SELECT * FROM m_b')).rejects.toMatchObject({code: 'statement_invalid'})
    await store.write([
      {
        sql: 'INSERT INTO audit (at_ms, actor, action, target) VALUES (?, ?, ?, ?)',
        params: [5, 'cli', 'block', 'user 42'],
      },
    ])
    expect(await store.query('SELECT * FROM audit')).toEqual([
      {id: 1, at_ms: 5, actor: 'cli', action: 'block', target: 'user 42', details: '{}'},
    ])
  })

  test('commits durable writes together that are there together', async () => {
    const {store} = await openWorld(place())
    const before = store.status().commits
    await Promise.all(Array.from({length: 200}, (_, id) => store.write([note(id)])))
    expect(store.status().commits - before).toBeLessThan(100)
    expect(await noteIds(store)).toHaveLength(200)
  })

  test('gives back the room of what was removed, when asked to', async () => {
    const {store} = await openWorld(place())
    await store.write([note(1, 'x'.repeat(1_000_000))])
    await store.write([{sql: 'DELETE FROM t_notes'}])
    const pages = async () => Number((await store.query('PRAGMA page_count'))[0]?.page_count)
    const before = await pages()
    await store.write([{sql: 'PRAGMA incremental_vacuum(100)'}])
    expect(before - (await pages())).toBe(100)
  })

  test('flush waits for all that was given', async () => {
    const {store} = await openWorld(place())
    for (let id = 1; id <= 5000; id += 1) void store.append([note(id)])
    expect(store.status().queuedRows).toBe(5000)
    await store.flush()
    expect(store.status().queuedRows).toBe(0)
    expect(await store.query('SELECT count(*) AS rows FROM t_notes')).toEqual([{rows: 5000}])
    await store.flush()
  })

  test('a durable write does not wait for what is buffered', async () => {
    const {store} = await openWorld(place())
    const rows = Array.from({length: 500}, (_, index) => [index, 'x'])
    for (let batch = 0; batch < 60; batch += 1) {
      const ofBatch = rows.map(([id, text]) => [batch * 500 + Number(id), text as string])
      void store.append([{sql: 'INSERT INTO t_notes VALUES (?, ?)', rows: ofBatch}])
    }
    await new Promise(resolve => setImmediate(resolve))
    await store.write([note(100_000)])
    expect(store.status().queuedRows).toBeGreaterThan(20_000)
    await store.flush()
    expect(await store.query('SELECT count(*) AS rows FROM t_notes')).toEqual([{rows: 30_001}])
  })

  test('what the queue cannot hold is dropped and counted', async () => {
    const {store} = await openWorld(place())
    const rows = Array.from({length: 30_000}, (_, index) => [index, 'x'])
    const first = store.append([{sql: 'INSERT INTO t_notes VALUES (?, ?)', rows}])
    expect(await store.append([{sql: 'INSERT INTO t_notes VALUES (?, ?)', rows}])).toBe('dropped')
    expect(await first).toBe('stored')
    const large = 'x'.repeat(33_000_000)
    expect(await store.append([note(-1, large), note(-2, large)])).toBe('dropped')
    expect(store.status()).toMatchObject({state: 'ok', droppedRows: 30_002})
  })

  test('copies itself while it is written to, into a file of its own', async () => {
    const {store} = await openWorld(place())
    await store.write([note(1)])
    const path = join(tempFolder(), 'copy.db')
    const copying = store.backup(path)
    await store.write([note(2)])
    const {sizeBytes} = await copying
    expect(statSync(path)).toMatchObject({size: sizeBytes})
    expect(statSync(path).mode & 0o777).toBe(0o600)
    using copy = new DatabaseSync(path, {readOnly: true})
    expect(copy.prepare('SELECT id FROM t_notes WHERE id = 1').all()).toEqual([{id: 1}])
    expect(copy.prepare('PRAGMA integrity_check').get()).toEqual({integrity_check: 'ok'})
    await expect(store.backup(path)).rejects.toMatchObject({code: 'file_exists'})
    const nowhere = join(path, 'copy.db')
    await expect(store.backup(nowhere)).rejects.toMatchObject({code: 'file_unwritable'})
    const inNone = store.backup(join(tempFolder(), 'none/copy.db'))
    await expect(inNone).rejects.toMatchObject({code: 'file_unwritable'})
    expect(readdirSync(dirname(path))).toEqual(['copy.db'])
    expect(store.status().state).toBe('ok')
  })

  test('closes after all that was given, and then takes nothing', async () => {
    const {store} = await openWorld(place())
    const appended = store.append([note(1)])
    const written = store.write([note(2)])
    const closed = store.close()
    expect(await store.append([note(3)])).toBe('dropped')
    await Promise.all([closed, store.close()])
    expect(await appended).toBe('stored')
    await written
    const isClosed = {code: 'store_unavailable', message: 'the store is closed'}
    await expect(store.write([note(3)])).rejects.toMatchObject(isClosed)
    await expect(store.query('SELECT 1')).rejects.toMatchObject(isClosed)
    await expect(store.migrate('t', [])).rejects.toMatchObject(isClosed)
    await expect(store.backup(join(tempFolder(), 'copy.db'))).rejects.toMatchObject(isClosed)
    expect(await store.append([note(3)])).toBe('dropped')
    await store.flush()
  })

  test('a value that no thread can be sent fails by itself', async () => {
    const {store} = await openWorld(place())
    const wrong = {sql: 'INSERT INTO t_notes VALUES (?, ?)', params: [1, (() => 1) as never]}
    const appended = [store.append([note(2)]), store.append([wrong]), store.append([note(3)])]
    expect(await Promise.all(appended)).toEqual(['stored', 'dropped', 'stored'])
    await expect(store.write([wrong])).rejects.toThrow('could not be cloned')
    expect(await noteIds(store)).toEqual([2, 3])
  })
})
