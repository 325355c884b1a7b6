import {describe, expect, onTestFinished, test} from 'vitest'
import type {ConfigInput} from '../../../src/config/schema.js'
import {createServer} from '../../../src/ops/create-server.js'
import {ManualClock} from '../../helpers/manual-clock.js'
import {RawClient} from '../../helpers/raw-client.js'
import {until} from '../../helpers/until.js'
import {times} from './security-world.js'

const ROOM = 7
const FLOOD = 10_000
const ATTACKER = 666
const log = {debug() {}, info() {}, warn() {}, error() {}}

/** A server behind a proxy, with two users who chat in the room that is attacked. */
async function scene(security: ConfigInput['security'] = {}) {
  const clock = new ManualClock()
  const server = await createServer(
    {plugins: ['security'], security, server: {port: 0, maxMemoryMb: 100_000, trustedProxies: ['127.0.0.1']}},
    {log, clock},
  )
  onTestFinished(async () => {
    const closing = server.close()
    const timer = setInterval(() => clock.advance(1000), 20)
    await closing
    clearInterval(timer)
  })
  const arrive = async (address: string) => {
    const client = await RawClient.connect(server.address.port)
    onTestFinished(() => void client.socket.destroy())
    client.write(`PROXY TCP4 ${address} 127.0.0.1 1 2\r\n`)
    return client
  }
  const enter = async (userId: number, address: string) => {
    const client = await arrive(address)
    client.send({type: 'hello', userId}, {type: 'join_room', roomId: ROOM})
    await client.take('room_joined')
    return client
  }
  const bystander = await enter(1, '198.51.100.1')
  const friend = await enter(2, '198.51.100.2')
  let said = 0
  /** What the friend says reaches the bystander, whatever else goes on. */
  const expectPeace = async () => {
    said += 1
    friend.send({type: 'chat', roomId: ROOM, message: `line ${said}`, seq: said})
    await bystander.until(() => bystander.frames.some(frame => frame.message === `line ${said}`))
  }
  return {server, clock, arrive, enter, bystander, expectPeace}
}

const chatOf = (client: RawClient, userId: number) =>
  client.frames.filter(frame => frame.type === 'chat' && frame.userId === userId)

describe('an attack', () => {
  test('by one who floods a room: 60 are heard, then the door is shut', async () => {
    const {server, enter, bystander, expectPeace} = await scene()
    const attacker = await enter(ATTACKER, '203.0.113.6')
    const flood = attacker.encode(JSON.stringify({type: 'chat', roomId: ROOM, message: 'buy'}))
    for (let count = 0; count < FLOOD; count += 100) {
      if (!attacker.isClosed) attacker.write(Buffer.concat(times(100, () => flood)))
      if (count % 2000 === 0) await expectPeace()
    }
    await attacker.closed
    expect(attacker.frames.at(-1)).toMatchObject({type: 'goodbye', reason: 'blocked', retryAfterMs: 300_000})
    // However many were refused, one was answered in this second.
    expect(attacker.frames.filter(({type}) => type === 'error')).toHaveLength(1)
    await expectPeace()
    expect(chatOf(bystander, ATTACKER)).toHaveLength(60 - 1)
    expect(server.security.blocks()).toMatchObject([{userId: ATTACKER, rule: 'user_rate'}])
  })

  test('that comes back: each time it is told how long to stay away, and nothing grows', async () => {
    const {server, clock, arrive, enter, expectPeace} = await scene()
    const attacker = await enter(ATTACKER, '203.0.113.6')
    await server.security.block({targets: [{user: ATTACKER}], forMs: 60_000})
    await attacker.closed
    const before = server.security.stats()
    for (let knock = 0; knock < 50; knock += 1) {
      const client = await arrive('203.0.113.6')
      client.send({type: 'hello', userId: ATTACKER})
      expect(await client.take('goodbye')).toMatchObject({reason: 'blocked', retryAfterMs: 60_000 - knock * 100})
      await client.closed
      clock.advance(100)
    }
    const after = server.security.stats()
    expect({...after, refusals: {}}).toEqual({...before, refusals: {}})
    expect(after.refusals).toEqual({blocked_user: 50})
    await expectPeace()
  })

  test('by one who changes ids: the address has the budget of those who are there', async () => {
    const {server, arrive, bystander, expectPeace} = await scene()
    for (let userId = 100; userId < 105; userId += 1) {
      const client = await arrive('203.0.113.6')
      client.send({type: 'hello', userId}, {type: 'join_room', roomId: ROOM, seq: 1})
      client.send(...times(58, index => ({type: 'chat', roomId: ROOM, message: 'buy', seq: index})))
      await client.until(() => client.frames.filter(({type}) => type === 'ack' || type === 'error').length >= 58)
      client.socket.end()
      await client.closed
      await until(() => server.users.count === 2, 'it did not leave')
    }
    await expectPeace()
    const heard = bystander.frames.filter(({type, userId}) => type === 'chat' && Number(userId) >= 100)
    expect(heard.length).toBeLessThanOrEqual(60)
    expect(server.security.stats().refusals.address_rate).toBeGreaterThan(200)
  })

  test('with connections that say nothing: 50 stay, and others still come in', async () => {
    const {server, arrive, enter, expectPeace} = await scene()
    const silent: RawClient[] = []
    for (let count = 0; count < 80; count += 1) silent.push(await arrive('203.0.113.6'))
    await until(() => server.counters.connectionsClosed.address_full === 30, 'not all were refused')
    expect(silent.filter(({isClosed}) => !isClosed).length).toBeLessThanOrEqual(80)
    await enter(3, '203.0.113.7')
    await expectPeace()
    expect(server.security.stats().refusals).toEqual({address_connections: 30})
  })

  test('where nothing blocks: it is not read from, and after ten such seconds it is over', async () => {
    const {server, clock, enter, expectPeace} = await scene({violationBlockMs: 0})
    const attacker = await enter(ATTACKER, '203.0.113.6')
    const flood = Buffer.concat(times(1200, () => attacker.encode('{"type":"leave_room","roomId":8}')))
    for (let second = 0; second < 40 && !attacker.isClosed; second += 1) {
      attacker.write(flood)
      await expectPeace()
      clock.advance(1000)
      await expectPeace()
    }
    await attacker.closed
    expect(attacker.frames.at(-1)).toMatchObject({type: 'goodbye', reason: 'protocol_abuse'})
    expect(server.security.stats().refusals).toMatchObject({flood: 1})
    expect(attacker.frames.filter(({type}) => type === 'error').length).toBeLessThan(150)
  })

  test('with rubbish: it is charged, and the connection ends', async () => {
    const {server, enter, expectPeace} = await scene()
    const attacker = await enter(ATTACKER, '203.0.113.6')
    attacker.write('{"type":"hello","userId":5}\n'.repeat(70))
    await expectPeace()
    for (let reads = 0; reads < 4 && !attacker.isClosed; reads += 1) {
      attacker.write('{"type":"hello","userId":5}\n')
      await expectPeace()
    }
    await attacker.closed
    expect(server.security.blocks()).toMatchObject([{userId: ATTACKER}])
  })
})
