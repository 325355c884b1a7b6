import {describe, expect, test} from 'vitest'
import type {ConfigInput} from '../../../src/config/schema.js'
import {createTestServer} from '../../../src/ops/create-test-server.js'
import {ManualClock} from '../../helpers/manual-clock.js'
import {RawClient} from '../../helpers/raw-client.js'
import {until} from '../../helpers/until.js'
import {times} from './security-world.js'

const chat = (message: string, seq?: number) => ({type: 'chat', roomId: 1, message, seq})

async function guarded(security: ConfigInput['security'] = {}, more: ConfigInput = {}) {
  const clock = new ManualClock()
  const world = await createTestServer({plugins: ['security'], security, ...more}, {clock})
  const {port, server} = world
  return {
    world,
    server,
    clock,
    port,
    async join(userId: number, address?: string): Promise<RawClient> {
      const client = await this.arrive(address)
      client.send({type: 'hello', userId}, {type: 'join_room', roomId: 1})
      await client.take('room_joined')
      return client
    },
    async arrive(address?: string): Promise<RawClient> {
      const client = await RawClient.connect(port)
      const family = address?.includes(':') ? 'TCP6' : 'TCP4'
      const to = address?.includes(':') ? '::1' : '127.0.0.1'
      if (address !== undefined) client.write(`PROXY ${family} ${address} ${to} 1 2\r\n`)
      return client
    },
    [Symbol.asyncDispose]: () => world.close(),
  }
}

const behindProxy = {server: {trustedProxies: ['127.0.0.1']}}

describe('a server with the plugin', () => {
  test('tells the client which rule it broke and how long to wait, and then ends it', async () => {
    await using target = await guarded()
    await using client = await target.join(1)
    client.send(...times(60, index => chat('hi', index)))
    expect(await client.take('error')).toEqual({
      type: 'error',
      seq: 59,
      code: 'rate_limited',
      message: 'at most 60 messages a minute',
      messageType: 'chat',
      roomId: 1,
      rule: 'user_rate',
      retryAfterMs: 60_000,
    })
    for (let reads = 0; reads < 3; reads += 1) {
      target.clock.advance(1500)
      client.send(chat('again'))
      if (reads < 2) await client.take('error')
    }
    expect(await client.take('goodbye')).toEqual({
      type: 'goodbye',
      reason: 'blocked',
      message: 'blocked for breaking the rules of this server',
      retryAfterMs: 300_000,
    })
    await client.closed
    await using returning = await target.arrive()
    returning.send({type: 'hello', userId: 1})
    expect(await returning.take('goodbye')).toMatchObject({reason: 'blocked', message: 'you are blocked'})
    target.clock.advance(300_000)
    await using later = await target.join(1)
    later.send(chat('hello again'))
    expect(await later.take('chat')).toMatchObject({message: 'hello again'})
  })

  test('says with the next answer how many were left out', async () => {
    await using target = await guarded()
    await using client = await target.join(1)
    client.send(...times(69, () => chat('hi')))
    expect((await client.take('error')).suppressed).toBeUndefined()
    client.send(chat('hi', 7))
    expect(await client.take('error')).toMatchObject({seq: 7, suppressed: 9})
  })

  test('closes a user who is blocked at once, and an address with all who come from there', async () => {
    await using target = await guarded({}, behindProxy)
    await using one = await target.join(1, '203.0.113.1')
    await using two = await target.join(2, '203.0.113.2')
    await using three = await target.join(3, '2001:db8::3')
    await using knocking = await target.arrive('203.0.113.3')
    await until(() => target.server.security.stats().trackedAddresses === 4, 'not all came')
    expect(await target.server.security.block({targets: [{user: 1}], forMs: 60_000})).toMatchObject([
      {outcome: 'blocked', durable: true, disconnected: 1},
    ])
    expect(await one.take('goodbye')).toMatchObject({reason: 'blocked', retryAfterMs: 60_000})
    expect(await target.server.security.block({targets: [{cidr: '203.0.113.0/24'}]})).toMatchObject([{disconnected: 2}])
    expect(await two.take('goodbye')).toMatchObject({reason: 'blocked'})
    expect(await knocking.take('goodbye')).toMatchObject({reason: 'blocked'})
    await using again = await target.arrive('203.0.113.99')
    expect(await again.take('goodbye')).toMatchObject({reason: 'blocked', message: 'your address is blocked'})
    three.send(chat('still here'))
    expect(await three.take('chat')).toMatchObject({message: 'still here'})
  })

  test('counts connections of an address behind a proxy, not those of the proxy', async () => {
    await using target = await guarded({connectionsPerAddress: 2}, behindProxy)
    const first = await target.arrive('203.0.113.1')
    await using _second = await target.arrive('203.0.113.1')
    await until(() => target.server.connectionCount === 2, 'not all came')
    await using third = await target.arrive('203.0.113.1')
    expect(await third.take('goodbye')).toMatchObject({reason: 'address_full', retryAfterMs: 1000})
    await using _other = await target.join(5, '203.0.113.2')
    first.socket.destroy()
    await until(() => target.server.connectionCount === 2, 'the first did not leave')
    await using fourth = await target.arrive('203.0.113.1')
    fourth.send({type: 'hello', userId: 4})
    await fourth.take('welcome')
    expect(target.server.counters.connectionsClosed.address_full).toBe(1)
  })

  test('refuses floods before welcome, and then the address', async () => {
    await using target = await guarded({addressRateLimitPerMinute: 5}, behindProxy)
    const knock = async () => {
      const client = await target.arrive('203.0.113.1')
      client.send(...times(6, () => ({type: 'heartbeat'})))
      const frames: unknown[] = []
      for (let frame = await client.next(); frame !== undefined; frame = await client.next()) {
        frames.push(frame)
        if (frame.type === 'error' && frame.rule !== undefined) client.socket.end()
      }
      return frames
    }
    expect(await knock()).toMatchObject([{}, {}, {}, {}, {}, {code: 'rate_limited', rule: 'address_rate'}])
    for (let second = 0; second < 2; second += 1) {
      target.clock.advance(1000)
      await knock()
    }
    target.clock.advance(1000)
    expect((await knock()).at(-1)).toMatchObject({type: 'goodbye', reason: 'blocked'})
    expect(target.server.security.blocks()).toMatchObject([{target: '203.0.113.1', rule: 'address_rate'}])
  })

  test('can be switched on and off while users talk, and keeps its blocks', async () => {
    await using target = await guarded()
    await using client = await target.join(1)
    await target.server.security.block({targets: [{user: 7}]})
    expect(await target.server.disablePlugin('security', {isConfirmed: true})).toBe(true)
    client.send(...times(100, index => chat('free', index)))
    for (let index = 0; index < 100; index += 1) await client.take('ack')
    expect(() => target.server.security).toThrow('the security plugin is not enabled')
    const definition = target.server.configuredPlugin('security')
    await target.server.enablePlugin(definition as never)
    expect(target.server.security.blocks()).toMatchObject([{userId: 7}])
    client.send(...times(61, index => chat('not free', 200 + index)))
    expect(await client.take('error')).toMatchObject({seq: 260, rule: 'user_rate'})
  })

  test('is not switched off without a word', async () => {
    await using target = await guarded()
    await expect(target.server.disablePlugin('security')).rejects.toMatchObject({code: 'usage'})
  })
})
