import {describe, expect, test} from 'vitest'
import {ManualClock} from '../../helpers/manual-clock.js'
import {chat, memoryStore, securityWorld} from './security-world.js'

const MINUTE = 60_000
const DAY = 86_400_000

type World = Awaited<ReturnType<typeof securityWorld>>

/** Makes a rule block user 1. */
function offend({say}: World): void {
  for (let reads = 0; reads < 5; reads += 1) say(1, chat())
}

const strict = {rateLimitPerMinute: 1}

/** A second server on the same data, after the first has ended. */
async function pair(security = strict) {
  const clock = new ManualClock()
  const store = await memoryStore(clock)
  const first = await securityWorld(security, {clock, store})
  return {
    first,
    clock,
    restart: async (changed = security) => {
      await first.plugins.close()
      return securityWorld(changed, {clock, store})
    },
  }
}

describe('a block by a rule', () => {
  test('ends by wall time when it is asked for, whether or not anybody swept', async () => {
    const world = await securityWorld(strict)
    offend(world)
    world.clock.stall(5 * MINUTE - 1)
    expect(world.connect('203.0.113.9', 1).said).toMatchObject({rule: 'blocked_user', retryAfterMs: 1})
    world.clock.stall(1)
    expect(world.connect('203.0.113.9', 1).said).toBeNull()
    expect(world.api.blocks()).toEqual([])
    expect(world.api.stats().blockedUsers).toBe(0)
  })

  test('is twice as long each time within 7 days, up to a day', async () => {
    const world = await securityWorld(strict)
    const minutes: number[] = []
    for (let round = 0; round < 10; round += 1) {
      offend(world)
      const [block] = world.api.blocks()
      const lastedMs = (block?.until ?? 0) - (block?.since ?? 0)
      minutes.push(lastedMs / MINUTE)
      world.clock.stall(lastedMs)
      world.clock.stall(MINUTE)
    }
    expect(minutes).toEqual([5, 10, 20, 40, 80, 160, 320, 640, 1280, 1440])
    world.clock.stall(8 * DAY)
    offend(world)
    expect(await world.api.show(1)).toMatchObject({nextBlockMs: {violations: 10 * MINUTE, suspicion: 20 * MINUTE}})
  })

  test('survives a restart, with its evidence and its ladder', async () => {
    const {first, restart, clock} = await pair()
    offend(first)
    await first.store.flush()
    const before = first.api.blocks()
    expect(before).toMatchObject([{isDurable: true}])
    clock.stall(MINUTE)
    const second = await restart()
    expect(second.api.blocks()).toEqual(before)
    expect(second.connect('203.0.113.9', 1).said).toMatchObject({rule: 'blocked_user', retryAfterMs: 4 * MINUTE})
    clock.stall(4 * MINUTE)
    offend(second)
    expect(await second.api.show(1)).toMatchObject({ladder: [expect.any(String), expect.any(String)]})
    expect((second.api.blocks()[0]?.until ?? 0) - clock.nowMs()).toBe(10 * MINUTE)
  })

  test('that ended while the server was down is gone', async () => {
    const {first, restart, clock} = await pair()
    offend(first)
    clock.stall(5 * MINUTE)
    const second = await restart()
    expect(second.api.blocks()).toEqual([])
    expect(second.connect('203.0.113.9', 1).said).toBeNull()
  })

  test('is told of once in ten seconds, with a count', async () => {
    const world = await securityWorld(strict)
    for (let round = 0; round < 3; round += 1) {
      offend(world)
      await world.api.unblock({targets: [{user: 1}]})
      world.clock.stall(1000)
    }
    const warnings = () => world.lines.filter(({level}) => level === 'warn')
    expect(warnings()).toHaveLength(1)
    world.clock.stall(MINUTE)
    offend(world)
    expect(warnings()[1]?.fields).toMatchObject({userId: 1, leftOut: 2})
  })
})

describe('blocking by hand', () => {
  test('closes the user, keeps reason and author, and stays over a restart', async () => {
    const {first, restart, clock} = await pair()
    const request = {targets: [{user: 7}], forMs: 10 * MINUTE, reason: 'spam', actor: 'ann'}
    expect(await first.api.block(request)).toEqual([
      {target: '7', outcome: 'blocked', message: 'blocked user 7 for 10m', durable: true, disconnected: 1},
    ])
    expect(first.disconnections).toMatchObject([{userId: 7, reason: 'blocked', retryAfterMs: 10 * MINUTE}])
    const second = await restart()
    expect(second.api.blocks()).toMatchObject([{userId: 7, rule: null, reason: 'spam', author: 'ann', isDurable: true}])
    clock.stall(10 * MINUTE)
    expect(second.connect('203.0.113.9', 7).said).toBeNull()
  })

  test('neither doubles nor counts', async () => {
    const world = await securityWorld(strict)
    for (let round = 0; round < 3; round += 1) await world.api.block({targets: [{user: 1}], forMs: MINUTE})
    expect((await world.api.show(1))?.ladder).toEqual([])
    world.clock.stall(MINUTE)
    offend(world)
    expect((world.api.blocks()[0]?.until ?? 0) - world.clock.nowMs()).toBe(5 * MINUTE)
  })

  test('again says so where nothing changes, and takes the new time where it does', async () => {
    const {api} = await securityWorld()
    expect((await api.block({targets: [{user: 7}]}))[0]?.outcome).toBe('blocked')
    expect((await api.block({targets: [{user: 7}]}))[0]?.outcome).toBe('already_blocked')
    expect((await api.block({targets: [{user: 7}], forMs: MINUTE}))[0]?.outcome).toBe('blocked')
    expect(api.blocks()).toMatchObject([{userId: 7, until: expect.any(Number)}])
  })

  test('covers addresses and ranges, of both families, and closes those who come from there', async () => {
    const {api, connect, disconnections} = await securityWorld()
    await api.block({targets: [{ip: '203.0.113.7'}, {cidr: '198.51.100.77/24'}, {cidr: '2001:db8::/32'}]})
    expect(
      api
        .blocks()
        .map(({kind, target}) => `${kind} ${target}`)
        .sort(),
    ).toEqual(['address 203.0.113.7', 'range 198.51.100.0/24', 'range 2001:db8::/32'])
    for (const [address, isBlocked] of [
      ['203.0.113.7', true],
      ['203.0.113.8', false],
      ['198.51.100.0', true],
      ['198.51.100.255', true],
      ['198.51.101.0', false],
      ['2001:db8:ffff::1', true],
      ['2001:db9::', false],
    ] as const) {
      expect(connect(address).said !== null, address).toBe(isBlocked)
    }
    const ended = disconnections.map(({matches}) => matches?.('198.51.100.9'))
    expect(ended).toEqual([false, true, false])
  })

  test.for([
    ['0.0.0.0/0', 'large part'],
    ['::/0', 'large part'],
    ['10.0.0.0/7', 'large part'],
    ['127.0.0.1', 'this machine'],
    ['::1', 'this machine'],
  ] as const)('%s has to be forced', async ([cidr, why]) => {
    const {api} = await securityWorld()
    const [refused] = await api.block({targets: [{cidr}]})
    expect(refused).toMatchObject({outcome: 'refused', message: expect.stringContaining(why)})
    expect(api.blocks()).toEqual([])
    expect((await api.block({targets: [{cidr}], force: true}))[0]?.outcome).toBe('blocked')
  })

  test.for([
    [{user: 0}, 'not a user id'],
    [{user: 4_294_967_296}, 'not a user id'],
    [{user: Number.NaN}, 'not a user id'],
    [{ip: '203.0.113.0/24'}, 'not an address'],
    [{ip: 'localhost'}, 'not an address'],
    [{cidr: '203.0.113.0/33'}, 'not an address or range'],
    [{users: {first: 1, last: 2}}, 'cannot be blocked'],
  ])('%o is no target', async ([target, why]) => {
    const {api} = await securityWorld()
    await expect(api.block({targets: [target as never]})).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining(why as string),
    })
  })

  test.for([0, 999, -1, 1.5, Number.NaN, 1e20])('%d ms is no time for it', async forMs => {
    const {api} = await securityWorld()
    await expect(api.block({targets: [{user: 7}], forMs})).rejects.toMatchObject({code: 'usage'})
  })
})

describe('lifting', () => {
  test('clears block, ladder, violations and suspicion, and lasts', async () => {
    const {first, restart} = await pair()
    offend(first)
    const [result] = await first.api.unblock({targets: [{user: 1}], actor: 'ann'})
    expect(result).toEqual({
      target: '1',
      outcome: 'lifted',
      message: 'lifted the block of user 1 (5m were left)',
      durable: true,
      disconnected: 0,
    })
    expect(await first.api.show(1)).toMatchObject({block: null, ladder: [], violations: 0, suspicion: 0})
    expect(first.lines.at(-1)).toMatchObject({level: 'info', message: 'user unblocked', fields: {author: 'ann'}})
    const second = await restart()
    expect(second.api.blocks()).toEqual([])
    expect((await second.api.show(1))?.ladder ?? []).toEqual([])
  })

  test('a known user who is not blocked is fine, an unknown one is not found', async () => {
    const {first, restart, clock} = await pair()
    first.connect('203.0.113.9', 5)
    const outcome = async (world: World, user: number) => (await world.api.unblock({targets: [{user}]}))[0]?.outcome
    expect(await outcome(first, 6)).toBe('not_found')
    first.say(6, chat())
    expect(await outcome(first, 6)).toBe('not_blocked')
    clock.advance(1000)
    await first.store.flush()
    const second = await restart()
    expect(await outcome(second, 5)).toBe('not_blocked')
    clock.stall(90 * DAY)
    expect(await outcome(second, 5)).toBe('not_found')
  })

  test('says what still covers an address', async () => {
    const {api} = await securityWorld({blockedIps: ['192.0.2.0/24']})
    await api.block({targets: [{ip: '203.0.113.7'}, {cidr: '203.0.113.0/24'}, {ip: '192.0.2.5'}]})
    const messages = async (ip: string) => (await api.unblock({targets: [{ip}]})).map(({message}) => message)
    expect(await messages('203.0.113.7')).toEqual(['lifted the block of 203.0.113.7, still covered by 203.0.113.0/24'])
    expect(await messages('203.0.113.7')).toEqual([
      '203.0.113.7 has no block of its own, still covered by 203.0.113.0/24',
    ])
    expect(await messages('192.0.2.5')).toEqual([
      'lifted the block of 192.0.2.5, still covered by 192.0.2.0/24 of the configuration',
    ])
    expect(await api.unblock({targets: [{cidr: '192.0.2.0/24'}]})).toMatchObject([
      {outcome: 'configured', message: '192.0.2.0/24 stands in security.blockedIps and must leave the configuration'},
    ])
  })

  test('by a filter takes all that match, and an empty one takes all', async () => {
    const world = await securityWorld(strict)
    const {api} = world
    offend(world)
    await api.block({targets: [{user: 2}, {ip: '203.0.113.7'}, {ip: '203.0.113.8'}, {cidr: '198.51.100.0/24'}]})
    expect((await api.unblock({filter: {rule: 'user_rate'}})).map(({target}) => target)).toEqual(['1'])
    const within = await api.unblock({filter: {cidr: '203.0.113.0/24'}})
    expect(within.map(({target}) => target).sort()).toEqual(['203.0.113.7', '203.0.113.8'])
    expect((await api.unblock({filter: {ip: '198.51.100.9'}})).map(({target}) => target)).toEqual(['198.51.100.0/24'])
    expect(await api.unblock({filter: {}})).toMatchObject([{target: '2', outcome: 'lifted'}])
    expect(await api.unblock({filter: {}})).toEqual([])
  })
})

describe('the allow-list', () => {
  test('wins, lifts, and refuses what would block', async () => {
    const {api, connect, say} = await securityWorld(strict)
    await api.block({targets: [{user: 1}, {ip: '203.0.113.7'}, {cidr: '203.0.113.0/24'}]})
    const results = await api.allow({targets: [{user: 1}, {ip: '203.0.113.7'}], reason: 'our own', actor: 'ann'})
    expect(results.map(({message}) => message)).toEqual([
      'allowed user 1, and lifted 1 block',
      'allowed 203.0.113.7, and lifted 1 block',
    ])
    expect(connect('203.0.113.7', 1).said).toBeNull()
    expect(connect('203.0.113.8').said).toMatchObject({rule: 'blocked_address'})
    for (let reads = 0; reads < 50; reads += 1) expect(say(1, chat('<script>'))).toBeNull()
    expect(await api.block({targets: [{user: 1}, {ip: '203.0.113.7'}], force: true})).toMatchObject([
      {outcome: 'refused'},
      {outcome: 'refused'},
    ])
    expect((await api.disallow({targets: [{user: 1}]}))[0]?.outcome).toBe('disallowed')
    expect((await api.disallow({targets: [{user: 1}]}))[0]?.outcome).toBe('not_allowed')
    say(1, chat())
    expect(say(1, chat())).toMatchObject({rule: 'user_rate'})
  })

  test('ends by itself, also for those who are connected, and stays over a restart', async () => {
    const {first, restart, clock} = await pair()
    await first.api.allow({targets: [{users: {first: 100, last: 199}}], forMs: MINUTE})
    const second = await restart()
    expect(second.api.allowed()).toMatchObject([{target: '100-199', kind: 'users'}])
    for (let reads = 0; reads < 50; reads += 1) expect(second.say(150, chat())).toBeNull()
    second.say(99, chat())
    expect(second.say(99, chat())).toMatchObject({rule: 'user_rate'})
    clock.stall(MINUTE)
    second.say(150, chat())
    expect(second.say(150, chat())).toMatchObject({rule: 'user_rate'})
    expect(second.api.allowed()).toEqual([])
  })

  test('of the configuration goes before its blocks, and both change while running', async () => {
    const {api, connect, configure, disconnections} = await securityWorld({
      blockedIps: ['203.0.113.0/24'],
      allowedIps: ['203.0.113.7'],
    })
    expect(connect('203.0.113.7').said).toBeNull()
    expect(connect('203.0.113.8').said).toMatchObject({rule: 'blocked_address'})
    expect(api.stats().blockedIps).toBe(1)
    expect((await api.disallow({targets: [{ip: '203.0.113.7'}]}))[0]?.outcome).toBe('configured')
    configure({blockedIps: ['198.51.100.0/24']})
    expect(connect('203.0.113.8').said).toBeNull()
    expect(connect('198.51.100.8').said).toMatchObject({rule: 'blocked_address'})
    expect(disconnections.at(-1)?.matches?.('198.51.100.8')).toBe(true)
  })
})

describe('the audit', () => {
  test('has every action, newest first', async () => {
    const {api, clock} = await securityWorld()
    await api.block({targets: [{user: 7}], reason: 'spam', actor: 'ann'})
    clock.stall(1000)
    await api.unblock({targets: [{user: 7}], actor: 'bob'})
    await api.allow({targets: [{cidr: '203.0.113.0/24'}], forMs: MINUTE, actor: 'ann'})
    await api.disallow({targets: [{cidr: '203.0.113.0/24'}], actor: 'ann'})
    const entries = await api.audit()
    expect(entries.map(({actor, action, target}) => `${actor} ${action} ${target}`)).toEqual([
      'ann disallow 203.0.113.0/24',
      'ann allow 203.0.113.0/24',
      'bob unblock user 7',
      'ann block user 7',
    ])
    expect(entries[3]).toMatchObject({at: '2026-01-05T12:00:00.000Z', details: {reason: 'spam', forMs: null}})
    expect(await api.audit(1)).toHaveLength(1)
  })
})

test('blocks are taken over from elsewhere, but for those that have ended or are allowed here', async () => {
  const world = await securityWorld(strict)
  offend(world)
  await world.api.allow({targets: [{user: 9}]})
  const since = new Date(world.clock.nowMs() - DAY).toISOString()
  const until = new Date(world.clock.nowMs() + DAY).toISOString()
  const common = {rule: null, reason: 'spam', author: 'eve', since, until}
  const results = await world.api.importBlocks(
    [
      {target: {user: 8}, ...common},
      {target: {cidr: '203.0.113.0/24'}, ...common, rule: 'address_connects', author: null, until: null},
      {target: {user: 9}, ...common},
      {target: {user: 10}, ...common, until: since},
    ],
    'ann',
  )
  expect(results.map(({outcome}) => outcome)).toEqual(['blocked', 'blocked', 'refused', 'refused'])
  expect(world.api.blocks({user: 8})).toMatchObject([{author: 'eve', reason: 'spam', since: Date.parse(since)}])
  expect(world.connect('203.0.113.5').said).toMatchObject({rule: 'blocked_address'})
})

test('budgets follow monotonic time and blocks wall time, also when somebody sets the clock', async () => {
  const clock = new ManualClock()
  const rightMs = clock.nowMs
  let offMs = 0
  Object.assign(clock, {nowMs: () => rightMs() + offMs})
  const world = await securityWorld({}, {clock, store: await memoryStore(clock)})
  for (let count = 0; count < 60; count += 1) world.say(1, chat())
  for (const stepMs of [DAY, -DAY, 3650 * DAY]) {
    offMs = stepMs
    expect(world.say(1, chat('x', 1))).toMatchObject({rule: 'user_rate', retryAfterMs: MINUTE})
  }
  offMs = 0
  await world.api.block({targets: [{user: 2}], forMs: DAY})
  offMs = -DAY
  expect(world.connect('203.0.113.9', 2).said).toMatchObject({rule: 'blocked_user'})
  offMs = DAY
  expect(world.connect('203.0.113.9', 2).said).toBeNull()
})
