import {join} from 'node:path'
import {describe, expect, onTestFinished, test} from 'vitest'
import {ADMIN_ROUTES, indexRoute} from '../../src/admin/admin-app.js'
import {adminReferencePage, answerFields, requestFields} from '../../src/admin/reference-page.js'
import type {AdminRoute} from '../../src/admin/route.js'
import {AdminClient, type AdminRequest} from '../../src/client/admin/admin-client.js'
import {GsClient} from '../../src/client/game-client.js'
import {serve} from '../../src/ops/serve.js'
import {readPage} from '../docs/markdown.js'
import {tempFolder} from '../helpers/temp-folder.js'

const observer = (name: string) => `export default {
  name: '${name}',
  setup(host) {
    host.hook('beforeMessage', ({message}) => {
      const endMs = performance.now() + (message.message === 'take your time' ? 3 : 0)
      while (performance.now() < endMs);
    })
    host.admin.route({method: 'GET', path: 'rooms', summary: 'Counts rooms.', handler: () => ({rooms: host.rooms.count})})
  },
}
`

/** A server with everything that answers tell of: rooms, a game, users, a guest, closed connections, a plugin. */
async function busyServer() {
  const cwd = tempFolder({
    'watcher.mjs': observer('watcher'),
    'second.mjs': observer('second'),
    'gs.config.json': JSON.stringify({
      server: {port: 0},
      dataDir: './data',
      plugins: ['security', 'metrics', 'cache', 'analytics', './watcher.mjs'],
      metrics: {slowMs: 1},
      log: {file: './gs.log'},
    }),
  })
  const terminal = {isTerminal: false, hasColor: false, columns: Number.POSITIVE_INFINITY}
  const {ready, foreground} = await serve({cwd, file: undefined, env: {XDG_RUNTIME_DIR: cwd}, flags: [], terminal})
  onTestFinished(async () => {
    foreground.stop()
    await foreground.ended
  })
  const connect = async (options: {userId?: number; nickname?: string}) => {
    const client = await GsClient.connect({port: ready.port, reconnect: false, ...options})
    onTestFinished(() => client.close())
    return client
  }
  const ann = await connect({userId: 1, nickname: 'Ann'})
  const bob = await connect({userId: 2})
  const passing = await connect({})
  await ann.joinRoom(7)
  await bob.joinRoom(7)
  await bob.joinRoom(8)
  await ann.startGame(7, 'tictactoe')
  await ann.chat(7, 'take your time')
  await passing.close()
  const admin = new AdminClient({socketPath: ready.socket})
  while ((await admin.request<{total: number}>({path: '/v1/closed'})).total === 0);
  return {admin, ann, folder: cwd}
}

type World = Awaited<ReturnType<typeof busyServer>>

const SET_KEY: AdminRequest = {
  method: 'POST',
  path: '/v1/cache/set',
  body: {key: 'a:1', value: {deep: [1]}, ttlMs: 60_000},
}
const START_TRACE: AdminRequest = {method: 'POST', path: '/v1/cache/trace/start', body: {maxReads: 100}}

const SECURITY = '/v1/security'
const BLOCK: AdminRequest = {
  method: 'POST',
  path: `${SECURITY}/block`,
  body: {targets: [{user: 7}, {cidr: '203.0.113.0/24'}], forMs: 60_000, reason: 'spam', actor: 'ann'},
}
const ALLOW: AdminRequest = {
  method: 'POST',
  path: `${SECURITY}/allow`,
  body: {targets: [{users: {first: 100, last: 199}}], reason: 'tests'},
}

/** How each route is called. */
const calls: Record<string, (world: World) => AdminRequest | Promise<AdminRequest>> = {
  'GET /v1/ready': () => ({path: '/v1/ready'}),
  'GET /v1/status': () => ({path: '/v1/status'}),
  'GET /v1/usage': () => ({path: '/v1/usage'}),
  'POST /v1/stop': () => ({method: 'POST', path: '/v1/stop'}),
  'POST /v1/drain': () => ({method: 'POST', path: '/v1/drain', body: {forMs: 60_000}}),
  'POST /v1/reload': () => ({method: 'POST', path: '/v1/reload'}),
  'GET /v1/rooms': () => ({path: '/v1/rooms', query: {sort: 'created', reverse: true, limit: 5}}),
  'GET /v1/rooms/:roomId': () => ({path: '/v1/rooms/7'}),
  'POST /v1/rooms/:roomId/close': () => ({method: 'POST', path: '/v1/rooms/7/close', body: {message: 'late'}}),
  'POST /v1/notice': () => ({method: 'POST', path: '/v1/notice', body: {message: 'hello', roomId: 7}}),
  'GET /v1/users': () => ({path: '/v1/users', query: {sort: 'name'}}),
  'GET /v1/users/:userId': () => ({path: '/v1/users/1'}),
  'POST /v1/users/:userId/kick': () => ({method: 'POST', path: '/v1/users/2/kick', body: {}}),
  'GET /v1/closed': () => ({path: '/v1/closed', query: {reason: 'client_closed'}}),
  'GET /v1/logs': () => ({path: '/v1/logs', query: {level: 'debug', lines: 5}}),
  'GET /v1/trace': () => ({path: '/v1/trace', query: {user: 1, forMs: 20_000}}),
  'GET /v1/plugins': () => ({path: '/v1/plugins'}),
  'POST /v1/plugins/enable': ({folder}) => ({
    method: 'POST',
    path: '/v1/plugins/enable',
    body: {plugin: join(folder, 'second.mjs')},
  }),
  'GET /metrics': () => ({path: '/metrics', query: {format: 'openmetrics'}}),
  'GET /v1/metrics': () => ({path: '/v1/metrics', query: {limit: 5, sort: 'users', reverse: true}}),
  'GET /v1/metrics/history': async world => {
    await firstEvent(world, {path: '/v1/metrics/samples'})
    return {path: '/v1/metrics/history', query: {points: 10}}
  },
  'GET /v1/metrics/samples': () => ({path: '/v1/metrics/samples'}),
  'GET /v1/metrics/slow': () => ({path: '/v1/metrics/slow', query: {limit: 5, sort: 'time'}}),
  'GET /v1/metrics/rooms/:roomId': () => ({path: '/v1/metrics/rooms/7'}),
  'GET /v1/metrics/users/:userId': () => ({path: '/v1/metrics/users/1'}),
  'GET /v1/cache': () => ({path: '/v1/cache'}),
  'GET /v1/cache/keys': async ({admin}) => {
    await admin.request(SET_KEY)
    return {path: '/v1/cache/keys', query: {prefix: 'a:', tier: 'l1', sort: 'age', limit: 5}}
  },
  'GET /v1/cache/value': async ({admin}) => {
    await admin.request(SET_KEY)
    return {path: '/v1/cache/value', query: {key: 'a:1'}}
  },
  'GET /v1/cache/entry': async ({admin}) => {
    await admin.request(SET_KEY)
    return {path: '/v1/cache/entry', query: {key: 'a:1'}}
  },
  'POST /v1/cache/set': () => SET_KEY,
  'POST /v1/cache/delete': () => ({method: 'POST', path: '/v1/cache/delete', body: {prefix: 'a:'}}),
  'POST /v1/cache/clear': () => ({method: 'POST', path: '/v1/cache/clear'}),
  'POST /v1/cache/cleanup': () => ({method: 'POST', path: '/v1/cache/cleanup'}),
  'POST /v1/cache/resize': () => ({
    method: 'POST',
    path: '/v1/cache/resize',
    body: {l1Entries: 50, l2Bytes: 2_000_000},
  }),
  'GET /v1/cache/trace': () => ({path: '/v1/cache/trace'}),
  'POST /v1/cache/trace/start': () => START_TRACE,
  'POST /v1/cache/trace/stop': async ({admin}) => {
    await admin.request(START_TRACE)
    return {method: 'POST', path: '/v1/cache/trace/stop'}
  },
  'GET /v1/analytics': () => ({path: '/v1/analytics'}),
  'GET /v1/analytics/users/:userId': () => ({path: '/v1/analytics/users/1'}),
  'GET /v1/analytics/rooms/:roomId': () => ({path: '/v1/analytics/rooms/7'}),
  'GET /v1/analytics/rank': () => ({
    path: '/v1/analytics/rank',
    query: {by: 'peak', rooms: true, since: '2026-01-01T00:00:00Z', limit: 5},
  }),
  'GET /v1/analytics/heatmap': () => ({
    path: '/v1/analytics/heatmap',
    query: {room: 7, since: '2026-01-01T00:00:00Z'},
  }),
  'GET /v1/analytics/retention': () => ({path: '/v1/analytics/retention', query: {weeks: 2}}),
  'GET /v1/analytics/events': () => ({
    path: '/v1/analytics/events',
    query: {types: 'room_joined,room_left', room: 7, user: 1, since: '2026-01-01T00:00:00Z', limit: 5, follow: true},
  }),
  'GET /v1/analytics/report': async ({admin}) => {
    // Ends a game.
    await admin.request({method: 'POST', path: '/v1/rooms/7/close', body: {}})
    return {path: '/v1/analytics/report', query: {since: '2026-01-01T00:00:00Z'}}
  },
  'POST /v1/analytics/query': () => ({
    method: 'POST',
    path: '/v1/analytics/query',
    body: {sql: 'SELECT user_id FROM v_users', maxRows: 10, limitMs: 10_000},
  }),
  'GET /v1/analytics/export': () => ({
    path: '/v1/analytics/export',
    query: {view: 'v_sessions', since: '2026-01-01T00:00:00Z'},
  }),
  'POST /v1/analytics/forget': async ({admin}) => {
    await admin.request({method: 'POST', path: `${SECURITY}/block`, body: {targets: [{user: 2}], reason: 'rude'}})
    return {method: 'POST', path: '/v1/analytics/forget', body: {userId: 2}}
  },
  'GET /v1/security': () => ({path: SECURITY}),
  'GET /v1/security/rules': () => ({path: `${SECURITY}/rules`}),
  'GET /v1/security/blocks': async ({admin}) => {
    await admin.request(BLOCK)
    return {path: `${SECURITY}/blocks`, query: {cidr: '203.0.0.0/16', sinceMs: 60_000, sort: 'ends', limit: 5}}
  },
  'GET /v1/security/users/:userId': async ({ann}) => {
    await ann.chat(7, '<script>').catch(() => {})
    return {path: `${SECURITY}/users/1`}
  },
  'POST /v1/security/block': () => BLOCK,
  'POST /v1/security/unblock': () => ({
    method: 'POST',
    path: `${SECURITY}/unblock`,
    body: {targets: [{user: 9}], actor: 'ann'},
  }),
  'GET /v1/security/allowed': async ({admin}) => {
    await admin.request(ALLOW)
    return {path: `${SECURITY}/allowed`, query: {sort: 'since'}}
  },
  'POST /v1/security/allow': () => ALLOW,
  'POST /v1/security/disallow': () => ({
    method: 'POST',
    path: `${SECURITY}/disallow`,
    body: {targets: [{ip: '203.0.113.7'}]},
  }),
  'GET /v1/security/audit': async ({admin}) => {
    await admin.request(BLOCK)
    return {path: `${SECURITY}/audit`, query: {limit: 5}}
  },
  'GET /v1/security/export': async ({admin}) => {
    // One block: of two the newer one comes first, which may be either.
    await admin.request({...BLOCK, body: {targets: [{user: 7}], reason: 'spam'}})
    return {path: `${SECURITY}/export`}
  },
  'POST /v1/security/import': () => ({
    method: 'POST',
    path: `${SECURITY}/import`,
    body: {
      blocks: [
        {target: {user: 8}, rule: null, reason: 'spam', author: 'ann', since: '2026-01-05T12:00:00.000Z', until: null},
      ],
    },
  }),
  'POST /v1/backup': ({folder}) => ({method: 'POST', path: '/v1/backup', body: {file: join(folder, 'copy.db')}}),
  'POST /v1/plugins/:name/disable': () => ({method: 'POST', path: '/v1/plugins/watcher/disable', body: {}}),
}

const nameOf = ({method, path}: {method: string; path: string}) => `${method} ${path}`
const named = ADMIN_ROUTES.map(route => [nameOf(route.info), route] as const)

test.for(named)('the real answer of %s has the documented fields and no others', async ([name, route]) => {
  const world = await busyServer()
  const request = await calls[name]?.(world)
  if (request === undefined) throw new Error(`no call of ${name}`)
  const answer = await answerOf(world, route, request)
  expect(() => route.answer.parse(answer)).not.toThrow()
  const fields = answerFields(route)
  const documented = new Set(fields.map(({path}) => path))
  const real = fieldPaths(answer, documented)
  const leftOut = fields.filter(({path, type}) => !real.has(path) && type.includes('may be left out'))
  const needed = fields.filter(
    field => !leftOut.some(({path}) => field.path === path || field.path.startsWith(`${path}.`)),
  )
  expect([...real].sort()).toEqual(needed.map(({path}) => path).sort())
})

describe('docs/admin.md', () => {
  const page = readPage('docs/admin.md')

  test('is what the build makes of the routes', () => {
    expect(page).toBe(adminReferencePage())
    expect(adminReferencePage()).toBe(adminReferencePage())
  })

  test('names every route, and a server lists exactly these', async () => {
    const headings = [...page.matchAll(/^### `([A-Z]+ [^`]+)`$/gm)].map(([, name]) => name)
    const {admin} = await busyServer()
    const listed = indexRoute.answer.parse(await admin.request({path: '/v1/'})) as {method: string; path: string}[]
    const ofPlugins = ['GET /v1/watcher/rooms']
    expect(listed.map(nameOf)).toEqual([...headings, ...ofPlugins])
    expect(headings).toEqual(named.map(([name]) => name))
  })

  test('describes the routes of plugins, which answer in the same envelope', async () => {
    const {admin} = await busyServer()
    expect(page).toContain('`GET /v1/:plugin/*`')
    expect(await admin.request({path: '/v1/watcher/rooms'})).toEqual({rooms: 2})
  })

  test.for([[nameOf(indexRoute.info), indexRoute] as const, ...named])(
    'says what every field of %s is',
    ([, route]) => {
      for (const fields of [answerFields(route), ...Object.values(requestFields(route))]) {
        for (const field of fields) {
          expect(field.description, field.path).toMatch(/^\S.*\.$/)
          expect(field.type, field.path).not.toMatch(/anything|undefined|^$/)
          expect(page).toContain(`| \`${field.path}\` | ${field.type} | ${field.description} |`)
        }
      }
    },
  )
})

function answerOf(world: World, {info, contentType}: AdminRoute, request: AdminRequest): Promise<unknown> {
  if (info.isStream) return firstEvent(world, request)
  return contentType === undefined ? world.admin.request(request) : world.admin.requestText(request)
}

async function firstEvent({admin, ann}: World, {path, query, body}: AdminRequest): Promise<unknown> {
  const stream = admin.stream(path, query, {
    body,
    onState: () => void ann.chat(7, 'hi'),
  })
  for await (const event of stream) return event
  throw new Error('the stream has no event')
}

/** The paths of all fields of an answer, as in `items[].roomId`; what is documented as a whole is not taken apart. */
function fieldPaths(value: unknown, documented: ReadonlySet<string>, path = ''): Set<string> {
  if (Array.isArray(value)) {
    return new Set(value.flatMap(item => [...fieldPaths(item, documented, `${path}[]`)]))
  }
  // What is null at the moment is taken by the documentation's word.
  if (value === null)
    return new Set([...documented].filter(other => /^[.[]/.test(other.slice(path.length)) && other.startsWith(path)))
  if (typeof value !== 'object') return new Set()
  const isWhole = documented.has(path) && ![...documented].some(other => other.startsWith(`${path}.`))
  if (isWhole) return new Set()
  const entries = Object.entries(value).map(([name, inner]) => [path === '' ? name : `${path}.${name}`, inner] as const)
  return new Set(entries.flatMap(([inside, inner]) => [inside, ...fieldPaths(inner, documented, inside)]))
}
