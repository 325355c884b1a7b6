import {execFile} from 'node:child_process'
import {existsSync, readdirSync, readFileSync, statSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {promisify} from 'node:util'
import {asyncBufferFromFile, parquetReadObjects} from 'hyparquet'
import {expect, test} from 'vitest'
import {GsClient} from '../../src/client/game-client.js'
import {Program, programPath, runProgram} from '../helpers/program.js'
import {tempFolder} from '../helpers/temp-folder.js'
import {tinyDisk} from '../helpers/tiny-disk.js'
import {until} from '../helpers/until.js'

const FOR_EVER = 'WITH RECURSIVE t(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM t) SELECT count(*) FROM t'

/** A server on which user 42 has been, and everything that a command needs to find it. */
async function visitedServer() {
  const dataDir = tempFolder()
  const program = new Program(['serve', '--port', '0', '--plugins', 'analytics', '--data-dir', dataDir])
  const {port, socket} = await program.ready()
  const client = await GsClient.connect({port, userId: 42, reconnect: false})
  await client.joinRoom(7)
  await client.close()
  const run = (...args: string[]) => runProgram(['analytics', ...args, '--socket', socket], {})
  const ended = ['query', 'SELECT 1 FROM v_sessions WHERE user_id = 42 AND ended_ms > 0', '--json']
  while (JSON.parse((await run(...ended)).stdout).length === 0);
  const stop = async () => {
    program.signal('SIGTERM')
    await program.ended()
  }
  return {dataDir, socket, program, run, stop}
}

test('a query answers with a table or JSON, says what is wrong, and the server goes on', async () => {
  const {run} = await visitedServer()
  const sql = 'SELECT user_id, sessions FROM v_users WHERE user_id = 42'
  expect((await run('query', sql)).stdout).toBe('user_id  sessions\n     42         1\n\n1 row\n')
  expect(JSON.parse((await run('query', sql, '--json')).stdout)).toEqual([{user_id: 42, sessions: 1}])
  expect(JSON.parse((await run('query', `${sql} + 1`, '--json')).stdout)).toEqual([])
  expect(await run('query', 'SELECT x')).toMatchObject({status: 2, stderr: 'gs: no such column: x\n'})
  expect(await run('query', 'DELETE FROM analytics_users')).toMatchObject({
    status: 2,
    stderr: 'gs: a query only reads\n',
  })
  const late = await run('query', FOR_EVER, '--max-time', '500ms')
  expect(late).toMatchObject({status: 1, stderr: expect.stringContaining('longer than 500ms and was stopped')})
  expect((await run('query', sql)).status).toBe(0)
})

test('a query ends with the command that asked, and with the server', async () => {
  const {socket, program, stop} = await visitedServer()
  const query = new Program(['analytics', 'query', FOR_EVER, '--max-time', '10m', '--socket', socket])
  const server = program.child.pid as number
  await until(() => childrenOf(server).length === 1, 'the process of the query')
  query.signal('SIGKILL')
  await until(() => childrenOf(server).length === 0, 'the end of the query')
  const other = new Program(['analytics', 'query', FOR_EVER, '--max-time', '10m', '--socket', socket])
  await until(() => childrenOf(server).length === 1, 'the process of the other query')
  await stop()
  expect((await other.ended()).code).toBeGreaterThan(0)
})

test('one that reads a data directory ends with its command, even a killed one', async () => {
  const {dataDir, stop} = await visitedServer()
  await stop()
  const query = new Program(['analytics', 'query', FOR_EVER, '--max-time', '10m', '--data-dir', dataDir])
  await until(() => childrenOf(query.child.pid as number).length === 1, 'the process of the query')
  const [reader] = childrenOf(query.child.pid as number)
  query.signal('SIGKILL')
  await until(() => !existsSync(`/proc/${reader}`), 'the end of the query')
})

test.for(['server', 'data directory'] as const)('an export writes each format from a %s', async from => {
  const {dataDir, socket, stop} = await visitedServer()
  if (from === 'data directory') await stop()
  const source = from === 'server' ? ['--socket', socket] : ['--data-dir', dataDir]
  const folder = tempFolder()
  const file = (format: string) => join(folder, `visits.${format}`)
  const write = (format: string, ...more: string[]) =>
    runProgram(['analytics', 'export', '--format', format, '--out', file(format), ...source, ...more], {})
  for (const format of ['ndjson', 'csv', 'parquet']) {
    const {status, stdout} = await write(format, '--json')
    expect(status).toBe(0)
    const {rows, sizeBytes} = JSON.parse(stdout)
    expect([rows, sizeBytes]).toEqual([expect.any(Number), statSync(file(format)).size])
    expect(statSync(file(format)).mode & 0o777).toBe(0o600)
  }
  const events = readFileSync(file('ndjson'), 'utf8')
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line))
  expect(events.find(({type}) => type === 'room_joined')).toMatchObject({user_id: 42, room_id: 7, data: {userCount: 1}})
  const csv = readFileSync(file('csv'), 'utf8').trimEnd().split('\r\n')
  expect(csv[0]).toBe('id,timestamp,at_ms,type,user_id,room_id,data')
  expect(csv).toHaveLength(events.length + 1)
  expect(csv.find(line => line.includes('room_joined'))).toMatch(/,42,7,"\{""userCount"":1\}"$/)
  const parquet = await parquetReadObjects({file: await asyncBufferFromFile(file('parquet'))})
  expect(parquet.map(({id, type, room_id}) => [Number(id), type, room_id === null ? null : Number(room_id)])).toEqual(
    events.map(({id, type, room_id}) => [id, type, room_id]),
  )
  expect(await write('csv')).toMatchObject({status: 1, stderr: expect.stringContaining('visits.csv exists')})
  expect((await write('csv', '--force')).status).toBe(0)
  expect(readdirSync(folder)).toHaveLength(3)
})

test('an export to stdout is text for the next program, which may stop reading', async () => {
  const {dataDir, stop} = await visitedServer()
  await stop()
  const shell = (command: string) =>
    promisify(execFile)('sh', ['-c', command, process.execPath, programPath, dataDir], {encoding: 'utf8'})
  const {stdout, stderr} = await shell('"$0" "$1" analytics export --view v_users --data-dir "$2" | head -1')
  expect(JSON.parse(stdout)).toMatchObject({sessions: 1})
  expect(stderr).toBe('')
  const parquet = await runProgram(['analytics', 'export', '--format', 'parquet', '--data-dir', dataDir], {})
  expect(parquet).toMatchObject({status: 2, stderr: expect.stringContaining('--out')})
})

test('a full disk is said, and leaves nothing behind', async ({skip}) => {
  const disk = tinyDisk('16k')
  if (disk === null) return skip('no file systems may be mounted here')
  const {dataDir} = await visitedServer()
  const filler = join(disk.folder, 'filler')
  const out = join(disk.folder, 'events.csv')
  const args = ['analytics', 'export', '--view', 'v_events', '--data-dir', dataDir, '--out', out]
  writeFileSync(filler, Buffer.alloc(16_384))
  expect(await runProgram(args, {})).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(/cannot write .*: the disk is full/),
  })
  expect(readdirSync(disk.folder)).toEqual(['filler'])
})

test('a file that is no database, or a damaged one, is said to be', async () => {
  const {dataDir, stop} = await visitedServer()
  await stop()
  const file = join(dataDir, 'gs.db')
  const bytes = readFileSync(file)
  writeFileSync(file, 'no database at all, but long enough to be looked at'.repeat(100))
  const query = (sql: string) => runProgram(['analytics', 'query', sql, '--data-dir', dataDir], {})
  expect(await query('SELECT 1')).toMatchObject({status: 1, stderr: expect.stringContaining('damaged')})
  for (let offset = 8192; offset < bytes.length; offset += 1) bytes[offset] = 0xff
  writeFileSync(file, bytes)
  expect((await query('SELECT * FROM v_user_days')).status).toBe(1)
})

function childrenOf(pid: number): number[] {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim()
  return text === '' ? [] : text.split(' ').map(Number)
}
