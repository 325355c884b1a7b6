import {expect, onTestFinished, test} from 'vitest'
import type {Statement, Store} from '../../../src/contract/store.js'
import {GsError} from '../../../src/errors.js'
import {openStore} from '../../../src/store/open-store.js'
import {ManualClock} from '../../helpers/manual-clock.js'
import {tinyDisk} from '../../helpers/tiny-disk.js'
import {until} from '../../helpers/until.js'
import {chat, memoryStore, securityWorld} from './security-world.js'

const MINUTE = 60_000
const log = {debug() {}, info() {}, warn() {}, error() {}}

/** A store whose disk can be taken away. */
async function faultyStore(clock: ManualClock) {
  const store = await memoryStore(clock)
  let isBroken = false
  const write = (statements: readonly Statement[]) =>
    isBroken ? Promise.reject(new GsError('store_unavailable', 'the disk is full')) : store.write(statements)
  const faulty: Store = {
    isLasting: store.isLasting,
    status: () => store.status(),
    migrate: (owner, steps) => store.migrate(owner, steps),
    query: (sql, params, limits) => store.query(sql, params, limits) as never,
    append: statements => store.append(statements),
    flush: () => store.flush(),
    backup: path => store.backup(path),
    write,
  }
  return {
    store: faulty,
    breakDisk: (broken: boolean) => {
      isBroken = broken
    },
  }
}

test('blocks and liftings hold without a disk, say so, and reach it once it works again', async () => {
  const clock = new ManualClock()
  const {store, breakDisk} = await faultyStore(clock)
  const world = await securityWorld({rateLimitPerMinute: 1}, {clock, store})
  await world.api.block({targets: [{user: 7}, {user: 8}]})
  breakDisk(true)
  expect(await world.api.block({targets: [{user: 9}, {cidr: '203.0.113.0/24'}]})).toMatchObject([
    {outcome: 'blocked', durable: false},
    {outcome: 'blocked', durable: false},
  ])
  expect(await world.api.unblock({targets: [{user: 7}]})).toMatchObject([{outcome: 'lifted', durable: false}])
  expect(await world.api.allow({targets: [{user: 8}]})).toMatchObject([{outcome: 'allowed', durable: false}])
  for (let reads = 0; reads < 5; reads += 1) world.say(1, chat())
  expect(world.connect('203.0.113.5').said).toMatchObject({rule: 'blocked_address'})
  for (const [userId, isBlocked] of [
    [1, true],
    [7, false],
    [8, false],
    [9, true],
  ] as const) {
    expect(world.connect('198.51.100.9', userId).said !== null, `user ${userId}`).toBe(isBlocked)
  }
  await until(() => world.api.stats().unsaved === 6, `${world.api.stats().unsaved} are unsaved`)
  expect(world.api.blocks({user: 9})).toMatchObject([{isDurable: false}])
  expect(world.lines.map(({message}) => message)).toContain('blocks are in force, but cannot be written')
  clock.advance(5000)
  await until(() => world.api.stats().unsaved === 6, 'still broken')
  breakDisk(false)
  clock.advance(5000)
  await until(() => world.api.stats().unsaved === 0, 'nothing was written')
  expect(world.api.blocks({user: 9})).toMatchObject([{isDurable: true}])
  await world.plugins.close()
  const second = await securityWorld({rateLimitPerMinute: 1}, {clock, store})
  expect(
    second.api
      .blocks()
      .map(({target}) => target)
      .sort(),
  ).toEqual(['1', '203.0.113.0/24', '9'])
  expect(second.api.allowed().map(({target}) => target)).toEqual(['8'])
  expect((await second.api.show(1))?.ladder).toHaveLength(1)
})

test('what was lifted meanwhile does not come back with the disk', async () => {
  const clock = new ManualClock()
  const {store, breakDisk} = await faultyStore(clock)
  const world = await securityWorld({}, {clock, store})
  breakDisk(true)
  await world.api.block({targets: [{user: 7}], forMs: MINUTE})
  breakDisk(false)
  expect(await world.api.unblock({targets: [{user: 7}]})).toMatchObject([{outcome: 'lifted', durable: true}])
  for (const stepMs of [5000, 5000]) clock.advance(stepMs)
  await world.plugins.close()
  const second = await securityWorld({}, {clock, store})
  expect(second.api.blocks()).toEqual([])
})

test('a full disk is survived', async context => {
  const disk = tinyDisk('1m')
  if (disk === null) return context.skip('mounting a small disk is not allowed here')
  const clock = new ManualClock()
  const store = await openStore({directory: disk.folder, clock, log})
  onTestFinished(() => store.close())
  const world = await securityWorld({}, {clock, store})
  let last = 0
  for (let isDurable = true; isDurable; ) {
    last += 1
    const [result] = await world.api.block({targets: [{user: last}], reason: 'x'.repeat(500)})
    isDurable = result?.durable ?? false
    if (last > 5000) throw new Error('the disk never filled up')
  }
  expect(store.status().state).toBe('disk_full')
  expect(world.connect('203.0.113.5', last).said).toMatchObject({rule: 'blocked_user'})
  expect(world.connect('203.0.113.5', 1).said).toMatchObject({rule: 'blocked_user'})
  expect(disk.remount('size=8m')).toBe(true)
  clock.advance(5000)
  await until(() => world.api.stats().unsaved === 0, 'it was not written')
  expect(world.api.blocks({user: last})).toMatchObject([{isDurable: true}])
})
