import {readdirSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {setTimeout as pause} from 'node:timers/promises'
import {describe, expect, test} from 'vitest'
import {readEvents} from '../../../src/client/admin/read-events.js'
import type {RowLine} from '../../../src/contract/row-lines.js'
import type {Store} from '../../../src/contract/store.js'
import {GsError} from '../../../src/errors.js'
import {runQuery, toObjects} from '../../../src/ops/analytics/query.js'
import {RowStream} from '../../../src/ops/analytics/row-stream.js'
import {exportStored} from '../../../src/ops/analytics/stored-rows.js'
import {RowDesk} from '../../../src/plugins/analytics/row-desk.js'
import {queryJob} from '../../../src/plugins/analytics/row-jobs.js'
import {ANALYTICS_VIEWS} from '../../../src/plugins/analytics/schema.js'
import {kindOfColumn} from '../../../src/plugins/analytics/view-columns.js'
import {tempFolder} from '../../helpers/temp-folder.js'
import {type AnalyticsWorld, analyticsWorld} from './analytics-world.js'

const FOR_EVER = 'WITH RECURSIVE t(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM t) SELECT count(*) FROM t'
const ENDLESS = FOR_EVER.replace('count(*)', 'x')

/** Two users in one room, who have left. */
async function visited(config: Parameters<typeof analyticsWorld>[0] = {}): Promise<AnalyticsWorld> {
  const world = await analyticsWorld(config)
  for (const userId of [42, 43]) {
    const client = await world.enter(userId)
    await client.joinRoom(7)
    await client.chat(7, 'hello')
    await world.leave(client)
  }
  return world
}

function open(lines: AsyncIterable<Uint8Array>): Promise<RowStream> {
  return RowStream.open(readEvents<RowLine>(lines as AsyncIterable<Buffer>))
}

async function ask({api}: AnalyticsWorld, sql: string, {maxRows = 1000, limitMs = 15_000} = {}) {
  const stream = await open(api.query({sql, maxRows, limitMs}))
  const rows = []
  for await (const portion of stream.portions()) rows.push(...portion)
  return {columns: stream.columns, rows, isCut: stream.isCut}
}

describe('a query', () => {
  test('sees everything up to now, also where the store is in memory, and leaves no copy of it', async () => {
    const world = await visited()
    const {columns, rows} = await ask(world, 'SELECT user_id, messages FROM v_users ORDER BY 1')
    expect({columns, rows}).toEqual({
      columns: ['user_id', 'messages'],
      rows: [
        [42, 2],
        [43, 2],
      ],
    })
    expect(readdirSync(tmpdir()).filter(name => name.startsWith('gs-query-'))).toEqual([])
  })

  test('may use all of SQL that reads: parts with names, joins, windows, JSON', async () => {
    const world = await visited()
    const {rows} = await ask(
      world,
      `WITH joined AS (SELECT user_id, json_extract(data, '$.userCount') AS users FROM v_events WHERE type = 'room_joined')
       SELECT user_id, users, row_number() OVER (ORDER BY user_id), value FROM joined JOIN v_users USING (user_id),
       json_each('["a"]') ORDER BY 1`,
    )
    expect(rows).toEqual([
      [42, 1, 1, 'a'],
      [43, 1, 2, 'a'],
    ])
    expect((await ask(world, 'SELECT count(*) FROM v_events;  -- all\n')).rows).toHaveLength(1)
  })

  test('is cut at the wanted number of rows', async () => {
    const world = await visited()
    expect(await ask(world, ENDLESS, {maxRows: 2})).toEqual({columns: ['x'], rows: [[1], [2]], isCut: true})
    expect(await ask(world, 'SELECT 1 AS x', {maxRows: 1})).toMatchObject({rows: [[1]], isCut: false})
  })

  test.for([
    ['SELECT', /incomplete input/],
    ['SELEC 1', /syntax error/],
    ['SELECT nix FROM v_users', /no such column: nix/],
    ['SELECT * FROM nix', /no such table: nix/],
    ['SELECT 1; SELECT 2', /only one statement/],
    ['-- nothing', /./],
    ['DELETE FROM analytics_users', /only reads/],
    ['UPDATE analytics_users SET messages = 0', /only reads/],
    ['INSERT INTO analytics_hours VALUES (1, 2, 3)', /only reads/],
    ['DROP TABLE analytics_users', /only reads/],
    ['CREATE TEMP TABLE t (x)', /only reads/],
    ["ATTACH '/tmp/x.db' AS x", /only reads/],
    ["VACUUM INTO '/tmp/x.db'", /./],
    ['PRAGMA user_version = 9', /no pragmas/],
    ['SELECT * FROM pragma_table_list', /no pragmas/],
    ['BEGIN', /no transactions/],
    ['SELECT * FROM audit', /audit is no view/],
    ['SELECT count(*) FROM audit', /audit is no view/],
    ['SELECT * FROM sqlite_schema', /sqlite_master is no view/],
    ['SELECT * FROM dbstat', /dbstat is no view/],
    ['SELECT messages FROM analytics_users', /analytics_users is no view/],
    ['WITH v_events AS (SELECT * FROM audit) SELECT * FROM v_events', /audit is no view/],
    ['SELECT (SELECT count(*) FROM plugin_schemas) FROM v_users', /plugin_schemas is no view/],
    ["SELECT load_extension('x')", /./],
    ['SELECT 9223372036854775807', /beyond 2\^53-1/],
    ['SELECT zeroblob(100000000)', /too big/],
  ] as const)('%s is refused and says why', async ([sql, reason]) => {
    const world = await visited()
    await expect(ask(world, sql)).rejects.toMatchObject({
      code: 'statement_invalid',
      message: expect.stringMatching(reason),
    })
    expect((await ask(world, 'SELECT sum(messages) FROM v_users')).rows).toEqual([[4]])
  })

  test('that runs for ever is stopped, and its process is gone', async () => {
    const world = await visited()
    await expect(ask(world, FOR_EVER, {limitMs: 700})).rejects.toMatchObject({
      code: 'limit_reached',
      message: 'the query took longer than 700ms and was stopped',
    })
    expect((await ask(world, 'SELECT 1')).rows).toEqual([[1]])
  })

  test('ends when nobody reads on, and others may run then; four run at a time', async () => {
    const world = await visited()
    const running = await Promise.all(
      [1, 2, 3, 4].map(() => open(world.api.query({sql: ENDLESS, maxRows: 100_000, limitMs: 60_000}))),
    )
    expect(() => world.api.query({sql: 'SELECT 1', maxRows: 1, limitMs: 1000})).toThrow('4 queries and exports run')
    for (const stream of running) for await (const _ of stream.portions()) break
    expect((await ask(world, 'SELECT 1')).rows).toEqual([[1]])
  })

  test('gives a slow reader all of it, and waits meanwhile', async () => {
    const world = await visited()
    const sql = `SELECT x, hex(zeroblob(40)) FROM (${ENDLESS})`
    const stream = await open(world.api.query({sql, maxRows: 100_000, limitMs: 60_000}))
    let rows = 0
    for await (const portion of stream.portions()) {
      // Long enough for the pipe to fill up, once.
      if (rows === 0) await pause(500)
      rows += portion.length
    }
    expect([rows, stream.isCut]).toEqual([100_000, true])
  })

  test('ends with the server', async () => {
    const world = await visited()
    const lines = world.api.query({sql: FOR_EVER, maxRows: 1, limitMs: 60_000})
    const seen: unknown[] = []
    const reading = (async () => {
      for await (const line of lines) seen.push(line)
    })()
    await world.close()
    await reading
    expect(seen.length).toBeLessThan(2)
  })

  test('finds the same in the data directory of a server that does not run', async () => {
    const dataDir = tempFolder()
    const world = await visited({ephemeral: false, dataDir})
    const sql = 'SELECT user_id, sessions FROM v_users ORDER BY 1'
    const {rows} = await ask(world, sql)
    const source = {dataDir}
    expect((await runQuery(source, {sql, maxRows: 10, limitMs: 15_000})).rows).toEqual(rows)
    await world.close()
    expect((await runQuery(source, {sql, maxRows: 10, limitMs: 15_000})).rows).toEqual(rows)
    const nowhere = {dataDir: tempFolder()}
    await expect(runQuery(nowhere, {sql, maxRows: 1, limitMs: 1000})).rejects.toMatchObject({code: 'not_found'})
  })
})

test('rows as objects keep columns of the same name apart', () => {
  const columns = ['n', 'n', 'm']
  expect(toObjects({columns, rows: [[1, 2, null]], isCut: false})).toEqual([{n: 1, n_2: 2, m: null}])
})

describe('an export', () => {
  test('has all rows of a view, counted before, and those of a period', async () => {
    const world = await visited()
    const all = await open(world.api.exportRows({view: 'v_sessions'}))
    expect(all.total).toBe(2)
    const later = await open(world.api.exportRows({view: 'v_sessions', sinceMs: world.clock.nowMs() + 1}))
    expect(later.total).toBe(0)
    for (const stream of [all, later]) for await (const portion of stream.portions()) expect(portion).toHaveLength(2)
  })

  test('refuses what is no view, and a period where there are no times', async () => {
    const {api} = await visited()
    expect(() => api.exportRows({view: 'audit'})).toThrow(expect.objectContaining({code: 'not_found'}))
    expect(() => api.exportRows({view: 'v_users; DROP TABLE x'})).toThrow(expect.objectContaining({code: 'not_found'}))
    expect(() => api.exportRows({view: 'v_user_hours', sinceMs: 1})).toThrow(expect.objectContaining({code: 'usage'}))
  })

  test.for(ANALYTICS_VIEWS)('knows what the columns of %s hold', async view => {
    const dataDir = tempFolder()
    const world = await visited({ephemeral: false, dataDir})
    await world.close()
    const stream = await RowStream.open(await exportStored(dataDir, {view}))
    let rows = 0
    for await (const portion of stream.portions()) {
      for (const row of portion) {
        rows += 1
        for (const [index, cell] of row.entries()) {
          const column = stream.columns[index] ?? ''
          if (cell === null) continue
          expect([column, kindOfColumn(view, column)]).toEqual([column, typeof cell === 'string' ? 'text' : 'integer'])
        }
      }
    }
    expect(rows).toBeGreaterThan(0)
  })
})

test('what goes wrong before there are rows is said in a line', async () => {
  const store = {
    status: () => null,
    backup: () => Promise.reject(new GsError('file_unwritable', 'the disk is full', {hint: 'Make room.'})),
  } as unknown as Store
  const desk = new RowDesk({store, flush: async () => {}})
  const lines = desk.run(file => queryJob(file, {sql: 'SELECT 1', maxRows: 1, limitMs: 1000}), {limitMs: 1000})
  await expect(open(lines)).rejects.toMatchObject({code: 'file_unwritable', hint: 'Make room.'})
})
