import {once} from 'node:events'
import {createServer, type IncomingMessage, type RequestListener, type ServerResponse} from 'node:http'
import {createServer as createSocketServer} from 'node:net'
import {join} from 'node:path'
import {describe, expect, onTestFinished, test} from 'vitest'
import {AdminClient, type AdminRequest, type StreamState} from '../../../src/client/admin/admin-client.js'
import {requestPath} from '../../../src/client/admin/request-path.js'
import {ManualClientClock} from '../../helpers/manual-client-clock.js'
import {tempFolder} from '../../helpers/temp-folder.js'

/** A server that says what the test tells it to. */
async function scripted(handler: RequestListener, socketPath = join(tempFolder(), 's.sock')) {
  const server = createServer(handler).listen({path: socketPath})
  await once(server, 'listening')
  const close = async () => {
    if (!server.listening) return
    const closed = once(server, 'close')
    server.close()
    server.closeAllConnections()
    await closed
  }
  onTestFinished(close)
  return {socketPath, close, server}
}

/** Asks a server that answers everything the same. */
async function askFor(status: number, body: unknown, request: Partial<AdminRequest> = {}): Promise<unknown> {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const {socketPath} = await scripted((_request, response) => response.writeHead(status).end(text))
  return new AdminClient({socketPath}).request({path: '/v1/rooms', ...request})
}

const envelope = (data: unknown) => ({v: 1, instance: 'default', data})
const refusal = (code: string, hint: string | null = null) => ({error: {code, message: 'No.', hint}})

describe('a request', () => {
  test('carries method, path, query and body, and brings back the data', async () => {
    const {socketPath} = await scripted(async (request, response) => {
      const body = (await request.setEncoding('utf8').toArray()).join('')
      const {method, url, headers} = request
      response.end(JSON.stringify(envelope({method, url, body, type: headers['content-type']})))
    })
    const client = new AdminClient({socketPath})
    expect(
      await client.request({path: '/v1/rooms', query: {sort: 'a&b', limit: 5, all: true, not: undefined}}),
    ).toEqual({
      method: 'GET',
      url: '/v1/rooms?sort=a%26b&limit=5&all=true',
      body: '',
    })
    expect(await client.request({method: 'POST', path: '/v1/notice', body: {message: 'é'}})).toEqual({
      method: 'POST',
      url: '/v1/notice',
      body: '{"message":"é"}',
      type: 'application/json',
    })
  })

  test('unwraps an answer whatever its status, and null is data, too', async () => {
    expect(await askFor(503, envelope({ready: false}))).toEqual({ready: false})
    expect(await askFor(200, envelope(null))).toBeNull()
  })

  test('fails with what the server answered, also with a code from the future', async () => {
    await expect(askFor(404, refusal('not_found', 'Look.'))).rejects.toMatchObject({
      code: 'not_found',
      message: 'No.',
      hint: 'Look.',
    })
    await expect(askFor(409, refusal('plugin_disabled'))).rejects.toMatchObject({code: 'plugin_disabled'})
    await expect(askFor(418, refusal('teapot_only'))).rejects.toMatchObject({code: 'teapot_only', message: 'No.'})
  })

  test.for([
    ['an unknown route', 404, {error: 'Not Found', message: 'Route not found', statusCode: 404}],
    ['another method', 405, ''],
    ['another version', 200, {v: 2, instance: 'default', data: {}}],
    ['no envelope', 200, {rooms: []}],
    ['no object', 200, '1'],
    ['no JSON', 200, '<html>'],
    ['a code that is none', 500, refusal('No Such Code')],
    ['the code itself', 404, refusal('version_mismatch')],
  ] as const)('is a matter of versions when the answer is %s', async ([, status, body]) => {
    await expect(askFor(status, body)).rejects.toMatchObject({
      code: 'version_mismatch',
      hint: expect.stringContaining('gs --version'),
    })
  })

  test('takes an answer of 64 MiB and not one byte more', {timeout: 60_000}, async () => {
    const around = JSON.stringify(envelope('')).length
    const answerOf = (sizeBytes: number) => JSON.stringify(envelope('x'.repeat(sizeBytes - around)))
    const whole = await askFor(200, answerOf(67_108_864), {timeoutMs: 30_000})
    expect(String(whole).length).toBe(67_108_864 - around)
    const tooLong = askFor(200, answerOf(67_108_865), {timeoutMs: 30_000})
    await expect(tooLong).rejects.toMatchObject({code: 'message_too_large'})
  })

  test('has a body of 64 KiB and not one byte more', async () => {
    const fits = {text: 'x'.repeat(65_536 - '{"text":""}'.length)}
    expect(await askFor(200, envelope(1), {method: 'POST', body: fits})).toBe(1)
    const tooLong = askFor(200, envelope(1), {method: 'POST', body: {text: `${fits.text}x`}})
    await expect(tooLong).rejects.toMatchObject({code: 'message_too_large'})
  })
})

describe('a server that hangs', () => {
  test.for([
    ['before it answers', () => {}],
    ['in the middle of its answer', (_: IncomingMessage, response: ServerResponse) => void response.write('{"v":1,')],
  ] as const)('%s is given up after the timeout', async ([, handler]) => {
    const began = Promise.withResolvers<void>()
    const {socketPath} = await scripted((request, response) => {
      handler(request, response)
      began.resolve()
    })
    const clock = new ManualClientClock()
    const answer = new AdminClient({socketPath, clock}).request({path: '/v1/rooms'})
    answer.catch(() => {})
    await began.promise
    clock.advance(4_999)
    expect(clock.waitsMs).toEqual([1])
    clock.advance(1)
    await expect(answer).rejects.toMatchObject({
      code: 'timed_out',
      message: `the server at ${socketPath} did not answer within 5s`,
    })
  })

  test('at the very first byte is given up, too, and a request may have a limit of its own', async () => {
    const socketPath = join(tempFolder(), 's.sock')
    const server = createSocketServer().listen({path: socketPath})
    onTestFinished(() => void server.close())
    await once(server, 'listening')
    const clock = new ManualClientClock()
    const client = new AdminClient({socketPath, clock})
    const answer = client.request({path: '/v1/', timeoutMs: 20})
    answer.catch(() => {})
    await once(server, 'connection')
    clock.advance(20)
    await expect(answer).rejects.toMatchObject({code: 'timed_out'})
    const stream = client.stream('/v1/logs').next()
    stream.catch(() => {})
    await once(server, 'connection')
    clock.advance(5_000)
    await expect(stream).rejects.toMatchObject({code: 'timed_out'})
  })

  test('leaves no timer behind when it answered after all', async () => {
    const {socketPath} = await scripted((_request, response) => response.end(JSON.stringify(envelope(1))))
    const clock = new ManualClientClock()
    await new AdminClient({socketPath, clock}).request({path: '/v1/'})
    expect(clock.waitsMs).toEqual([])
  })
})

describe('without a server', () => {
  const failure = (socketPath: string) => new AdminClient({socketPath}).request({path: '/v1/'}).catch(error => error)

  test('the error tells what is at the path instead', async () => {
    const folder = tempFolder({'file.sock': ''})
    expect(await failure(join(folder, 'none.sock'))).toMatchObject({
      code: 'server_unreachable',
      message: `no server is running at ${folder}/none.sock`,
    })
    expect(await failure(join(folder, 'file.sock'))).toMatchObject({
      code: 'server_unreachable',
      message: `${folder}/file.sock is not a socket`,
    })
  })

  test('the error tells of one that answers in no HTTP', async () => {
    const socketPath = join(tempFolder(), 's.sock')
    const server = createSocketServer(socket => socket.end('{"type":"goodbye"}\n')).listen({path: socketPath})
    onTestFinished(() => void server.close())
    await once(server, 'listening')
    expect(await failure(socketPath)).toMatchObject({code: 'version_mismatch'})
  })
})

describe('a stream', () => {
  test('gives events, and what was dropped, at the pace of the reader; its end is the end', async () => {
    const {socketPath} = await scripted((_request, response) => {
      response.write('\n{"n":1}\n\n{"dropp')
      response.end('ed":3}\r\n{"n":"é"}\n')
    })
    const states: StreamState[] = []
    const stream = new AdminClient({socketPath}).stream('/v1/logs', {}, {onState: state => states.push(state)})
    const events: unknown[] = []
    for await (const event of stream) events.push(event)
    expect(events).toEqual([{n: 1}, {dropped: 3}, {n: 'é'}])
    expect(states).toEqual([{kind: 'connected'}])
  })

  test('holds the server back while nobody reads', {timeout: 30_000}, async () => {
    const line = `{"text":"${'x'.repeat(65_000)}"}\n`
    const stalled = Promise.withResolvers<void>()
    const {socketPath} = await scripted(async (_request, response) => {
      while (response.write(line)) await new Promise(setImmediate)
      stalled.resolve()
    })
    const stream = new AdminClient({socketPath}).stream('/v1/logs')
    await stream.next()
    await stalled.promise
    await stream.return()
  })

  test('ends on the server when the reader leaves, or its signal says so', async () => {
    const responses: ServerResponse[] = []
    const {socketPath} = await scripted((_request, response) => {
      responses.push(response)
      response.write('{"n":1}\n')
    })
    const client = new AdminClient({socketPath})
    for await (const event of client.stream('/v1/logs')) {
      expect(event).toEqual({n: 1})
      break
    }
    if (!responses[0]?.closed) await once(responses[0] as ServerResponse, 'close')

    const controller = new AbortController()
    const stream = client.stream('/v1/logs', {}, {signal: controller.signal, reconnect: true})
    await stream.next()
    const next = stream.next()
    controller.abort()
    expect(await next).toEqual({done: true, value: undefined})
    if (!responses[1]?.closed) await once(responses[1] as ServerResponse, 'close')
    const late = client.stream('/v1/logs', {}, {signal: controller.signal})
    expect(await late.next()).toEqual({done: true, value: undefined})
    expect(responses).toHaveLength(2)
  })

  test('fails as a request does when it is refused', async () => {
    const {socketPath} = await scripted((_request, response) => {
      response.writeHead(409).end(JSON.stringify(refusal('plugin_disabled')))
    })
    const stream = new AdminClient({socketPath}).stream('/v1/analytics/live', {}, {reconnect: true})
    await expect(stream.next()).rejects.toMatchObject({code: 'plugin_disabled'})
  })

  test.for([
    ['no JSON', 'hello\n'],
    ['no object', '1\n'],
    ['no text', Buffer.from([0x7b, 0xff, 0x0a])],
    ['longer than 1 MiB', `{"a":"${'x'.repeat(1_048_576)}"}`],
  ] as const)('is a matter of versions when a line is %s', async ([, line]) => {
    const {socketPath} = await scripted((_request, response) => void response.write(line))
    await expect(new AdminClient({socketPath}).stream('/v1/logs').next()).rejects.toMatchObject({
      code: 'version_mismatch',
    })
  })

  test('breaks off with the server', async () => {
    const {socketPath, close} = await scripted((_request, response) => void response.write('{"n":1}\n'))
    const stream = new AdminClient({socketPath}).stream('/v1/logs')
    await stream.next()
    const next = stream.next()
    next.catch(() => {})
    await close()
    await expect(next).rejects.toMatchObject({code: 'server_unreachable'})
  })

  test('waits longer and longer for a server that restarts, and goes on with it', async () => {
    const handler: RequestListener = (_request, response) => void response.write('{"n":1}\n')
    const {socketPath, close} = await scripted(handler)
    const clock = new ManualClientClock()
    const states: StreamState[] = []
    let wake = () => {}
    const onState = (state: StreamState) => {
      states.push(state)
      // The wait begins after the state was told.
      setImmediate(() => wake())
    }
    const seen = async (count: number) => {
      while (states.length < count || clock.waitsMs.length === 0) await new Promise<void>(resolve => (wake = resolve))
    }
    const client = new AdminClient({socketPath, clock, random: () => 0.5})
    const stream = client.stream('/v1/logs', {}, {reconnect: true, onState})
    await stream.next()
    const next = stream.next()
    await close()
    for (let attempt = 1; attempt <= 5; attempt++) {
      await seen(1 + attempt)
      expect(clock.waitsMs).toHaveLength(1)
      if (attempt < 5) clock.advance(clock.waitsMs[0] ?? 0)
    }
    await scripted(handler, socketPath)
    clock.advance(clock.waitsMs[0] ?? 0)
    expect(await next).toEqual({done: false, value: {n: 1}})
    expect(states.map(state => (state.kind === 'connected' ? state.kind : state.delayMs))).toEqual([
      'connected',
      125,
      250,
      500,
      1000,
      1000,
      'connected',
    ])
    expect(states[2]).toMatchObject({attempt: 2, error: {code: 'server_unreachable'}})
    await stream.return()
  })

  test('that never began is not asked for again, and a wait ends with its signal', async () => {
    const folder = tempFolder()
    const none = new AdminClient({socketPath: join(folder, 'none.sock')}).stream('/v1/logs', {}, {reconnect: true})
    await expect(none.next()).rejects.toMatchObject({code: 'server_unreachable'})

    const {socketPath, close} = await scripted((_request, response) => void response.write('{"n":1}\n'))
    const controller = new AbortController()
    const waiting = Promise.withResolvers<void>()
    const clock = new ManualClientClock()
    const stream = new AdminClient({socketPath, clock}).stream(
      '/v1/logs',
      {},
      {
        reconnect: true,
        signal: controller.signal,
        onState: state => state.kind === 'reconnecting' && waiting.resolve(),
      },
    )
    await stream.next()
    const next = stream.next()
    await close()
    await waiting.promise
    controller.abort()
    expect(await next).toEqual({done: true, value: undefined})
    expect(clock.waitsMs).toEqual([])
  })
})

describe('a path', () => {
  test('escapes what is put in', () => {
    expect(requestPath`/v1/rooms/${7}`).toBe('/v1/rooms/7')
    expect(requestPath`/v1/cache/keys/${'a/b?c#d é'}/explain`).toBe('/v1/cache/keys/a%2Fb%3Fc%23d%20%C3%A9/explain')
    expect(requestPath`/v1/rooms`).toBe('/v1/rooms')
  })

  test.for(['', '.', '..', '\ud800'])('cannot carry %j', text => {
    expect(() => requestPath`/v1/cache/keys/${text}`).toThrow(expect.objectContaining({code: 'usage'}))
  })
})
