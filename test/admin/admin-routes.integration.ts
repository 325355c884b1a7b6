import {describe, expect, test} from 'vitest'
import {ADMIN_ROUTES} from '../../src/admin/admin-app.js'
import {rawConnection} from '../helpers/admin-socket.js'
import {type AdminWorld, adminWorld} from '../helpers/admin-world.js'
import {until} from '../helpers/until.js'

interface Answer {
  readonly status: number
  readonly body: {readonly v?: number; readonly data?: unknown; readonly error?: {readonly code: string}}
}

/** Says a request as curl does, byte for byte. */
async function ask({socket}: AdminWorld, request: string, body?: string, type = 'application/json'): Promise<Answer> {
  const content = body === undefined ? '' : `content-type: ${type}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n`
  const head = `${request} HTTP/1.1\r\nhost: gs\r\nconnection: close\r\n${content}\r\n`
  const rest = await rawConnection(socket, head + (body ?? '')).rest
  expect(rest).not.toMatch(/node:|\.js:|node_modules|dist\//)
  const status = Number(/^HTTP\/1\.1 (\d+) /.exec(rest)?.[1])
  return {status, body: JSON.parse(rest.slice(rest.indexOf('\r\n\r\n') + 4))}
}

describe('the admin socket, asked by anything that speaks HTTP,', () => {
  test('lists its routes, and each is what it says it is', async () => {
    const world = await adminWorld()
    const {status, body} = await ask(world, 'GET /v1/')
    expect({status, v: body.v}).toEqual({status: 200, v: 1})
    const routes = body.data as {method: string; path: string}[]
    expect(routes).toEqual(ADMIN_ROUTES.map(({info}) => info))
    for (const {method, path} of routes) {
      if (method !== 'POST') continue
      const other = await ask(world, `GET ${path.replace(/:\w+/g, '1')}`)
      // Below the name of a plugin, a path that is none of ours is left to the plugin, which is off here.
      const expected = /^\/v1\/(cache|security|analytics|metrics)\//.test(path) ? 409 : 404
      expect(other.status, path).toBe(expected)
    }
  })

  test('answers probes with 200, and with 503 while it drains', async () => {
    const world = await adminWorld()
    await world.user(1)
    expect(await ask(world, 'GET /v1/ready')).toEqual({
      status: 200,
      body: {v: 1, instance: 'default', data: {ready: true}},
    })
    expect(await ask(world, 'POST /v1/drain', '{"forMs": 60000}')).toMatchObject({status: 200, body: {data: {}}})
    let answer: Answer | undefined
    const deadlineMs = Date.now() + 5000
    while (answer?.status !== 503 && Date.now() < deadlineMs) answer = await ask(world, 'GET /v1/ready')
    expect(answer).toMatchObject({status: 503, body: {v: 1, data: {ready: false}}})
    world.server.signal('SIGKILL')
    await until(() => world.server.isOver, 'it did not die')
  })

  test('refuses everything else by a status and a code', async () => {
    const world = await adminWorld()
    const cases: [request: string, body: string | undefined, status: number, code: string][] = [
      ['GET /', undefined, 404, 'version_mismatch'],
      ['GET /v1', undefined, 404, 'version_mismatch'],
      ['GET /v2/status', undefined, 404, 'version_mismatch'],
      ['GET /v1/nope', undefined, 404, 'version_mismatch'],
      ['DELETE /v1/rooms/7', undefined, 404, 'version_mismatch'],
      ['GET /v1/nope/route', undefined, 404, 'not_found'],
      ['GET /v1/__proto__/x', undefined, 404, 'not_found'],
      ['GET /v1/constructor/x', undefined, 404, 'not_found'],
      ['GET /v1/rooms/../status', undefined, 404, 'not_found'],
      ['GET /v1/rooms/7', undefined, 404, 'not_found'],
      ['GET /v1/rooms/0', undefined, 400, 'usage'],
      ['GET /v1/rooms/07', undefined, 400, 'usage'],
      ['GET /v1/rooms/4294967296', undefined, 400, 'usage'],
      ['GET /v1/rooms/%00', undefined, 400, 'usage'],
      ['GET /v1/rooms/%zz', undefined, 400, 'usage'],
      ['GET /v1/rooms?sort=constructor', undefined, 400, 'usage'],
      ['GET /v1/rooms?__proto__=1', undefined, 400, 'usage'],
      ['GET /v1/rooms?limit=1&limit=2', undefined, 400, 'usage'],
      ['GET /v1/rooms?limit=-1', undefined, 400, 'usage'],
      ['GET /v1/rooms?nope=1', undefined, 400, 'usage'],
      ['GET /v1/trace', undefined, 400, 'usage'],
      ['GET /v1/logs?level=loud', undefined, 400, 'usage'],
      ['POST /v1/notice', undefined, 400, 'usage'],
      ['POST /v1/notice', '', 400, 'usage'],
      ['POST /v1/notice', '{bad', 400, 'usage'],
      ['POST /v1/notice', '[]', 400, 'usage'],
      ['POST /v1/notice', 'null', 400, 'usage'],
      ['POST /v1/notice', '{"message": ""}', 400, 'usage'],
      ['POST /v1/notice', '{"message": "x", "more": 1}', 400, 'usage'],
      ['POST /v1/notice', '{"message": "x", "__proto__": {}}', 400, 'usage'],
      ['POST /v1/notice', '{"message": "x", "constructor": {"prototype": {}}}', 400, 'usage'],
      ['POST /v1/notice', `{"message": ${'['.repeat(20_000)}`, 400, 'usage'],
      ['POST /v1/notice', `"${'x'.repeat(65_536)}"`, 413, 'message_too_large'],
      ['POST /v1/drain', '{"forMs": 0}', 400, 'usage'],
      ['POST /v1/drain', '{"forMs": 1e999}', 400, 'usage'],
    ]
    for (const [request, body, status, code] of cases) {
      const answer = await ask(world, request, body)
      expect(answer, `${request} ${body?.slice(0, 60)}`).toEqual({
        status,
        body: {error: {code, message: expect.any(String), hint: expect.toBeOneOf([expect.any(String), null])}},
      })
    }
    const form = await ask(world, 'POST /v1/notice', 'message=x', 'application/x-www-form-urlencoded')
    expect(form).toMatchObject({status: 400, body: {error: {code: 'usage', message: expect.stringContaining('JSON')}}})
    expect(await ask(world, 'GET /v1/status')).toMatchObject({status: 200, body: {data: {state: 'running'}}})
  })
})
