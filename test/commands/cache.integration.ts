import {readdirSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {adminWorld} from '../helpers/admin-world.js'
import {programPath} from '../helpers/program.js'
import {tempFolder} from '../helpers/temp-folder.js'
import {TmuxTerminals, whyNoTmux} from '../helpers/tmux-terminal.js'

const cachedWorld = () => adminWorld({args: ['--plugins', 'cache', '--ephemeral']})

describe('gs cache', () => {
  test('sets, shows, explains, lists and deletes entries', async () => {
    const {gs, json} = await cachedWorld()
    expect(await gs(['cache', 'set', 'p:1', '{"a":[1]}', '--ttl', '10m'])).toEqual({
      status: 0,
      stdout: expect.stringMatching(/^set p:1, for (10m|9m 59s)\n$/),
      stderr: '',
    })
    expect(await json(['cache', 'set', 'p:2', '"text"'])).toMatchObject({key: 'p:2', tier: 'l1', rawBytes: 6})
    expect(await gs('cache get p:1')).toEqual({status: 0, stdout: '{\n  "a": [\n    1\n  ]\n}\n', stderr: ''})
    expect(await json('cache get p:2')).toBe('text')
    expect(await json('cache explain p:1')).toMatchObject({
      tier: 'l1',
      form: 'live',
      hits: 0,
      reason: expect.any(String),
    })
    expect((await gs('cache explain p:1')).stdout).toMatch(/^key +p:1\ntier +l1\n(.*\n)*reason +It was written/)
    const listed: {key: string}[] = await json('cache keys --prefix p: --tier l1 --sort size')
    expect(listed.map(({key}) => key)).toEqual(['p:1', 'p:2'])
    expect(await json('cache keys --prefix none')).toEqual([])
    expect(await gs('cache delete p:1')).toMatchObject({status: 0, stdout: 'deleted 1 entry\n'})
    expect(await gs('cache delete p:1')).toMatchObject({status: 3, stderr: expect.stringContaining('no key "p:1"')})
    expect(await gs('cache delete --prefix none')).toMatchObject({status: 0, stdout: 'deleted 0 entries\n'})
    expect(await gs('cache cleanup')).toMatchObject({status: 0, stdout: 'removed 0 expired entries\n'})
    expect(await gs('cache clear')).toMatchObject({status: 2, stderr: expect.stringContaining('--yes')})
    expect(await json('cache clear --yes')).toEqual({removed: 1})
    expect(await json('cache')).toMatchObject({l1Size: 0, sets: 2, evictions: {deleted: 2}})
  })

  test('ends with 3 for keys that are not there, and with 2 for what cannot be', async () => {
    const {gs} = await cachedWorld()
    for (const command of ['get nope', 'explain nope', 'delete nope', 'trace stop new.trace']) {
      expect(await gs(`cache ${command}`), command).toMatchObject({status: 3, stdout: ''})
    }
    const wrong = [
      ['set', 'k', 'no json'],
      ['set', 'k'],
      ['set', 'game_state:1', '1'],
      ['set', 'k'.repeat(257), '1'],
      ['set', 'k', '1', '--ttl', '0ms'],
      ['delete'],
      ['delete', 'k', '--prefix', 'k'],
      ['resize'],
      ['resize', '--l1', '1'],
      ['resize', '--l2', '64mib'],
      ['keys', '--sort', 'colour'],
      ['keys', '--tier', 'l3'],
      ['trace', 'start', '--reads', '0'],
    ]
    for (const words of wrong) expect(await gs(['cache', ...words]), words.join(' ')).toMatchObject({status: 2})
  })

  test('says that the plugin is not there, with 6', async () => {
    const {gs} = await adminWorld()
    for (const command of ['cache', 'cache keys', 'cache get k']) {
      expect(await gs(command)).toMatchObject({status: 6, stderr: expect.stringContaining('gs plugin enable cache')})
    }
  })

  test('changes sizes while it runs', async () => {
    const {gs, json} = await cachedWorld()
    expect(await json('cache resize --l1 2000 --l2 64mb')).toMatchObject({l1Limit: 2000, l2BytesLimit: 64_000_000})
    expect(await json('cache resize --l2 500 --l2 2mb')).toMatchObject({l2Limit: 500, l2BytesLimit: 2_000_000})
    expect((await gs('cache')).stdout).toMatch(/^L1 +0 of 2 000 /m)
  })

  test('writes a trace that simulate reads; a file is not overwritten, and the trace goes on', async () => {
    const {gs, json, cwd} = await cachedWorld()
    expect(await gs('cache trace')).toMatchObject({status: 0, stdout: 'not recording\n'})
    expect(await json('cache trace start --reads 100')).toMatchObject({isRunning: true, maxReads: 100})
    writeFileSync(join(cwd, 'taken'), 'mine')
    expect(await gs('cache trace stop taken')).toMatchObject({status: 1, stderr: expect.stringContaining('exists')})
    expect(await gs('cache trace stop no/such/folder')).toMatchObject({status: 1})
    expect(await json('cache trace')).toMatchObject({isRunning: true})
    expect(await json('cache trace stop new.trace')).toMatchObject({file: 'new.trace', dropped: 0})
    expect(readdirSync(cwd).sort()).toEqual(['new.trace', 'taken'])
    expect(await gs('cache simulate new.trace')).toMatchObject({status: 0, stdout: expect.stringMatching(/^0 reads/)})
  })
})

test('gs cache --watch shows what is put in, and gives the terminal back', async ({skip}) => {
  const reason = whyNoTmux()
  skip(reason !== undefined, reason)
  const {gs, socket} = await cachedWorld()
  expect(await gs('cache --watch')).toMatchObject({status: 2, stderr: expect.stringContaining('needs a terminal')})
  const terminal = await new TmuxTerminals().open({name: 'watch', columns: 80, rows: 24})
  await terminal.enter(`${process.execPath} ${programPath} cache --watch --interval 100ms --socket ${socket}`)
  await terminal.shows(/L1 entries .* 0 of 1 000/)
  await gs(['cache', 'set', 'k', '1'])
  await terminal.shows(/L1 entries .* 1 of 1 000/)
  await terminal.press('q')
  await terminal.shows(/^[#$] *$/m)
  expect(await terminal.property('alternate_on')).toBe('0')
})

test.runIf(whyNoTmux() === undefined).each([
  ['SIGTERM', 143],
  ['SIGHUP', 129],
  ['SIGINT', 0],
] as const)('%s ends gs cache --watch with %i, and the terminal is whole', async (signal, status) => {
  const {cwd, socket} = await cachedWorld()
  const terminal = await new TmuxTerminals().open({name: 'watch', columns: 80, rows: 24})
  const command = `${process.execPath} ${programPath} cache --watch --socket ${socket}`
  await terminal.enter(`sh -c 'echo $$ > ${cwd}/pid; exec ${command}'; echo status=$?`)
  await terminal.shows(/L1 entries .* 0 of 1 000/)
  process.kill(Number(readFileSync(join(cwd, 'pid'), 'utf8')), signal)
  await terminal.shows(`status=${status}`)
  expect(await terminal.property('alternate_on')).toBe('0')
})

test('gs cache simulate refuses what is no trace, and sizes and policies that are none', async () => {
  const cwd = tempFolder({'no.trace': 'hello\nworld', 'cut.trace': 'gs-cache-trace 1 dropped=0\nabc', empty: ''})
  const {gs} = await adminWorld()
  for (const file of ['no.trace', 'cut.trace', 'empty', 'missing', '.']) {
    expect(await gs(['cache', 'simulate', file], {cwd}), file).toMatchObject({status: 2, stdout: ''})
  }
  writeFileSync(join(cwd, 'ok.trace'), 'gs-cache-trace 1 dropped=0\nabcdabcd')
  expect((await gs('cache simulate ok.trace', {cwd})).stdout).toMatch(/^2 reads of 1 keys\n/)
  for (const flags of ['--sizes 4', '--sizes 10,x', '--sizes 10000001', '--policies fifo', '--policies lru,']) {
    expect(await gs(`cache simulate ok.trace ${flags}`, {cwd}), flags).toMatchObject({status: 2, stdout: ''})
  }
})
