import {createServer} from 'node:net'
import {describe, expect, onTestFinished, test} from 'vitest'
import type {GsClientOptions} from '../../src/client/client-options.js'
import {FIRST_OWN_SEQ, GsClient} from '../../src/client/game-client.js'
import type {ServerMessage} from '../../src/contract/messages.js'
import {GsError} from '../../src/errors.js'
import {ManualClientClock} from '../helpers/manual-client-clock.js'
import {answerAll, type Script, scriptedPeer, welcome} from '../helpers/scripted-peer.js'

async function connected(script: Script, options: Partial<GsClientOptions> = {}) {
  const peer = await scriptedPeer(script)
  const client = await GsClient.connect({port: peer.port, userId: 1, reconnect: false, ...options})
  onTestFinished(() => client.close())
  return {peer, client, server: await peer.connection(0)}
}

async function failure(promise: Promise<unknown>): Promise<GsError> {
  const error = await promise.then(
    () => undefined,
    reason => reason,
  )
  if (!GsError.is(error)) throw new Error(`expected a GsError, got ${error}`)
  return error
}

const framings = ['ndjson', 'length-prefixed'] as const

describe.each(framings)('in %s framing', framing => {
  test('the hello says who one is, and connect waits for the welcome', async () => {
    const {client, server} = await connected(answerAll, {framing, userId: 42, nickname: 'Ann', token: 'jwt'})

    expect(server.framing).toBe(framing)
    expect(server.received[0]).toMatchObject({type: 'hello', userId: 42, nickname: 'Ann', token: 'jwt', protocol: 1})
    expect(client).toMatchObject({userId: 42, state: 'connected'})
    expect(client.welcome.server).toBe('scripted')
  })

  test('messages arrive whole wherever the bytes are split', async () => {
    const {client, server} = await connected(answerAll, {framing})
    const sent: ServerMessage[] = [
      {type: 'chat', roomId: 7, userId: 2, message: 'grüß 日本 😀', timestamp: 1},
      {type: 'notice', message: 'x'},
    ]
    const bytes = server.encode(...sent)
    const received: ServerMessage[] = []
    client.on('message', message => received.push(message))

    for (let at = 1; at < bytes.length; at += 1) {
      received.length = 0
      const last = client.waitFor('notice')
      await new Promise(resolve => server.socket.write(bytes.subarray(0, at), resolve))
      // Both ends live in this process: by the next turn the first part has been read.
      await new Promise(resolve => setImmediate(resolve))
      server.socket.write(bytes.subarray(at))
      await last
      expect(received).toEqual(sent)
    }
  })

  test('a frame beyond 256 KiB and a margin ends the connection', async () => {
    const {client, server} = await connected(answerAll, {framing})
    const fits = client.waitFor('notice')
    server.send({type: 'notice', message: 'x'.repeat(262_000)})
    expect((await fits).message).toHaveLength(262_000)

    const closed = new Promise(resolve => client.on('close', resolve))
    server.send({type: 'notice', message: 'x'.repeat(300_000)})
    expect(await closed).toMatchObject({reason: 'wrong_protocol'})
  })
})

test('a length-prefixed client understands the line of a server that has not seen a byte yet', async () => {
  const peer = await scriptedPeer((_message, connection) => {
    connection.socket.end('{"type":"goodbye","reason":"overloaded","retryAfterMs":1500}\n')
  })
  const error = await failure(GsClient.connect({port: peer.port, framing: 'length-prefixed'}))
  expect(error).toMatchObject({code: 'connection_closed', closeReason: 'overloaded', retryAfterMs: 1500})
})

describe('connect', () => {
  test('nobody there is server_unreachable, with the address and a hint', async () => {
    const port = await unusedPort()
    const error = await failure(GsClient.connect({port}))
    expect(error.code).toBe('server_unreachable')
    expect(error.message).toBe(`no server answers at 127.0.0.1:${port}: connection refused`)
    expect(error.hint).toContain('gs serve')
  })

  test.each(['SSH-2.0-OpenSSH_9.6\r\n', 'HTTP/1.1 400 Bad Request\r\n'])(
    'a server that says %j is not one of ours',
    async greeting => {
      const peer = await scriptedPeer((_message, connection) => connection.socket.write(greeting))
      const error = await failure(GsClient.connect({port: peer.port}))
      expect(error).toMatchObject({code: 'server_unreachable', closeReason: 'wrong_protocol'})
    },
  )

  test('a server that never answers is given up after the time limit', async () => {
    const clock = new ManualClientClock()
    const peer = await scriptedPeer(() => clock.advance(2_000))
    const error = await failure(GsClient.connect({port: peer.port, clock, connectTimeoutMs: 2_000}))
    expect(error.code).toBe('server_unreachable')
    expect(error.message).toContain('within 2s')
  })

  test('a goodbye instead of a welcome says why', async () => {
    const peer = await scriptedPeer((_message, {socket}) =>
      socket.end('{"type":"goodbye","reason":"auth_failed","message":"expired"}\n'),
    )
    const error = await failure(GsClient.connect({port: peer.port}))
    expect(error).toMatchObject({code: 'connection_closed', closeReason: 'auth_failed'})
    expect(error.message).toContain('expired')
  })

  test('an error to the hello is the error of connect', async () => {
    const peer = await scriptedPeer(({seq}, connection) =>
      connection.send({type: 'error', code: 'bad_message', message: 'nickname', seq}),
    )
    expect(await failure(GsClient.connect({port: peer.port}))).toMatchObject({code: 'bad_message', message: 'nickname'})
  })

  test('what comes in one piece with the welcome is not lost on listeners set up right after', async () => {
    const peer = await scriptedPeer((message, connection) => {
      connection.send(welcome(message), {type: 'notice', message: 'hello'})
    })
    const client = await GsClient.connect({port: peer.port, reconnect: false})
    onTestFinished(() => client.close())
    expect(await client.waitFor('notice')).toEqual({type: 'notice', message: 'hello'})
  })
})

describe('a request', () => {
  test('resolves with its direct reply, whatever the order of replies', async () => {
    const {client, server} = await connected((message, connection) => {
      if (message.type === 'hello') connection.send(welcome(message))
    })
    const first = client.chat(7, 'one')
    const second = client.listRooms(5)
    const [chat, list] = [await server.message(0, 'chat'), await server.message(0, 'list_rooms')]
    server.send({type: 'room_list', rooms: [], seq: list.seq}, {type: 'ack', seq: chat.seq})

    expect(await first).toMatchObject({type: 'ack'})
    expect(await second).toMatchObject({type: 'room_list', rooms: []})
    expect(list.limit).toBe(5)
  })

  test('every call says on the wire what it means', async () => {
    const {client, server} = await connected(answerAll)
    await client.joinRoom(7)
    await client.chat(7, 'hi')
    await client.startGame(7, 'tictactoe', {size: 3})
    await client.act(7, {cell: 4})
    await client.endGame(7, 1)
    await client.leaveRoom(7)
    await client.heartbeat()

    const sent = server.received.slice(1).map(({seq, ...fields}) => fields)
    expect(sent).toEqual([
      {type: 'join_room', roomId: 7},
      {type: 'chat', roomId: 7, message: 'hi'},
      {type: 'game_start', roomId: 7, game: 'tictactoe', options: {size: 3}},
      {type: 'game_action', roomId: 7, action: {cell: 4}},
      {type: 'game_end', roomId: 7, winner: 1},
      {type: 'leave_room', roomId: 7},
      {type: 'heartbeat'},
    ])
    expect(client.latencyMs).toBeGreaterThanOrEqual(0)
  })

  test('rejects with the code, rule and wait of the error to it', async () => {
    const {client} = await connected((message, connection) => {
      if (message.type === 'hello') connection.send(welcome(message))
      else {
        const error = {type: 'error', code: 'rate_limited', message: 'slow down', rule: 'messages', retryAfterMs: 300}
        connection.send({...error, seq: message.seq})
      }
    })
    const error = await failure(client.chat(7, 'hi'))
    expect(error).toMatchObject({code: 'rate_limited', message: 'slow down', rule: 'messages', retryAfterMs: 300})
  })

  test('without a reply it ends with timed_out, and a reply that comes too late is no trouble', async () => {
    const clock = new ManualClientClock()
    const {client, server} = await connected(
      (message, connection) => {
        if (message.type === 'hello') connection.send(welcome(message, {heartbeatIntervalMs: 1_000_000}))
      },
      {clock, requestTimeoutMs: 1_000},
    )
    const first = failure(client.chat(7, 'one'))
    clock.advance(600)
    const second = failure(client.chat(7, 'two'))
    clock.advance(400)
    expect((await first).code).toBe('timed_out')
    clock.advance(600)
    expect((await second).code).toBe('timed_out')

    server.send({type: 'ack', seq: FIRST_OWN_SEQ + 1})
    server.send({type: 'notice', message: 'still here'})
    await client.waitFor('notice')
  })

  test('in flight when the connection ends, it rejects with connection_closed', async () => {
    const {client, server} = await connected((message, connection) => {
      if (message.type === 'hello') connection.send(welcome(message))
    })
    const request = failure(client.joinRoom(7))
    await server.message(0, 'join_room')
    server.socket.destroy()
    expect((await request).code).toBe('connection_closed')
    expect((await failure(client.joinRoom(7))).code).toBe('connection_closed')
  })

  test('longer than the server takes, it is refused here and the connection stays', async () => {
    const {client} = await connected((message, connection) => {
      if (message.type === 'hello') connection.send(welcome(message, {maxFrameBytes: 200}))
      else answerAll(message, connection)
    })
    expect((await failure(client.chat(7, 'x'.repeat(200)))).code).toBe('message_too_large')
    await client.chat(7, 'short')
  })
})

describe('send', () => {
  test('passes a message on as it is and waits for nothing', async () => {
    const {client, server} = await connected(answerAll)
    const reply = client.waitFor('ack')
    client.send({type: 'chat', roomId: 7, message: 'raw', seq: 5})
    expect(await reply).toMatchObject({seq: 5})
    expect(await server.message(0, 'chat')).toEqual({type: 'chat', roomId: 7, message: 'raw', seq: 5})
  })

  test('says when enough is waiting, and refuses when too much is', async () => {
    const {client, server} = await connected(answerAll, {maxUnsentBytes: 1_000_000})
    server.socket.pause()
    const message = {type: 'chat', roomId: 7, message: 'x'.repeat(100_000)} as const
    let mayGoOn = true
    const fill = () => {
      for (let count = 0; count < 1_000; count += 1) mayGoOn = client.send(message)
    }
    expect(fill).toThrow(expect.objectContaining({code: 'limit_reached'}))
    expect(mayGoOn).toBe(false)
    expect(client.unsentBytes).toBeLessThanOrEqual(1_000_000)

    server.socket.resume()
    await client.drained()
    expect(client.send({type: 'heartbeat'})).toBe(true)
  })
})

describe('listeners', () => {
  test('one that throws or rejects is reported and holds up nobody', async () => {
    const failures: unknown[] = []
    const {client, server} = await connected(answerAll, {
      onListenerError: (error, event) => failures.push([event, error]),
    })
    const thrown = new Error('thrown')
    const rejected = new Error('rejected')
    client.on('notice', () => {
      throw thrown
    })
    client.on('notice', async () => {
      throw rejected
    })
    const heard = client.waitFor('notice')
    server.send({type: 'notice', message: 'x'})
    await heard
    await client.chat(7, 'still working')
    expect(failures).toEqual([
      ['notice', thrown],
      ['notice', rejected],
    ])
  })

  test('an error message needs no listener, and one that was taken back hears no more', async () => {
    const {client, server} = await connected(answerAll)
    const heard: string[] = []
    const stop = client.on('notice', ({message}) => heard.push(message))
    const first = client.waitFor('notice')
    server.send({type: 'error', code: 'bad_message', message: 'x'}, {type: 'notice', message: 'one'})
    await first
    stop()
    const second = client.waitFor('notice')
    server.send({type: 'notice', message: 'two'})
    await second
    expect(heard).toEqual(['one'])
  })
})

test('a server cannot pass for the client itself', async () => {
  const {client, server} = await connected(answerAll)
  const heard: string[] = []
  for (const name of ['close', 'reconnecting', 'message'] as const) client.on(name, () => heard.push(name))
  const last = client.waitFor('notice')
  server.send({type: 'close'}, {type: 'reconnecting'}, {type: 'notice', message: 'x'})
  await last
  expect(heard).toEqual(['message', 'message', 'message'])
})

describe('waitFor', () => {
  test('takes the first message that is accepted', async () => {
    const {client, server} = await connected(answerAll)
    const found = client.waitFor('chat', ({message}) => message === 'b')
    for (const message of ['a', 'b', 'c']) server.send({type: 'chat', roomId: 7, userId: 2, message, timestamp: 1})
    expect((await found).message).toBe('b')
  })

  test('ends with timed_out, with connection_closed, or with what the predicate throws', async () => {
    const clock = new ManualClientClock()
    const {client, server} = await connected(answerAll, {clock})
    const late = failure(client.waitFor('chat', undefined, {timeoutMs: 100}))
    clock.advance(100)
    expect((await late).code).toBe('timed_out')

    const thrown = new Error('thrown')
    const broken = client.waitFor('notice', () => {
      throw thrown
    })
    server.send({type: 'notice', message: 'x'})
    await expect(broken).rejects.toBe(thrown)

    const cut = failure(client.waitFor('chat'))
    server.socket.destroy()
    expect((await cut).code).toBe('connection_closed')
    expect((await failure(client.waitFor('chat'))).code).toBe('connection_closed')
  })
})

describe('close', () => {
  test('what was sent still gets through; closing again, also meanwhile, is fine', async () => {
    const {client, server} = await connected(answerAll)
    const ends: unknown[] = []
    client.on('close', end => ends.push(end))
    client.send({type: 'chat', roomId: 7, message: 'last words'})
    const pending = failure(client.waitFor('chat'))
    await Promise.all([client.close(), client.close()])
    await client.close()

    expect(await server.message(0, 'chat')).toMatchObject({message: 'last words'})
    expect((await pending).code).toBe('connection_closed')
    expect(ends).toEqual([{reason: 'client_closed', message: undefined, retryAfterMs: undefined, error: undefined}])
    expect(client.state).toBe('closed')
    expect(() => client.send({type: 'heartbeat'})).toThrow(expect.objectContaining({code: 'connection_closed'}))
  })

  test('a server that does not let go is dropped', async () => {
    const clock = new ManualClientClock()
    const stubborn = createServer({allowHalfOpen: true}, socket => {
      socket.on('error', () => {})
      socket.once('data', () => socket.write(`${JSON.stringify(welcome({type: 'hello', userId: 1}))}\n`))
    })
    const port = await new Promise<number>(resolve => {
      stubborn.listen(0, '127.0.0.1', () => resolve((stubborn.address() as {port: number}).port))
    })
    onTestFinished(() => void stubborn.close())
    const client = await GsClient.connect({port, clock})
    const closed = client.close()
    clock.advance(1_500)
    await closed
  })
})

async function unusedPort(): Promise<number> {
  const server = createServer()
  const port = await new Promise<number>(resolve => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as {port: number}).port))
  })
  await new Promise(resolve => server.close(resolve))
  return port
}
