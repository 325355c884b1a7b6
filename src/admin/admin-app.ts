import type {Server} from 'node:http'

import fastify, {
  type FastifyHttpOptions,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type FastifyServerFactory,
} from 'fastify'
import type {z} from 'zod'

import type {ErrorAnswer, Readiness, RouteInfo} from '../contract/admin.js'
import type {Logger} from '../contract/logger.js'
import {ERRORS, type ErrorCode, GsError} from '../errors.js'
import {routeInfo} from './answer-schemas.js'
import type {AdminBackend} from './backend.js'
import {toNdjson} from './ndjson-stream.js'
import {type AdminRoute, route} from './route.js'
import {analyticsRoutes} from './routes/analytics.js'
import {cacheRoutes} from './routes/cache.js'
import {instanceRoutes} from './routes/instance.js'
import {metricsRoutes} from './routes/metrics.js'
import {pluginRoutes} from './routes/plugins.js'
import {roomRoutes} from './routes/rooms.js'
import {securityRoutes} from './routes/security.js'
import {streamRoutes} from './routes/streams.js'
import {userRoutes} from './routes/users.js'

const MAX_REQUEST_BYTES = 65_536

/** Every route, in the order of documentation. */
export const ADMIN_ROUTES: readonly AdminRoute[] = [
  ...instanceRoutes,
  ...roomRoutes,
  ...userRoutes,
  ...streamRoutes,
  ...pluginRoutes,
  ...metricsRoutes,
  ...cacheRoutes,
  ...analyticsRoutes,
  ...securityRoutes,
]

/** What the channel has to say about itself. */
export const indexRoute = route<object, object, object, RouteInfo[]>({
  method: 'GET',
  path: '/v1/',
  summary: 'Lists the routes.',
  answer: routeInfo.array(),
  run: backend => [...ADMIN_ROUTES.map(({info}) => info), ...backend.pluginRoutes()],
})

/** HTTP status of an error, by the exit status a command would end with. */
const STATUS_BY_EXIT: Readonly<Record<number, number>> = {2: 400, 3: 404, 4: 403, 6: 409}

/** The admin channel's HTTP side: routes, checks and answers. Listening is somebody else's business. */
export function createAdminApp({
  backend,
  isReadOnly,
  log,
  serverFactory,
}: {
  backend: AdminBackend
  isReadOnly: boolean
  log: Logger
  serverFactory: FastifyServerFactory<Server>
}): FastifyInstance {
  const options: FastifyHttpOptions<Server> = {
    bodyLimit: MAX_REQUEST_BYTES,
    forceCloseConnections: true,
    exposeHeadRoutes: false,
    // What fails before there is a route, such as a path that is no URL.
    frameworkErrors: (error, _request, reply) => sendError(reply as FastifyReply, error, log),
    serverFactory,
  }
  const app: FastifyInstance = fastify(options)
  app.setErrorHandler((error, _request, reply) => sendError(reply, error, log))
  app.setNotFoundHandler((request, reply) =>
    sendError(reply, new GsError('version_mismatch', `there is no route ${request.method} ${request.url}`), log, 404),
  )
  for (const adminRoute of [indexRoute, ...ADMIN_ROUTES]) addRoute(app, adminRoute, backend, isReadOnly)
  addPluginCalls(app, backend, isReadOnly)
  return app
}

function addRoute(
  app: FastifyInstance,
  {info, ...checks}: AdminRoute,
  backend: AdminBackend,
  isReadOnly: boolean,
): void {
  app.route({
    method: info.method,
    url: info.path,
    async handler(request, reply) {
      if (info.isAction && isReadOnly) throw readOnly()
      const input = {
        params: check(checks.params, request.params),
        query: check(checks.query, request.query),
        body: check(checks.body, request.body ?? {}),
        signal: abortedWith(reply),
        afterAnswer: (task: () => void) => void reply.raw.once('finish', task),
      }
      const answer = await checks.run(backend, input)
      if (info.isStream) return reply.type('application/x-ndjson').send(toNdjson(answer as AsyncIterable<unknown>))
      if (checks.contentType !== undefined) return reply.type(checks.contentType(input.query)).send(answer)
      if (info.path === '/v1/ready' && !(answer as Readiness).ready) reply.code(503)
      return envelope(backend, answer)
    },
  })
}

/** What plugins registered, below `/v1/<plugin>/`. */
function addPluginCalls(app: FastifyInstance, backend: AdminBackend, isReadOnly: boolean): void {
  const handler = async (request: FastifyRequest) => {
    const {plugin, '*': path} = request.params as {plugin: string; '*': string}
    if (request.method === 'POST' && isReadOnly) throw readOnly()
    const method = request.method as 'GET' | 'POST'
    const query = request.query as Record<string, string>
    return envelope(backend, await backend.callPlugin({plugin, method, path: `/${path}`, query, body: request.body}))
  }
  app.get('/v1/:plugin/*', handler)
  app.post('/v1/:plugin/*', handler)
}

function check<Value>(schema: z.ZodType<Value>, input: unknown): Value {
  const result = schema.safeParse(input, {error: describeSize})
  if (result.success) return result.data
  const reasons = result.error.issues.map(({path, message}) => `${path.join('.') || 'request'}: ${message}`)
  throw new GsError('usage', reasons.join('; '))
}

/** What a value that is too long, too large or too small has to keep to, in words for who typed it. */
function describeSize(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code !== 'too_big' && issue.code !== 'too_small') return undefined
  const bound = issue.code === 'too_big' ? `at most ${issue.maximum}` : `at least ${issue.minimum}`
  if (issue.origin === 'string') return `must have ${bound} characters`
  return issue.origin === 'array' ? `must have ${bound} entries` : `must be ${bound}`
}

function abortedWith(reply: FastifyReply): AbortSignal {
  const controller = new AbortController()
  reply.raw.once('close', () => controller.abort())
  return controller.signal
}

function envelope(backend: AdminBackend, data: unknown) {
  return {v: 1, instance: backend.instanceName, data}
}

function readOnly(): GsError {
  return new GsError('not_permitted', 'this socket only reads', {
    hint: 'Use the main socket, which its owner may open.',
  })
}

function sendError(reply: FastifyReply, error: unknown, log: Logger, status?: number): FastifyReply {
  const known = toGsError(error)
  if (known === null) log.error({err: error}, 'an admin request failed')
  const code: ErrorCode | 'internal' = known?.code ?? 'internal'
  const answer: ErrorAnswer = {
    error: {
      code,
      message: known?.message ?? 'the server failed to answer; its log says why',
      hint: known?.hint ?? null,
    },
  }
  const exitCode = known === null ? 1 : (ERRORS[known.code]?.exitCode ?? 1)
  return reply.code(status ?? (known === null ? 500 : (STATUS_BY_EXIT[exitCode] ?? 409))).send(answer)
}

/** Fastify's own refusals (no JSON, too long) are the client's mistakes; anything else unknown is a bug of ours. */
function toGsError(error: unknown): GsError | null {
  if (GsError.is(error)) return error
  const {code, statusCode, message} = error as {code?: unknown; statusCode?: unknown; message?: unknown}
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') {
    return new GsError('usage', 'a body must be JSON', {
      cause: error,
      hint: 'Send it as content-type: application/json.',
    })
  }
  const isClientMistake = typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500
  return isClientMistake ? new GsError('usage', String(message), {cause: error}) : null
}
