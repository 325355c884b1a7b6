import {describe, expect, test} from 'vitest'
import {ManualClock} from '../../helpers/manual-clock.js'
import {chat, heartbeat, memoryStore, rulesOf, securityWorld, times} from './security-world.js'

const ADDRESS = '203.0.113.9'

describe('connections of an address', () => {
  test('are 50 before welcome, and those who are welcomed make room', async () => {
    const {connect} = await securityWorld()
    const open = times(50, () => connect(ADDRESS))
    expect(open.map(({said}) => said)).toEqual(times(50, () => null))
    expect(connect(ADDRESS).said).toMatchObject({rule: 'address_connections', closeReason: 'address_full'})
    expect(connect('203.0.113.10').said).toBeNull()
    open[0]?.close()
    expect(connect(ADDRESS).said).toBeNull()
    expect(connect(ADDRESS).said).not.toBeNull()
  })

  test('are ten times as many after it', async () => {
    const {connect} = await securityWorld({connectionsPerAddress: 3})
    const users = times(30, index => connect(ADDRESS, index + 1))
    expect(users.every(({said}) => said === null)).toBe(true)
    expect(connect(ADDRESS, 31).said).toMatchObject({rule: 'address_connections', closeReason: 'address_full'})
    users[0]?.close()
    expect(connect(ADDRESS, 31).said).toBeNull()
  })

  test('begin at most 600 times a minute, with the time to wait', async () => {
    const {connect, clock} = await securityWorld()
    for (let count = 0; count < 600; count += 1) {
      const {said, close} = connect(ADDRESS)
      expect(said).toBeNull()
      close()
    }
    const {said} = connect(ADDRESS)
    expect(said).toMatchObject({rule: 'address_connects', closeReason: 'address_full'})
    clock.advance(said?.retryAfterMs ?? 0)
    expect(connect(ADDRESS).said).toBeNull()
  })

  test('are counted right when the plugin comes later than the users', async () => {
    const clock = new ManualClock()
    const world = await securityWorld({connectionsPerAddress: 1}, {clock, store: await memoryStore(clock)})
    // Closing somebody whom nobody counted must not make room.
    for (const userId of times(10, index => index + 1)) world.connect(ADDRESS, userId)
    const {runner} = world.plugins
    const stranger = {connectionId: 999, address: ADDRESS, userId: 99, sessionId: 'x', durationMs: 0}
    runner.tell(runner.chains.connectionClosed, {...stranger, reason: 'client_closed'})
    expect(world.connect(ADDRESS, 11).said).toMatchObject({rule: 'address_connections'})
  })
})

describe('frames before welcome', () => {
  test('are 480 a minute for an address, answered once a second', async () => {
    const {frameBeforeWelcome, connect} = await securityWorld()
    connect(ADDRESS)
    expect(rulesOf(times(480, () => frameBeforeWelcome(ADDRESS)))).toEqual(times(480, () => null))
    expect(frameBeforeWelcome(ADDRESS)).toMatchObject({rule: 'address_rate', consequence: 'answer'})
    expect(frameBeforeWelcome(ADDRESS)).toMatchObject({rule: 'address_rate', consequence: 'drop'})
    expect(frameBeforeWelcome('203.0.113.10')).toBeNull()
  })
})

describe('networks of IPv6', () => {
  test('count as one address by their first 64 bits', async () => {
    const {connect} = await securityWorld({connectionsPerAddress: 2})
    connect('2001:db8:0:1::1')
    connect('2001:db8:0:1:ffff::2')
    expect(connect('2001:db8:0:1::3').said).toMatchObject({rule: 'address_connections'})
    expect(connect('2001:db8:0:2::1').said).toBeNull()
  })

  test('or by as many as ipv6PrefixBits says', async () => {
    const {connect} = await securityWorld({connectionsPerAddress: 1, ipv6PrefixBits: 48})
    connect('2001:db8:0:1::1')
    expect(connect('2001:db8:0:2::1').said).toMatchObject({rule: 'address_connections'})
    expect(connect('2001:db8:1::1').said).toBeNull()
  })
})

describe('an address', () => {
  /** Breaks a rule in `count` different seconds. */
  function offend({connect, clock}: Awaited<ReturnType<typeof securityWorld>>, address: string, count: number): void {
    connect(address)
    for (let second = 0; second < count; second += 1) {
      for (let tries = 0; tries < 5; tries += 1) connect(address)
      clock.advance(1000)
    }
  }

  test('that goes on breaking rules is blocked, and so is a whole network of IPv6', async () => {
    const world = await securityWorld({connectionsPerAddress: 1})
    offend(world, ADDRESS, 3)
    expect(world.api.blocks()).toEqual([])
    offend(world, ADDRESS, 1)
    offend(world, '2001:db8:0:1::1', 4)
    expect(world.api.blocks().map(({target}) => target)).toEqual(['2001:db8:0:1::/64', ADDRESS])
    expect(world.connect(ADDRESS).said).toMatchObject({rule: 'blocked_address', closeReason: 'blocked'})
    expect(world.connect('2001:db8:0:1::99').said).toMatchObject({rule: 'blocked_address'})
    expect(world.disconnections.map(({reason}) => reason)).toEqual(['blocked', 'blocked'])
  })

  test('with users on it is never blocked by a rule', async () => {
    const world = await securityWorld({connectionsPerAddress: 1})
    world.connect(ADDRESS, 1)
    offend(world, ADDRESS, 20)
    expect(world.api.blocks()).toEqual([])
  })

  test.for(['127.0.0.1', '::1', '192.0.2.1', '198.51.100.1'])(
    'such as %s, which is trusted, has no limits',
    async address => {
      const world = await securityWorld(
        {connectionsPerAddress: 1, connectsPerMinute: 1, addressRateLimitPerMinute: 1, allowedIps: ['198.51.100.0/24']},
        {proxies: ['192.0.2.1']},
      )
      offend(world, address, 10)
      expect(rulesOf(times(10, () => world.frameBeforeWelcome(address)))).toEqual(times(10, () => null))
      expect(world.connect(address).said).toBeNull()
      expect(world.api.stats()).toMatchObject({refusals: {}, blockedIps: 0})
      // Its users have those of users.
      expect(
        rulesOf(
          world.read(
            1,
            times(61, () => chat()),
            {address},
          ),
        ),
      ).toContain('user_rate')
    },
  )
})

test('what is tracked is bounded, and blocks are not part of it', async () => {
  const world = await securityWorld({trackedUsers: 100, trackedAddresses: 100, rateLimitPerMinute: 1})
  for (let reads = 0; reads < 5; reads += 1) world.say(1, chat())
  for (let reads = 0; reads < 2; reads += 1) world.say(2, chat(), {address: '192.0.2.7'})
  for (let index = 10; index < 2000; index += 1) {
    world.say(index, heartbeat, {address: `198.51.${index >> 8}.${index & 255}`})
    world.clock.advance(10)
  }
  expect(world.api.stats()).toMatchObject({totalUsers: 100, blockedUsers: 1, evictedSuspects: 1})
  expect(world.api.stats().trackedAddresses).toBeLessThanOrEqual(100)
  expect(world.connect('192.0.2.7', 1).said).toMatchObject({rule: 'blocked_user'})
})

test('an address with somebody on it keeps its place, and its counts', async () => {
  const world = await securityWorld({trackedAddresses: 10, connectionsPerAddress: 1})
  for (let userId = 1; userId <= 10; userId += 1) world.connect(ADDRESS, userId)
  for (let index = 0; index < 100; index += 1) {
    world.connect(`198.51.100.${index}`).close()
    world.clock.advance(2000)
  }
  expect(world.api.stats().trackedAddresses).toBe(10)
  expect(world.connect(ADDRESS, 11).said).toMatchObject({rule: 'address_connections'})
})
