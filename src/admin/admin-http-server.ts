import {createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse} from 'node:http'
import type {Socket} from 'node:net'
import type {ErrorAnswer} from '../contract/admin.js'
import type {ErrorCode} from '../errors.js'

export interface AdminLimits {
  /** Requests in work at once, streams included; further ones are told that the server is busy. */
  readonly maxClients: number
  /** Longest body of a request. */
  readonly maxRequestBytes: number
  /** For a whole request to arrive, for a connection without one, and for a reader that takes nothing of its answer. */
  readonly idleTimeoutMs: number
}

const DEFAULT_LIMITS: AdminLimits = {maxClients: 8, maxRequestBytes: 65_536, idleTimeoutMs: 10_000}

/** Connections above this are closed without a word. Those that ask for nothing take no other's place. */
const MAX_CONNECTIONS = 64
const MAX_HEADER_BYTES = 16_384

/** The HTTP server of the admin socket: everything that must hold whatever the routes do. */
export function createAdminHttpServer(handler: RequestListener, changes: Partial<AdminLimits> = {}): Server {
  const limits = {...DEFAULT_LIMITS, ...changes}
  const {idleTimeoutMs} = limits
  // Bounded by MAX_CONNECTIONS and by what Node keeps of pipelined requests.
  const inWork = new Set<ServerResponse>()
  const server = createServer(
    {
      maxHeaderSize: MAX_HEADER_BYTES,
      requestTimeout: idleTimeoutMs,
      headersTimeout: idleTimeoutMs,
      keepAliveTimeout: idleTimeoutMs,
      connectionsCheckingInterval: Math.min(1000, Math.ceil(idleTimeoutMs / 4)),
    },
    (request, response) => {
      const refusal = judge(request, inWork.size, limits)
      if (refusal !== null) {
        refuse(response, refusal)
        return
      }
      inWork.add(response)
      response.once('close', () => inWork.delete(response))
      limitReading(request, response, idleTimeoutMs)
      handler(request, response)
    },
  )
  server.maxConnections = MAX_CONNECTIONS
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    // In the middle of an answer a second one would be taken for a part of the first.
    const isAnswering = [...inWork].some(response => response.socket === socket && response.headersSent)
    if (isAnswering || !socket.writable) socket.destroy()
    else endWith(socket as Socket, faultOf(error))
  })
  return server
}

interface Refusal {
  readonly status: string
  readonly code: ErrorCode
  readonly message: string
  readonly hint: string | null
}

const busy: Refusal = {
  status: '503 Service Unavailable',
  code: 'server_busy',
  message: 'too many admin clients at once',
  hint: 'Close a dashboard or a stream, or try again in a moment.',
}
const lengthMissing: Refusal = {
  status: '411 Length Required',
  code: 'usage',
  message: 'a request with a body needs a content-length',
  hint: null,
}
const tooSlow: Refusal = {
  status: '408 Request Timeout',
  code: 'timed_out',
  message: 'the request did not arrive in time',
  hint: null,
}
const headersTooLarge: Refusal = {
  status: '431 Request Header Fields Too Large',
  code: 'message_too_large',
  message: `path and headers of a request have at most ${MAX_HEADER_BYTES} bytes`,
  hint: null,
}
const noRequest: Refusal = {
  status: '400 Bad Request',
  code: 'usage',
  message: 'this is not an HTTP request',
  hint: null,
}

function judge(request: IncomingMessage, clients: number, limits: AdminLimits): Refusal | null {
  if (clients >= limits.maxClients) return busy
  // A body without a length could go on for ever.
  if (request.headers['transfer-encoding'] !== undefined) return lengthMissing
  if (Number(request.headers['content-length'] ?? 0) > limits.maxRequestBytes) {
    const message = `the body of a request has at most ${limits.maxRequestBytes} bytes`
    return {status: '413 Content Too Large', code: 'message_too_large', message, hint: null}
  }
  return null
}

/**
 * Ends the connection of a reader that takes nothing of a finished answer. One that still gets events is not finished,
 * and a handler may think as long as it likes.
 */
function limitReading({socket}: IncomingMessage, response: ServerResponse, timeoutMs: number): void {
  socket.setTimeout(0)
  response.once('prefinish', () => socket.setTimeout(timeoutMs))
}

function faultOf({code}: NodeJS.ErrnoException): Refusal {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return tooSlow
  return code === 'HPE_HEADER_OVERFLOW' ? headersTooLarge : noRequest
}

function refuse(response: ServerResponse, refusal: Refusal): void {
  const body = bodyOf(refusal)
  const headers = {connection: 'close', 'content-type': 'application/json', 'content-length': Buffer.byteLength(body)}
  response.writeHead(Number.parseInt(refusal.status, 10), headers).end(body)
}

/** Answers where there is no request to answer to. */
function endWith(socket: Socket, refusal: Refusal): void {
  const body = bodyOf(refusal)
  const head = [
    `HTTP/1.1 ${refusal.status}`,
    'connection: close',
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
  ]
  socket.write(`${head.join('\r\n')}\r\n\r\n${body}`)
  // Not end(): that would wait for a client that may never hang up.
  socket.destroySoon()
}

function bodyOf({code, message, hint}: Refusal): string {
  return `${JSON.stringify({error: {code, message, hint}} satisfies ErrorAnswer)}\n`
}
