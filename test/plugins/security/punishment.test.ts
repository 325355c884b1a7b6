import {describe, expect, test} from 'vitest'
import {action, assertRefused, chat, heartbeat, rulesOf, securityWorld, times} from './security-world.js'

/** Uses up the budget of a minute. */
const minute = times(60, () => chat())

describe('violations', () => {
  test('the fourth read with refusals blocks for five minutes; any number within one read are one', async () => {
    const {read, clock, api, lines} = await securityWorld()
    read(1, minute)
    for (let reads = 0; reads < 3; reads += 1) {
      expect(
        rulesOf(
          read(
            1,
            times(50, () => chat('x', 1)),
          ),
        ),
      ).toEqual(times(50, () => 'user_rate'))
      clock.advance(10)
    }
    const refusal = assertRefused(read(1, [chat()])[0] as never)
    expect(refusal).toMatchObject({consequence: 'close', closeReason: 'blocked', retryAfterMs: 300_000})
    const [block] = api.blocks()
    expect(block).toMatchObject({
      kind: 'user',
      userId: 1,
      rule: 'user_rate',
      author: null,
      since: clock.nowMs(),
      until: clock.nowMs() + 300_000,
      evidence: {violations: 4, address: '198.51.100.7', refusals: [{rule: 'user_rate', count: 151}]},
    })
    const until = new Date(clock.nowMs() + 300_000).toISOString()
    expect(lines.filter(({level}) => level === 'warn')).toEqual([
      {
        level: 'warn',
        message: 'user temporarily blocked for rate limit violations',
        fields: {plugin: 'security', userId: 1, rule: 'user_rate', until},
      },
    ])
  })

  test('are forgotten after ten minutes, and not a moment earlier', async () => {
    for (const [laterMs, blocks] of [
      [600_000, 0],
      [599_999, 1],
    ] as const) {
      const {read, say, clock, api} = await securityWorld({rateLimitPerMinute: 1})
      read(1, [chat()])
      for (let reads = 0; reads < 3; reads += 1) say(1, chat())
      clock.advance(laterMs - 60_000)
      expect(say(1, chat())).toBeNull()
      clock.advance(60_000)
      read(1, [chat(), chat()])
      expect(api.blocks()).toHaveLength(blocks)
    }
  })

  test('rejected content and large messages count, too', async () => {
    const {say, api} = await securityWorld()
    for (let reads = 0; reads < 3; reads += 1)
      expect(say(1, chat('<script>', 1))).toMatchObject({consequence: 'answer'})
    expect(say(1, chat(), {sizeBytes: 65_537})).toMatchObject({closeReason: 'blocked'})
    expect(api.blocks()).toMatchObject([{rule: 'message_size'}])
  })

  test('never block where that is switched off', async () => {
    const {read, say, api} = await securityWorld({violationBlockMs: 0})
    read(1, minute)
    for (let reads = 0; reads < 100; reads += 1) say(1, chat())
    expect(api.blocks()).toEqual([])
    expect(api.stats()).toMatchObject({suspiciousUsers: 1, refusals: {user_rate: 100}})
  })
})

describe('bursts', () => {
  const burst = {rateLimitPerMinute: 1_000_000}

  test('a run of more than 20 reads within 1 ms of each other adds 10', async () => {
    const {say, clock, api} = await securityWorld(burst)
    for (let reads = 0; reads < 20; reads += 1) {
      say(1, chat())
      clock.advance(0.9)
    }
    expect((await api.show(1))?.suspicion).toBe(0)
    say(1, chat())
    expect((await api.show(1))?.suspicion).toBe(10)
    clock.advance(10_000)
    expect((await api.show(1))?.suspicion).toBe(0)
  })

  test.for([
    ['a gap of 1 ms', 1],
    ['a gap below 1 ms', 0.999],
  ] as const)('%s ends the run, or does not', async ([, gapMs]) => {
    const {say, clock, api} = await securityWorld(burst)
    for (let reads = 0; reads < 25; reads += 1) {
      say(1, chat())
      clock.advance(gapMs)
    }
    expect((await api.show(1))?.suspicion).toBe(gapMs < 1 ? 10 : 0)
  })

  test('frames of one write are one read, and add nothing', async () => {
    const {read, api} = await securityWorld()
    read(
      1,
      times(20, () => chat()),
    )
    read(
      1,
      times(20, () => chat()),
    )
    expect(await api.show(1)).toMatchObject({suspicion: 0, violations: 0})
  })

  test('reads of only actions or heartbeats do not count; one with a chat does', async () => {
    const {read, say, api} = await securityWorld(burst)
    for (let reads = 0; reads < 60; reads += 1) read(1, reads < 5 ? [action(), heartbeat] : [action()])
    expect((await api.show(1))?.suspicion).toBe(0)
    for (let reads = 0; reads < 21; reads += 1) say(1, chat())
    expect((await api.show(1))?.suspicion).toBe(10)
  })

  test('burstReads 1 counts every pair, and more than 100 block for ten minutes', async () => {
    const {say, api, lines, clock} = await securityWorld({...burst, burstReads: 1})
    for (let reads = 0; reads < 11; reads += 1) expect(say(1, chat())).toBeNull()
    expect(say(1, chat())).toMatchObject({rule: 'burst', closeReason: 'blocked', retryAfterMs: 600_000})
    expect(api.blocks()).toMatchObject([{rule: 'burst', evidence: {suspicion: 110}, until: clock.nowMs() + 600_000}])
    expect(lines.map(({level, message}) => `${level} ${message}`)).toContain(
      'error user blocked for DDoS-like activity',
    )
  })

  test('exactly 100 do not block', async () => {
    const {say, api} = await securityWorld({...burst, burstReads: 1, suspicionDecayPerSecond: 0})
    for (let reads = 0; reads < 11; reads += 1) say(1, chat())
    expect(await api.show(1)).toMatchObject({suspicion: 100, block: null})
  })

  test('are not looked for without ddosProtection', async () => {
    const {say, api} = await securityWorld({...burst, burstReads: 1, ddosProtection: false})
    for (let reads = 0; reads < 100; reads += 1) say(1, chat())
    expect((await api.show(1))?.suspicion).toBe(0)
  })
})

describe('answers', () => {
  test('go to every numbered message, and to others once a second, with what was left out', async () => {
    const {read, clock} = await securityWorld({violationBlockMs: 0})
    read(1, minute)
    const said = read(1, [chat('x', 1), chat('x', 2), chat(), chat(), chat()])
    expect(said.map(verdict => verdict?.consequence)).toEqual(['answer', 'answer', 'answer', 'drop', 'drop'])
    clock.advance(1000)
    const [next] = read(1, [chat()])
    expect(next).toMatchObject({consequence: 'answer', suppressed: 2, rule: 'user_rate', retryAfterMs: 59_000})
    expect(read(1, [chat('x', 3)])[0]?.suppressed).toBeUndefined()
  })

  test('where nothing blocks, 1000 a second are the most, and after ten such seconds it is over', async () => {
    const {read, clock} = await securityWorld({violationBlockMs: 0})
    read(1, minute)
    for (let second = 1; second < 10; second += 1) {
      const said = read(
        1,
        times(1001, () => chat()),
      )
      expect(said.slice(0, 1000).every(verdict => verdict?.consequence !== 'pause')).toBe(true)
      expect(said[1000]).toMatchObject({consequence: 'pause', retryAfterMs: 1000})
      clock.advance(1000)
    }
    expect(
      read(
        1,
        times(1001, () => chat()),
      )[1000],
    ).toMatchObject({
      consequence: 'close',
      closeReason: 'protocol_abuse',
    })
  })

  test('a refusal costs no stack', async () => {
    const {read} = await securityWorld()
    read(1, minute)
    const [refusal] = read(1, [chat('x', 1)])
    expect(refusal?.stack).not.toContain('\n')
    expect(new Error('later').stack).toContain('\n')
  })
})

describe('monitor mode', () => {
  test('decides and counts, and refuses nothing', async () => {
    const {read, say, api, disconnections, connect} = await securityWorld({mode: 'monitor'})
    expect(
      rulesOf(
        read(
          1,
          times(100, () => chat()),
        ),
      ),
    ).toEqual(times(100, () => null))
    for (let reads = 0; reads < 3; reads += 1) expect(say(1, chat('<script>'))).toBeNull()
    expect(api.stats()).toMatchObject({
      mode: 'monitor',
      refusals: {},
      wouldRefuse: {user_rate: 43},
      wouldBlock: 1,
      ruleBlocks: 0,
      blockedUsers: 0,
    })
    expect(disconnections).toEqual([])
    await api.block({targets: [{user: 2}]})
    expect(connect('203.0.113.9', 2).said).toMatchObject({rule: 'blocked_user'})
  })

  test('lets in whom rules blocked before', async () => {
    const {read, say, configure, connect, api} = await securityWorld({rateLimitPerMinute: 1})
    read(1, [chat(), chat()])
    for (let reads = 0; reads < 3; reads += 1) say(1, chat())
    expect(connect('203.0.113.9', 1).said).toMatchObject({rule: 'blocked_user'})
    configure({mode: 'monitor'})
    expect(connect('203.0.113.9', 1).said).toBeNull()
    expect(api.stats().wouldRefuse).toMatchObject({blocked_user: 1})
  })
})
