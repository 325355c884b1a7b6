import {writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import type {AuditEntry, BlockSummary, TargetResult, UserSecurity} from '../../src/contract/security.js'
import {adminWorld} from '../helpers/admin-world.js'
import {times} from '../plugins/security/security-world.js'

const guarded = (...args: string[]) => adminWorld({args: ['--plugins', 'security', '--ephemeral', ...args]})

const outcomes = (results: TargetResult[]) => results.map(({outcome}) => outcome)

describe('gs security', () => {
  test('shows what was refused, why a user is blocked, and lifts it', async () => {
    const {gs, json, user} = await guarded()
    const client = await user(42, {rooms: [1]})
    client.send(...times(70, index => ({type: 'chat', roomId: 1, message: 'hi', seq: index})))
    for (let refusals = 0; refusals < 11; refusals += 1) await client.take('error')
    const stats = await gs('security')
    expect(stats).toMatchObject({status: 0, stderr: ''})
    expect(stats.stdout).toMatch(/^mode +enforce\n/)
    expect(stats.stdout).toMatch(/\nuser_rate +enforce +11 +0\n$/)
    const shown = await gs('security show 42')
    expect(shown.stdout).toMatch(/^user +42\nconnected +yes\naddress +127\.0\.0\.1\n/)
    expect(shown.stdout).toMatch(/\nmessages +60 of 60 in the last minute\nviolations +1, more than 3 block\n/)
    expect(shown.stdout).toMatch(/\nlast refusals\n {2}user_rate × 11, \S+ ago\n/)
    expect(shown.stdout).toContain('\n  3 more reads with refusals block for 5m.\n')
    for (let reads = 0; reads < 3; reads += 1) {
      client.send({type: 'chat', roomId: 1, message: 'hi', seq: 100 + reads})
      if (reads < 2) await client.take('error')
    }
    await client.closed
    expect((await gs('security show 42')).stdout).toMatch(/\nblocked +by rule user_rate, for 4m \d+s more\n/)
    const [block] = (await json('security list --rule user_rate --since 1h')) as BlockSummary[]
    expect(block).toMatchObject({userId: 42, target: '42', evidence: {violations: 4}, isDurable: true})
    const lifted = await gs('security unblock 42')
    expect(lifted).toMatchObject({status: 0, stderr: ''})
    expect(lifted.stdout).toMatch(/^lifted the block of user 42 \(4m \d+s were left\)\n$/)
    expect(await json('security show 42')).toMatchObject({block: null, violations: 0} satisfies Partial<UserSecurity>)
    await user(42)
  })

  test('blocks by hand, tries every target, and closes who is there', async () => {
    const {gs, json, user} = await guarded()
    const client = await user(7)
    const blocked = await gs(['security', 'block', '7', '8', '7', '--for', '10m', '--reason', 'spam'])
    expect(blocked).toMatchObject({status: 0, stderr: ''})
    expect(blocked.stdout).toBe('blocked user 7 for 10m; 1 connection closed\nblocked user 8 for 10m\n')
    expect(await client.take('goodbye')).toMatchObject({reason: 'blocked', retryAfterMs: expect.any(Number)})
    const mixed = await gs('security block --ip 203.0.113.7 9 --cidr 0.0.0.0/0 --ip 127.0.0.1')
    expect(mixed).toMatchObject({status: 1})
    expect(mixed.stdout).toBe(
      'blocked user 9 until it is lifted\n' +
        'blocked 203.0.113.7 until it is lifted\n' +
        '127.0.0.1 is this machine itself; --force does it\n' +
        '0.0.0.0/0 is a large part of all addresses; --force does it\n',
    )
    const list = await gs('security list --sort target')
    expect(list.stdout).toMatch(/^TARGET +KIND +RULE +SINCE +ENDS +AUTHOR +REASON\n203\.0\.113\.7 +address +- /)
    expect(list.stdout).toMatch(/\n7 +user +- +\S+ ago +in 9m \d+s +\S+ +spam\n/)
    expect(await json('security list --ip 203.0.113.7')).toMatchObject([{kind: 'address'}])
    expect(await json('security list --cidr 203.0.113.0/24 --user 7')).toEqual([])
    const audit = (await json('security audit')) as AuditEntry[]
    expect(audit.map(({action, target}) => `${action} ${target}`).sort()).toEqual([
      'block 203.0.113.7',
      'block user 7',
      'block user 8',
      'block user 9',
    ])
  })

  test('unblocks the same twice, and tells a mistyped id', async () => {
    const {gs, json} = await guarded()
    await gs('security block 7 8 --ip 203.0.113.7 --cidr 203.0.113.0/24')
    expect(outcomes(await json('security unblock 7 --ip 203.0.113.7'))).toEqual(['lifted', 'still_covered'])
    expect(outcomes(await json('security unblock 7'))).toEqual(['not_blocked'])
    const unknown = await gs('security unblock 8 9')
    expect(unknown).toMatchObject({status: 3})
    expect(unknown.stdout).toBe('lifted the block of user 8\nuser 9 is not known, and not blocked\n')
    expect(await gs('security unblock')).toMatchObject({status: 2})
    expect(await gs('security unblock 7 --all')).toMatchObject({status: 2})
    expect(outcomes(await json('security unblock --all'))).toEqual(['lifted'])
    expect(await gs('security unblock --all')).toMatchObject({status: 0, stdout: 'nothing is blocked so\n'})
    expect(await json('security list')).toEqual([])
  })

  test.for([
    ['security block', 'nobody is named'],
    ['security block 0', 'not a user id: "0"'],
    ['security block 203.0.113.7', 'addresses go with --ip'],
    ['security block 10-19', 'not a user id: "10-19"'],
    ['security block 7 --for 0s', 'must be at least 1s'],
    ['security block --ip nonsense', 'not an address'],
    ['security list --sort nonsense', 'nonsense'],
    ['security import missing.ndjson', 'cannot read missing.ndjson'],
  ] as const)('gs %s is a mistake', async ([command, words]) => {
    const {gs} = await guarded()
    const {status, stdout, stderr} = await gs(command)
    expect({status, stdout}).toEqual({status: 2, stdout: ''})
    expect(stderr).toContain(words)
  })

  test('exempts, lists and takes back', async () => {
    const {gs, user} = await guarded()
    await gs('security block 12')
    expect((await gs('security allow 10-19 --for 1h')).stdout).toBe('allowed users 10-19 for 1h, and lifted 1 block\n')
    expect((await gs('security allow')).stdout).toMatch(/^TARGET .*\n10-19 +users +\S+ ago +in 59m \d+s /)
    const client = await user(12, {rooms: [1]})
    client.send(...times(100, index => ({type: 'chat', roomId: 1, message: '<script>', seq: index})))
    for (let index = 0; index < 100; index += 1) await client.take('ack')
    expect(await gs('security block 12')).toMatchObject({status: 1, stdout: expect.stringContaining('allow-list')})
    expect((await gs('security disallow 10-19')).stdout).toBe('took users 10-19 off the allow-list\n')
    expect(await gs('security disallow 10-19')).toMatchObject({status: 3})
  })

  test('carries blocks from one server to another', async () => {
    const one = await guarded('--name', 'one')
    await one.gs('security block 7 --for 1h --reason spam')
    await one.gs('security block --cidr 203.0.113.0/24')
    const exported = await one.gs('security export')
    expect(exported).toMatchObject({status: 0, stderr: ''})
    expect(
      exported.stdout
        .trimEnd()
        .split('\n')
        .map(line => JSON.parse(line).target),
    ).toEqual([{cidr: '203.0.113.0/24'}, {user: 7}])
    const two = await guarded('--name', 'two')
    writeFileSync(join(two.cwd, 'blocks.ndjson'), exported.stdout)
    expect(outcomes(await two.json('security import blocks.ndjson'))).toEqual(['blocked', 'blocked'])
    const [there, here] = await Promise.all([one.json('security list'), two.json('security list')])
    expect(here).toEqual(there)
    writeFileSync(join(two.cwd, 'broken.ndjson'), `${exported.stdout}{`)
    const broken = await two.gs('security import broken.ndjson')
    expect(broken).toMatchObject({status: 2, stderr: expect.stringContaining('line 3 is no JSON')})
    writeFileSync(join(two.cwd, 'other.ndjson'), `${exported.stdout}{"target":{"user":9}}`)
    const other = await two.gs('security import other.ndjson')
    expect(other).toMatchObject({status: 2, stderr: expect.stringContaining('line 3 is no block: one has target, ')})
  })

  test('without the plugin: blocks can be seen and lifted, and nothing else', async () => {
    const {gs, json} = await guarded()
    await gs('security block 7 8')
    expect(await gs('plugin disable security')).toMatchObject({status: 2})
    expect(await gs('plugin disable security --yes')).toMatchObject({status: 0})
    const listed = await gs('security list --json')
    expect(JSON.parse(listed.stdout)).toHaveLength(2)
    expect(listed.stderr).toBe('gs: the security plugin is not enabled, so nothing enforces these\n')
    expect((await gs('security unblock 7')).stdout).toBe('lifted the block of user 7\n')
    for (const command of ['security', 'security show 8', 'security block 9', 'security allow', 'security rules']) {
      expect(await gs(command), command).toMatchObject({status: 6})
    }
    await gs('plugin enable security')
    expect(await json('security list')).toMatchObject([{userId: 8}])
    expect(((await json('security audit')) as AuditEntry[])[0]).toMatchObject({action: 'unblock', target: 'user 7'})
  })
})

test('gs bench is exempt for as long as it runs, and both ends stand in the audit', async () => {
  const {gs, json} = await guarded()
  const args = ['--duration=500ms', '--warmup=0ms', '--clients=4', '--rooms=1', '--window=8', '--json']
  const {status, stdout} = await gs(['bench', ...args])
  expect(status).toBe(0)
  const result = JSON.parse(stdout)
  expect(result).toMatchObject({errors: {total: 0}, lost: {total: 0}})
  expect(result.published).toBeGreaterThan(60)
  expect(result.notes.join()).toContain('exempted users 4000000000 to 4000000003')
  expect(await json('security allow')).toEqual([])
  const audit = (await json('security audit')) as AuditEntry[]
  expect(audit.map(({actor, action, target}) => `${actor}: ${action} ${target}`)).toEqual([
    'gs bench: disallow users 4000000000-4000000003',
    'gs bench: allow users 4000000000-4000000003',
  ])
})

describe('gs backup', () => {
  test('makes a file that a server starts from, with the blocks in it', async () => {
    const one = await adminWorld({args: ['--plugins', 'security', '--data-dir', 'data']})
    await one.gs('security block 7 --reason spam')
    const {status, stdout} = await one.gs('backup copy/gs.db')
    expect({status, stdout}).toMatchObject({status: 1})
    const backup = (await one.json('backup gs.db')) as {file: string}
    expect(backup).toEqual({file: join(one.cwd, 'gs.db'), sizeBytes: expect.any(Number)})
    expect(await one.gs('backup gs.db')).toMatchObject({status: 1, stderr: expect.stringContaining('exists')})
    await one.gs('security unblock 7')
    const two = await adminWorld({args: ['--plugins', 'security', '--data-dir', one.cwd]})
    expect(await two.json('security list')).toMatchObject([{userId: 7, reason: 'spam'}])
    expect(await one.json('security list')).toEqual([])
  })
})
