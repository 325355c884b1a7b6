import {describe, expect, test} from 'vitest'
import type {MessageAttempt, PluginDefinition, PluginHost} from '../../src/contract/plugins.js'
import {createTestServer} from '../../src/ops/create-test-server.js'
import {definePlugin} from '../../src/pipeline/define-plugin.js'
import {ManualClock} from '../helpers/manual-clock.js'
import {RawClient} from '../helpers/raw-client.js'
import {until} from '../helpers/until.js'
import {createLog, raise, refusal} from './plugin-world.js'

function plugin(name: string, setup: (host: PluginHost) => void, onFailure: 'open' | 'closed' = 'open') {
  return definePlugin({name, onFailure, setup: host => void setup(host)})
}

/** A plugin that looks at chats only. */
function onChat(run: (text: string, attempt: MessageAttempt) => void | Promise<void>): PluginDefinition {
  return plugin('chat-watch', host =>
    host.hook('beforeMessage', attempt =>
      attempt.message.type === 'chat' ? run(attempt.message.message, attempt) : undefined,
    ),
  )
}

const chat = (message: string, seq: number) => ({type: 'chat', roomId: 1, message, seq})

/** A client in room 1. */
async function enter(port: number, userId: number): Promise<RawClient> {
  const client = await RawClient.login(port, userId)
  client.send({type: 'join_room', roomId: 1})
  await client.take('room_joined')
  return client
}

describe('a refused message', () => {
  test('is answered with the rule and the wait, and reaches nobody', async () => {
    const guard = onChat(text => (text === 'bad' ? raise(refusal('manners', {retryAfterMs: 500})) : undefined))
    await using server = await createTestServer({plugins: [guard]})
    await using client = await enter(server.port, 1)
    client.send(chat('bad', 1), chat('good', 2))
    expect(await client.next()).toEqual({
      type: 'error',
      seq: 1,
      code: 'rate_limited',
      message: 'slow down',
      messageType: 'chat',
      roomId: 1,
      rule: 'manners',
      retryAfterMs: 500,
    })
    expect(await client.take('chat')).toMatchObject({message: 'good'})
    expect(server.server.counters.refusals).toEqual(new Map([['manners', 1]]))
    expect(server.server.counters.errors.rate_limited).toBe(1)
  })

  test('is dropped without a word when the refusal says so, and counted', async () => {
    const guard = onChat(text => (text === 'bad' ? raise(refusal('manners', {consequence: 'drop'})) : undefined))
    await using server = await createTestServer({plugins: [guard]})
    await using client = await enter(server.port, 1)
    client.send(chat('bad', 1), {type: 'heartbeat', seq: 2})
    expect(await client.next()).toMatchObject({type: 'heartbeat', seq: 2})
    expect(server.server.counters.refusals.get('manners')).toBe(1)
  })

  test('is answered, and the sender is not read from until the wait is over', async () => {
    const clock = new ManualClock()
    const guard = onChat(text =>
      text === 'bad' ? raise(refusal('pace', {consequence: 'pause', retryAfterMs: 2000})) : undefined,
    )
    await using server = await createTestServer({plugins: [guard]}, {clock})
    await using client = await enter(server.port, 1)
    await using other = await RawClient.login(server.port, 2)
    client.send(chat('bad', 1), {type: 'heartbeat', seq: 2})
    expect(await client.next()).toMatchObject({type: 'error', seq: 1, retryAfterMs: 2000})
    clock.advance(1999)
    other.send({type: 'heartbeat', seq: 1})
    await other.take('heartbeat')
    expect(client.frames).toEqual([])
    clock.advance(1)
    expect(await client.next()).toMatchObject({type: 'heartbeat', seq: 2})
  })

  test('closes the connection with the reason of the refusal', async () => {
    const guard = onChat(() =>
      raise(refusal('ban', {consequence: 'close', closeReason: 'blocked', retryAfterMs: 60_000})),
    )
    await using server = await createTestServer({plugins: [guard]})
    await using client = await enter(server.port, 1)
    client.send(chat('bad', 1), {type: 'heartbeat', seq: 2})
    expect(await client.next()).toEqual({
      type: 'goodbye',
      reason: 'blocked',
      message: 'slow down',
      retryAfterMs: 60_000,
    })
    expect(await client.next()).toBeUndefined()
    expect(server.server.closedConnections()).toMatchObject([{reason: 'blocked', userId: 1}])
  })

  test('is told to afterMessage like every other one: accepted, refused and malformed', async () => {
    const told: unknown[] = []
    const observer = plugin('observer', host =>
      host.hook(
        'afterMessage',
        ({message, error}) => void told.push([message?.type, error?.code ?? null, error?.rule]),
      ),
    )
    const guard = onChat(text => (text === 'bad' ? raise(refusal('manners')) : undefined))
    await using server = await createTestServer({plugins: [observer, guard]})
    await using client = await enter(server.port, 1)
    client.send(chat('good', 1), chat('bad', 2), {type: 'dance'}, {type: 'heartbeat', seq: 3})
    await client.take('heartbeat')
    expect(told).toEqual([
      ['join_room', null, undefined],
      ['chat', null, undefined],
      ['chat', 'rate_limited', 'manners'],
      [undefined, 'unknown_type', undefined],
      ['heartbeat', null, undefined],
    ])
  })
})

describe('without a promise', () => {
  test('everything in one read is handled at once, before any microtask', async () => {
    const steps: string[] = []
    const watch = plugin('watch', host => {
      host.hook('beforeMessage', ({message}) => {
        steps.push(`before ${message.seq}`)
        queueMicrotask(() => steps.push('microtask'))
      })
      host.hook('afterMessage', ({message}) => void steps.push(`after ${message?.seq}`))
    })
    await using server = await createTestServer({plugins: [watch]})
    await using client = await RawClient.login(server.port, 1)
    client.send({type: 'heartbeat', seq: 1}, {type: 'heartbeat', seq: 2})
    await client.until(() => client.frames.length === 2)
    expect(steps.slice(0, 4)).toEqual(['before 1', 'after 1', 'before 2', 'after 2'])
  })
})

describe('a late hook', () => {
  test('keeps the order of its connection, and holds up nobody else', async () => {
    const gate = Promise.withResolvers<void>()
    const late = onChat(text => (text === 'late' ? gate.promise : undefined))
    await using server = await createTestServer({plugins: [late]})
    await using slow = await enter(server.port, 1)
    await using quick = await enter(server.port, 2)
    slow.send(chat('late', 1), {type: 'heartbeat', seq: 2}, chat('then', 3), {type: 'leave_room', roomId: 1, seq: 4})
    for (let seq = 1; seq <= 3; seq += 1) {
      quick.send(chat(`quick ${seq}`, seq))
      expect(await quick.take('chat')).toMatchObject({message: `quick ${seq}`})
    }
    await slow.take('member_joined')
    await slow.until(() => slow.frames.length === 3)
    expect(slow.frames.splice(0).map(({message}) => message)).toEqual(['quick 1', 'quick 2', 'quick 3'])
    gate.resolve()
    const replies = []
    for (let frame = await slow.next(); frame?.type !== 'room_left'; frame = await slow.next()) {
      if (frame?.seq !== undefined) replies.push(frame.seq)
    }
    expect(replies).toEqual([1, 2, 3])
    expect([await quick.take('chat'), await quick.take('chat')]).toMatchObject([{message: 'late'}, {message: 'then'}])
    expect(await quick.take('member_left')).toMatchObject({userId: 1})
  })

  test('lets 32 messages of a connection wait and pauses the socket then, until half of them are done', async () => {
    const gates: Array<() => void> = []
    let framesRead = 0
    const late = plugin('late', host => {
      host.hook('frameReceived', ({userId}) => {
        if (userId === 1) framesRead += 1
      })
      host.hook('beforeMessage', ({message}) =>
        message.type === 'chat' ? new Promise<void>(resolve => void gates.push(resolve)) : undefined,
      )
    })
    await using server = await createTestServer({plugins: [late]})
    await using client = await RawClient.login(server.port, 1)
    await using other = await RawClient.login(server.port, 2)
    const text = 'x'.repeat(1000)
    const count = 4000
    client.send(...Array.from({length: count}, (_, seq) => chat(text, seq)))
    await until(() => gates.length === 1, 'the server to get there')
    const settle = async () => {
      for (let seq = 0; seq < 20; seq += 1) {
        other.send({type: 'heartbeat', seq})
        await other.take('heartbeat')
      }
    }
    await settle()
    expect(framesRead).toBe(32)
    expect(server.server.counters.bytesIn).toBeLessThan(300_000)
    const done = () => server.server.counters.messages.chat
    const finish = async (wanted: number) => {
      while (done() < wanted) {
        gates.shift()?.()
        await new Promise(resolve => setImmediate(resolve))
      }
    }
    await finish(14)
    await settle()
    expect(framesRead).toBe(32)
    await finish(15)
    expect(framesRead).toBe(47)
    await finish(count)
    await client.until(() => client.frames.length === count)
    expect(client.frames.map(({seq}) => seq)).toEqual(Array.from({length: count}, (_, seq) => seq))
  })

  test('of somebody who has gone acts no more, and what waited behind it is forgotten', async () => {
    const gate = Promise.withResolvers<void>()
    const told: unknown[] = []
    const late = plugin('late', host => {
      host.hook('beforeMessage', ({message}) => (message.type === 'chat' ? gate.promise : undefined))
      host.hook('afterMessage', ({message}) => void told.push(message?.type))
    })
    await using server = await createTestServer({plugins: [late]})
    await using client = await enter(server.port, 1)
    await using other = await enter(server.port, 2)
    client.send(chat('too late', 1), {type: 'leave_room', roomId: 1}, {type: 'heartbeat'})
    await until(() => server.server.counters.bytesIn > 200, 'the server to get there')
    server.server.users.kick(1)
    await client.closed
    gate.resolve()
    await other.take('member_left')
    other.send({type: 'heartbeat', seq: 1})
    expect(await other.next()).toMatchObject({type: 'heartbeat'})
    expect(told).toEqual(['join_room', 'join_room', 'chat', 'heartbeat'])
  })

  test('ends on the chain it arrived on, as does what waits behind it, also when a plugin is taken out meanwhile', async () => {
    const gate = Promise.withResolvers<void>()
    const told: unknown[] = []
    const late = onChat(text => (text === 'late' ? gate.promise : undefined))
    const shaky = plugin('shaky', host => {
      host.hook('beforeMessage', ({userId}) => (userId === 2 ? raise(new Error('again')) : undefined))
      host.hook('afterMessage', ({userId, message}) => void told.push([userId, message?.type]))
    })
    await using server = await createTestServer({plugins: [late, shaky]})
    await using slow = await RawClient.login(server.port, 1)
    await using other = await RawClient.login(server.port, 2)
    slow.send(chat('late', 1), {type: 'heartbeat', seq: 2})
    other.send(...Array.from({length: 6}, (_, seq) => ({type: 'heartbeat', seq})))
    await other.until(() => other.frames.length === 6)
    expect(server.server.plugins.find(({name}) => name === 'shaky')?.state).toBe('disabled')
    gate.resolve()
    await slow.take('heartbeat')
    expect(told).toEqual([...Array.from({length: 5}, () => [2, 'heartbeat']), [1, 'chat'], [1, 'heartbeat']])
  })
})

describe('a connection', () => {
  test.each([
    ['at once', (error: Error) => raise(error)],
    ['late', (error: Error) => Promise.reject(error)],
  ])('is turned away %s by connectionOpened, with the reason and the wait', async (_, refuse) => {
    const door = plugin('door', host =>
      host.hook('connectionOpened', () => refuse(refusal('full', {closeReason: 'address_full', retryAfterMs: 10}))),
    )
    await using server = await createTestServer({plugins: [door]})
    await using client = await RawClient.connect(server.port)
    client.send({type: 'hello', userId: 1})
    expect(await client.next()).toEqual({
      type: 'goodbye',
      reason: 'address_full',
      message: 'slow down',
      retryAfterMs: 10,
    })
  })

  test('is not welcomed if userConnecting refuses, and anybody else is', async () => {
    const door = plugin('door', host =>
      host.hook('userConnecting', async ({userId}) =>
        userId === 1 ? raise(refusal('ban', {closeReason: 'blocked'})) : undefined,
      ),
    )
    await using server = await createTestServer({plugins: [door]})
    await using client = await RawClient.connect(server.port)
    client.send({type: 'hello', userId: 1})
    expect(await client.next()).toMatchObject({type: 'goodbye', reason: 'blocked'})
    await using other = await RawClient.login(server.port, 2)
    other.send({type: 'heartbeat', seq: 1})
    await other.take('heartbeat')
    expect(server.server.users.list().map(({userId}) => userId)).toEqual([2])
  })

  test('that ends its side while its hello is being decided is answered all the same', async () => {
    const gate = Promise.withResolvers<void>()
    let asked = 0
    const door = plugin('door', host =>
      host.hook('userConnecting', () => {
        asked += 1
        return gate.promise
      }),
    )
    await using server = await createTestServer({plugins: [door]})
    await using client = await RawClient.connect(server.port)
    client.send({type: 'hello', userId: 1}, {type: 'heartbeat', seq: 5})
    client.socket.end()
    await until(() => asked === 1, 'the hello to be decided')
    await using other = await RawClient.connect(server.port)
    other.write('an end that came later was noticed')
    await other.closed
    gate.resolve()
    await client.closed
    expect(client.frames).toMatchObject([{type: 'welcome'}, {type: 'heartbeat', seq: 5}])
    expect(server.server.closedConnections(1)).toMatchObject([{reason: 'client_closed', userId: 1}])
  })

  test('leaves no user behind if a listener of userConnected ends it', async () => {
    await using server = await createTestServer()
    const events: string[] = []
    server.server.on('userConnected', ({userId}) => {
      events.push('connected')
      if (userId === 1) server.server.users.kick(userId, 'not you')
    })
    server.server.on('userDisconnected', ({reason}) => void events.push(reason))
    await using client = await RawClient.connect(server.port)
    client.send({type: 'hello', userId: 1}, {type: 'join_room', roomId: 1})
    await client.take('welcome')
    expect(await client.next()).toEqual({type: 'goodbye', reason: 'kicked', message: 'not you'})
    await client.closed
    expect(client.frames).toEqual([])
    expect(events).toEqual(['connected', 'kicked'])
    expect([server.server.users.count, server.server.rooms.count]).toEqual([0, 0])
    expect(server.server.closedConnections()).toMatchObject([{reason: 'kicked', userId: 1}])
  })

  test('of a user who is let in twice at the same moment ends the other one', async () => {
    const gate = Promise.withResolvers<void>()
    const door = plugin('door', host => host.hook('userConnecting', () => gate.promise))
    await using server = await createTestServer({plugins: [door]})
    const events: string[] = []
    server.server.on('userConnected', () => void events.push('connected'))
    server.server.on('userDisconnected', ({reason}) => void events.push(reason))
    await using one = await RawClient.connect(server.port)
    one.send({type: 'hello', userId: 1})
    await using other = await RawClient.connect(server.port)
    other.send({type: 'hello', userId: 1})
    await until(() => server.server.counters.bytesIn >= 56, 'the server to get there')
    gate.resolve()
    await Promise.race([one.closed, other.closed])
    const [ended, living] = one.isClosed ? [one, other] : [other, one]
    expect(ended.frames).toMatchObject([{type: 'welcome'}, {type: 'goodbye', reason: 'replaced'}])
    await living.take('welcome')
    living.send({type: 'heartbeat', seq: 1})
    await living.take('heartbeat')
    expect(events).toEqual(['connected', 'replaced', 'connected'])
    expect(server.server.users.count).toBe(1)
  })
})

describe('a room whose game is being looked for', () => {
  const saved = {game: 'relay', players: [1, 2], state: null, startedAtMs: 0}

  test('lets in everybody who waits, each once, when the game is found', async () => {
    const gate = Promise.withResolvers<typeof saved>()
    let asked = 0
    const store = plugin('store', host =>
      host.hook('restoreGame', () => {
        asked += 1
        return gate.promise
      }),
    )
    await using server = await createTestServer({plugins: [store]})
    const events: unknown[] = []
    server.server.on('roomCreated', ({creatorId}) => void events.push(['created', creatorId]))
    server.server.on('gameRestored', ({players}) => void events.push(['restored', ...players]))
    await using one = await RawClient.login(server.port, 1)
    await using two = await RawClient.login(server.port, 2)
    await using gone = await RawClient.login(server.port, 3)
    const join = {type: 'join_room', roomId: 1, seq: 1}
    one.send(join, {type: 'heartbeat', seq: 2})
    await until(() => asked === 1, 'the server to get there')
    gone.send(join)
    two.send(join)
    await using passer = await RawClient.login(server.port, 4)
    passer.send({type: 'heartbeat', seq: 1})
    await passer.take('heartbeat')
    gone.socket.resetAndDestroy()
    await until(() => server.server.users.count === 3, 'the server to get there')
    gate.resolve(saved)
    expect(await one.next()).toMatchObject({
      type: 'room_joined',
      seq: 1,
      userCount: 1,
      game: {name: 'relay', phase: 'playing', players: [1, 2]},
    })
    expect(await two.next()).toMatchObject({type: 'room_joined', userCount: 2, game: {name: 'relay'}})
    await one.until(() => one.frames.length === 2)
    expect(one.frames.map(({type}) => type).toSorted()).toEqual(['heartbeat', 'member_joined'])
    expect(asked).toBe(1)
    expect(events).toEqual([
      ['created', 1],
      ['restored', 1, 2],
    ])
  })

  test.each([
    ['throws', () => raise(new Error('disk'))],
    ['rejects', () => Promise.reject(new Error('disk'))],
    ['answers null', () => null],
    ['brings a game that is not known', () => ({...saved, game: 'chess'})],
    ['brings what is no game', () => 'a game'],
    ['brings players that are none', async () => ({...saved, players: 'everybody'})],
  ])('opens without one when the provider %s', async (_, restore) => {
    const store = plugin('store', host => host.hook('restoreGame', restore as never))
    await using server = await createTestServer({plugins: [store]})
    await using client = await RawClient.login(server.port, 1)
    client.send({type: 'join_room', roomId: 1, seq: 1})
    expect(await client.next()).toMatchObject({type: 'room_joined', seq: 1, game: null})
  })

  test('opens without one a second after the provider was asked', async () => {
    const clock = new ManualClock()
    let asked = 0
    const store = plugin('store', host =>
      host.hook('restoreGame', () => {
        asked += 1
        return new Promise(() => {})
      }),
    )
    await using server = await createTestServer({plugins: [store]}, {clock})
    await using client = await RawClient.login(server.port, 1)
    client.send({type: 'join_room', roomId: 1, seq: 1})
    await until(() => asked === 1, 'the server to get there')
    clock.advance(1000)
    expect(await client.next()).toMatchObject({type: 'room_joined', seq: 1, game: null})
  })

  test('is asked for in the same turn when the provider answers at once', async () => {
    const store = plugin('store', host => host.hook('restoreGame', () => saved))
    await using server = await createTestServer({plugins: [store]})
    await using client = await RawClient.login(server.port, 2)
    expect(server.server.rooms.count).toBe(0)
    client.send({type: 'join_room', roomId: 9, seq: 1})
    expect(await client.next()).toMatchObject({type: 'room_joined', game: {players: [1, 2]}})
    expect(server.server.rooms.get(9)?.game).toMatchObject({name: 'relay', phase: 'playing'})
  })
})

test('a plugin that stops the server for 300 ms is named in the log', async () => {
  const clock = new ManualClock()
  const log = createLog()
  const heavy = onChat(() => clock.stall(300))
  await using server = await createTestServer({plugins: [heavy]}, {clock, log})
  await using client = await enter(server.port, 1)
  client.send(chat('hello', 1))
  await client.take('ack')
  const warnings = log.lines.filter(({level}) => level === 'warn')
  expect(warnings).toMatchObject([{fields: {plugin: 'chat-watch', hook: 'beforeMessage', elapsedMs: 300}}])
})

test('the time of a message runs from its read, also for a plugin that came while it was under way', async () => {
  const gate = Promise.withResolvers<void>()
  const durations: number[] = []
  const clock = new ManualClock()
  const late = onChat(() => gate.promise)
  const observer = plugin('observer', host =>
    host.hook('afterMessage', ({durationMs, message}) => void (message?.type === 'chat' && durations.push(durationMs))),
  )
  await using server = await createTestServer({plugins: [late, observer]}, {clock})
  await using client = await enter(server.port, 1)
  client.send(chat('late', 1))
  await until(() => server.server.counters.bytesIn > 100, 'the server to get there')
  clock.advance(40)
  gate.resolve()
  await client.take('ack')
  expect(durations).toEqual([40])
})

describe('a plugin that ends connections', () => {
  test('ends those of a user or of addresses, with its reason, and nobody else’s', async () => {
    let host: PluginHost | undefined
    const watcher = plugin('watcher', given => {
      host = given
    })
    await using server = await createTestServer({plugins: [watcher]})
    await using first = await enter(server.port, 1)
    await using second = await enter(server.port, 2)
    await using anonymous = await RawClient.connect(server.port)
    await until(() => host?.vitals.connectionCount === 3, 'three connections')

    expect(host?.disconnect({userId: 9, reason: 'blocked'})).toBe(0)
    expect(host?.disconnect({userId: 1, reason: 'blocked', message: 'too loud', retryAfterMs: 500})).toBe(1)
    expect(await first.take('goodbye')).toEqual({
      type: 'goodbye',
      reason: 'blocked',
      message: 'too loud',
      retryAfterMs: 500,
    })
    expect(host?.disconnect({matches: address => address === '127.0.0.1', reason: 'blocked'})).toBe(2)
    expect(await second.take('goodbye')).toMatchObject({reason: 'blocked'})
    expect(await anonymous.take('goodbye')).toMatchObject({reason: 'blocked'})
  })
})
