import {once} from 'node:events'
import type {RequestListener, ServerResponse} from 'node:http'
import {describe, expect, test} from 'vitest'
import {AdminClient} from '../../src/client/admin/admin-client.js'
import {adminSocket, rawConnection} from '../helpers/admin-socket.js'

const get = (path: string) => `GET ${path} HTTP/1.1\r\nhost: gs\r\n\r\n`
const post = (headers: string) => `POST /v1/x HTTP/1.1\r\nhost: gs\r\n${headers}\r\n\r\n`

/** Answers `{}`; keeps what asks for /hold open. */
function holdingServer() {
  const held: ServerResponse[] = []
  let wake = () => {}
  const handler: RequestListener = (request, response) => {
    if (request.url === '/hold') held.push(response)
    else response.end('{"v":1,"instance":"default","data":{}}')
    wake()
  }
  const holds = async (count: number) => {
    while (held.length < count) await new Promise<void>(resolve => (wake = resolve))
  }
  return {held, handler, holds}
}

describe('clients', () => {
  test('above eight at once are told that the server is busy, and a place that is free again is given away', async () => {
    const {held, handler, holds} = holdingServer()
    const {path} = await adminSocket({handler})
    const client = new AdminClient({socketPath: path})
    for (let count = 0; count < 8; count++) rawConnection(path, get('/hold'))
    await holds(8)
    await expect(client.request({path: '/v1/'})).rejects.toMatchObject({code: 'server_busy'})
    const refused = rawConnection(path, get('/v1/'))
    expect(await refused.rest).toMatch(/^HTTP\/1\.1 503 [\s\S]*connection: close[\s\S]*"code":"server_busy"/i)
    const freed = once(held[0] as ServerResponse, 'close')
    held[0]?.end()
    await freed
    expect(await client.request({path: '/v1/'})).toEqual({})
  })

  test('that hang without asking take no place', async () => {
    const {handler} = holdingServer()
    const {path} = await adminSocket({handler})
    const hanging = Array.from({length: 20}, () => rawConnection(path))
    await Promise.all(hanging.map(({socket}) => once(socket, 'connect')))
    expect(await new AdminClient({socketPath: path}).request({path: '/v1/'})).toEqual({})
  })
})

describe('time', () => {
  test('is over for whoever says nothing, says too little or says it too slowly', async () => {
    const {handler} = holdingServer()
    const {path} = await adminSocket({handler, limits: {idleTimeoutMs: 200}})
    const silent = rawConnection(path)
    const half = rawConnection(path, 'GET /v1/ HTTP/1.1\r\nhost:')
    const slow = rawConnection(path)
    let index = 0
    const dripping = setInterval(() => slow.socket.write(get(`/${'x'.repeat(500)}`).charAt(index++)), 10)
    const body = rawConnection(path, `${post('content-length: 5')}12`)
    for (const {rest} of [silent, half, slow]) expect(await rest).toMatch(/^HTTP\/1\.1 408 [\s\S]*"code":"timed_out"/)
    clearInterval(dripping)
    // Its answer came before the body was whole.
    expect(await body.rest).toMatch(/^HTTP\/1\.1 200 /)
  })

  test('is over for whoever does not read a finished answer, but for no stream and no handler that thinks', async () => {
    const closed = Promise.withResolvers<void>()
    const held = new Map<string | undefined, ServerResponse>()
    const handler: RequestListener = (request, response) => {
      held.set(request.url, response)
      if (request.url === '/stream') response.write('{"n":1}\n')
      if (request.url !== '/large') return
      response.once('close', closed.resolve)
      response.end(Buffer.alloc(50_000_000, 'x'))
    }
    const {path} = await adminSocket({handler, limits: {idleTimeoutMs: 150}})
    const client = new AdminClient({socketPath: path})
    const stream = client.stream('/stream')
    expect(await stream.next()).toMatchObject({value: {n: 1}})
    const thought = client.request({path: '/think'})
    const {socket} = rawConnection(path, get('/large'))
    socket.pause()
    await closed.promise
    held.get('/think')?.end('{"v":1,"instance":"default","data":"done"}')
    expect(await thought).toBe('done')
    held.get('/stream')?.write('{"n":2}\n')
    expect(await stream.next()).toMatchObject({value: {n: 2}})
    await stream.return()
  })
})

describe('a request', () => {
  test('has a body of 64 KiB at most, and says how long it is', async () => {
    const {handler} = holdingServer()
    const {path} = await adminSocket({handler})
    const fits = rawConnection(path, post('connection: close\r\ncontent-length: 65536') + 'x'.repeat(65_536))
    expect(await fits.rest).toMatch(/^HTTP\/1\.1 200 /)
    const tooLong = rawConnection(path, post('content-length: 65537'))
    expect(await tooLong.rest).toMatch(/^HTTP\/1\.1 413 [\s\S]*"code":"message_too_large"/)
    const endless = rawConnection(path, post('transfer-encoding: chunked'))
    expect(await endless.rest).toMatch(/^HTTP\/1\.1 411 [\s\S]*"code":"usage"/)
  })

  test.for([
    ['no HTTP', '{"type":"hello"}\n', 400],
    ['bytes of nothing', '\0\0\0\x10', 400],
    ['a length that is none', post('content-length: -1'), 400],
    ['two lengths', post('content-length: 1\r\ncontent-length: 2'), 400],
    ['headers without end', `GET / HTTP/1.1\r\na: ${'x'.repeat(20_000)}`, 431],
    ['a path without end', `GET /${'x'.repeat(20_000)}`, 431],
  ] as const)('that is %s is answered without a stack', async ([, bytes, status]) => {
    const {handler} = holdingServer()
    const {path} = await adminSocket({handler})
    const rest = await rawConnection(path, bytes).rest
    expect(rest).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
    const {error} = JSON.parse(rest.slice(rest.indexOf('\r\n\r\n')))
    expect(Object.keys(error)).toEqual(['code', 'message', 'hint'])
    expect(rest).not.toMatch(/node:|\.js|Parse Error/)
  })
})
