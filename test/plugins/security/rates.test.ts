import {describe, expect, test} from 'vitest'
import type {UserMessage} from '../../../src/contract/messages.js'
import {CLIENT_MESSAGE_TYPES} from '../../../src/protocol/message-parser.js'
import {createRandom} from '../../helpers/create-random.js'
import {action, assertRefused, chat, heartbeat, rulesOf, securityWorld, times} from './security-world.js'

describe('messages a minute', () => {
  test('60 pass and the 61st does not, and waiting as long as it says is enough', async () => {
    const {read, say, clock} = await securityWorld()
    expect(
      rulesOf(
        read(
          1,
          times(60, () => chat()),
        ),
      ),
    ).toEqual(times(60, () => null))
    clock.advance(20_000)
    const refusal = assertRefused(say(1, chat('again', 7)))
    expect(refusal).toMatchObject({
      code: 'rate_limited',
      rule: 'user_rate',
      retryAfterMs: 40_000,
      consequence: 'answer',
    })
    clock.advance(39_999)
    expect(say(1, chat())).not.toBeNull()
    clock.advance(1)
    expect(say(1, chat())).toBeNull()
  })

  test.for([1, 2, 60, 256, 257, 1000])('no 60 s have more than %d, however they are sent', async limit => {
    const {say, clock} = await securityWorld({rateLimitPerMinute: limit, violationBlockMs: 0, ddosProtection: false})
    const random = createRandom(limit)
    const admitted: number[] = []
    for (let index = 0; index < limit * 12; index += 1) {
      clock.advance(random() < 0.05 ? random() * 30_000 : random() * (60_000 / limit / 2))
      if (say(1, chat()) === null) admitted.push(clock.monotonicMs())
    }
    const tightest = admitted.slice(limit).map((timeMs, index) => timeMs - (admitted[index] as number))
    expect(Math.min(...tightest)).toBeGreaterThanOrEqual(60_000 - 1e-6)
    expect(admitted.length).toBeGreaterThan(limit)
  })

  test('only what was admitted fills the window', async () => {
    const {read, say, clock} = await securityWorld({violationBlockMs: 0})
    read(
      1,
      times(60, () => chat()),
    )
    for (let second = 0; second < 59; second += 1) {
      clock.advance(1000)
      expect(say(1, chat())).not.toBeNull()
    }
    clock.advance(1000)
    expect(
      rulesOf(
        read(
          1,
          times(61, () => chat()),
        ),
      ).filter(rule => rule === null),
    ).toHaveLength(60)
  })

  test('list_rooms counts as five', async () => {
    const {read, say} = await securityWorld()
    expect(
      rulesOf(
        read(
          1,
          times(12, () => ({type: 'list_rooms'}) as const),
        ),
      ),
    ).toEqual(times(12, () => null))
    expect(say(1, chat())).toMatchObject({rule: 'user_rate'})
    const low = await securityWorld({rateLimitPerMinute: 3})
    expect(low.say(1, {type: 'list_rooms'})).toBeNull()
    expect(low.say(1, chat())).toMatchObject({rule: 'user_rate'})
  })

  test('a limit of a thousand million is one', async () => {
    const {read} = await securityWorld({rateLimitPerMinute: 1_000_000_000})
    expect(
      rulesOf(
        read(
          1,
          times(5000, () => chat()),
        ),
      ),
    ).toEqual(times(5000, () => null))
  })

  test('a changed limit applies to the window as it is', async () => {
    const {read, say, configure, clock} = await securityWorld()
    read(
      1,
      times(40, () => chat()),
    )
    configure({rateLimitPerMinute: 30})
    expect(say(1, chat())).toMatchObject({rule: 'user_rate'})
    configure({rateLimitPerMinute: 1000})
    expect(
      rulesOf(
        read(
          1,
          times(961, () => chat()),
        ),
      ),
    ).toEqual([...times(960, () => null), 'user_rate'])
    clock.advance(61_000)
    configure({rateLimitPerMinute: 60})
    expect(
      rulesOf(
        read(
          1,
          times(61, () => chat()),
        ),
      ).filter(rule => rule === null),
    ).toHaveLength(60)
  })
})

test('no message is free: each type is refused when there are too many of it', async () => {
  const messages: Record<string, UserMessage | null> = {
    hello: null,
    join_room: {type: 'join_room', roomId: 1},
    leave_room: {type: 'leave_room', roomId: 1},
    chat: chat(),
    heartbeat,
    list_rooms: {type: 'list_rooms'},
    game_start: {type: 'game_start', roomId: 1, game: 'relay'},
    game_action: action(),
    game_end: {type: 'game_end', roomId: 1},
  }
  expect(Object.keys(messages).sort()).toEqual([...CLIENT_MESSAGE_TYPES].sort())
  for (const message of Object.values(messages)) {
    const {read, malformed, api, disconnections} = await securityWorld()
    if (message === null) {
      // A second hello is answered by the core; too many of it end in a block.
      for (let count = 0; count < 64; count += 1) malformed(1, 'already_authenticated')
      expect(disconnections).toMatchObject([{userId: 1, reason: 'blocked'}])
    } else
      expect(
        read(
          1,
          times(200, () => message),
        ).at(-1),
      ).toMatchObject({code: 'rate_limited'})
    expect(Object.keys(api.stats().refusals)).toHaveLength(1)
  }
})

describe('game actions and heartbeats', () => {
  test('have budgets of their own: 120 at once, then 60 a second', async () => {
    const {read, say, clock} = await securityWorld({violationBlockMs: 0})
    read(
      1,
      times(60, () => chat()),
    )
    expect(
      rulesOf(
        read(
          1,
          times(121, () => action()),
        ),
      ),
    ).toEqual([...times(120, () => null), 'game_action_rate'])
    expect(say(1, {...action(), seq: 1})).toMatchObject({retryAfterMs: 17})
    clock.advance(1000)
    const said = rulesOf(
      read(
        1,
        times(61, () => action()),
      ),
    )
    expect(said.filter(rule => rule === null)).toHaveLength(60)
    expect(
      rulesOf(
        read(
          1,
          times(11, () => heartbeat),
        ),
      ),
    ).toEqual([...times(10, () => null), 'heartbeat_rate'])
    clock.advance(500)
    expect(rulesOf(read(1, [heartbeat, heartbeat]))).toEqual([null, 'heartbeat_rate'])
  })

  test('60 a second go on for ever', async () => {
    const {say, clock} = await securityWorld()
    for (let count = 0; count < 10_000; count += 1) {
      expect(say(1, action())).toBeNull()
      clock.advance(1000 / 60)
    }
  })
})

describe('messages of an address', () => {
  test('are as many as its users may send, so changing ids gains nothing', async () => {
    const {connect, read} = await securityWorld()
    const first = connect('203.0.113.9', 1)
    read(
      1,
      times(60, () => chat()),
      {address: '203.0.113.9'},
    )
    first.close()
    connect('203.0.113.9', 2)
    expect(rulesOf(read(2, [chat()], {address: '203.0.113.9'}))).toEqual(['address_rate'])
    connect('203.0.113.9', 3)
    expect(
      rulesOf(
        read(
          3,
          times(60, () => chat()),
          {address: '203.0.113.9'},
        ),
      ),
    ).toEqual(times(60, () => null))
  })

  test('do not count what the user’s budget refused, nor actions and heartbeats', async () => {
    const {connect, read, say} = await securityWorld({violationBlockMs: 0})
    const address = '203.0.113.9'
    connect(address, 1)
    connect(address, 2)
    read(
      1,
      times(1000, () => chat()),
      {address},
    )
    read(
      1,
      times(100, () => action()),
      {address},
    )
    read(
      1,
      times(10, () => heartbeat),
      {address},
    )
    expect(
      rulesOf(
        read(
          2,
          times(60, () => chat()),
          {address},
        ),
      ),
    ).toEqual(times(60, () => null))
    expect(say(2, chat(), {address})).toMatchObject({rule: 'user_rate'})
  })

  test('all users of one address may use up what is theirs, at an even pace', async () => {
    const {connect, say, clock} = await securityWorld()
    const address = '203.0.113.9'
    for (let userId = 1; userId <= 6; userId += 1) connect(address, userId)
    for (let second = 0; second < 180; second += 1) {
      for (let userId = 1; userId <= 6; userId += 1) expect(say(userId, chat(), {address})).toBeNull()
      clock.advance(1000)
    }
  })

  test('a refusal for the address is no violation of the user', async () => {
    const {connect, say, read, disconnections} = await securityWorld()
    const address = '203.0.113.9'
    const first = connect(address, 1)
    read(
      1,
      times(60, () => chat()),
      {address},
    )
    first.close()
    connect(address, 2)
    for (let count = 0; count < 20; count += 1) expect(say(2, chat(), {address})).toMatchObject({rule: 'address_rate'})
    expect(disconnections).toEqual([])
  })
})

test('malformed frames are charged, and too many of them block', async () => {
  const {malformed, say, api, disconnections} = await securityWorld()
  for (let count = 0; count < 60; count += 1) malformed(1)
  expect(say(1, chat())).toMatchObject({rule: 'user_rate'})
  for (let count = 0; count < 3; count += 1) malformed(1)
  expect(disconnections).toMatchObject([{userId: 1, reason: 'blocked', retryAfterMs: 300_000}])
  expect(api.blocks()).toMatchObject([{userId: 1, rule: 'user_rate'}])
})
