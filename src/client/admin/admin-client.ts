import type {ClientRequest, IncomingMessage} from 'node:http'
import {connect} from 'node:net'
import type {Dropped} from '../../contract/admin.js'
import {GsError} from '../../errors.js'
import {formatDuration} from '../../units.js'
import {visibleText} from '../../util/visible-text.js'
import {type ClientClock, systemClientClock} from '../client-clock.js'
import {ReconnectPolicy} from '../reconnect-policy.js'
import {type RawAnswer, readAnswer, readRefusal} from './read-answer.js'
import {readEvents} from './read-events.js'
import {type QueryValue, queryText} from './request-path.js'
import {connectFailed, noHttp} from './unreachable.js'

export const DEFAULT_TIMEOUT_MS = 5_000
/** A longer time would make timers fire at once. */
const MAX_TIMEOUT_MS = 2_147_483_647
/** What the server takes. */
const MAX_REQUEST_BYTES = 65_536
const MAX_ANSWER_BYTES = 67_108_864
/** A server that restarts is back soon, and only a few wait for it. */
const RECONNECT = {baseDelayMs: 250, maxDelayMs: 2_000}
/** After these, trying again may help. */
const PASSING_CODES: ReadonlySet<string> = new Set(['server_unreachable', 'timed_out', 'server_busy'])

export interface AdminClientOptions {
  /** From `findSocket`. */
  readonly socketPath: string
  /** For a whole request, and for the beginning of a stream, in milliseconds. Default 5 000. */
  readonly timeoutMs?: number
  readonly clock?: ClientClock
  /** For the jitter of reconnects: a number in [0, 1). */
  readonly random?: () => number
}

export interface AdminRequest {
  /** Default GET. */
  readonly method?: 'GET' | 'POST'
  /** With its parts escaped, see `requestPath`. */
  readonly path: string
  readonly query?: Readonly<Record<string, QueryValue>>
  /** Sent as JSON, at most 64 KiB. Undefined: nothing is sent. */
  readonly body?: unknown
  /** In place of the client's own. */
  readonly timeoutMs?: number
}

export interface StreamOptions {
  /** Ends the stream without an error. */
  readonly signal?: AbortSignal
  /** Default false. True: a stream that breaks off after it began is asked for again until the server is back. */
  readonly reconnect?: boolean
  /** Sent as JSON by POST, at most 64 KiB. Undefined: the stream is asked for by GET. */
  readonly body?: unknown
  /** Told when the stream begins, and before each wait. */
  readonly onState?: (state: StreamState) => void
}

export type StreamState =
  | {readonly kind: 'connected'}
  | {readonly kind: 'reconnecting'; readonly attempt: number; readonly delayMs: number; readonly error: GsError}

/** Asks one server over its admin socket. Holds no connection between two requests. */
export class AdminClient {
  readonly socketPath: string
  readonly #timeoutMs: number
  readonly #clock: ClientClock
  readonly #policy: ReconnectPolicy

  constructor({socketPath, timeoutMs, clock, random}: AdminClientOptions) {
    this.socketPath = socketPath
    this.#timeoutMs = timeoutMs ?? DEFAULT_TIMEOUT_MS
    this.#clock = clock ?? systemClientClock
    this.#policy = new ReconnectPolicy(RECONNECT, random ?? Math.random)
  }

  /**
   * The data of an answer, whole: at most 64 MiB.
   *
   * @throws {GsError} server_unreachable, not_permitted (the socket is not ours to open), timed_out, version_mismatch,
   * message_too_large, or with the code that the server answered.
   */
  async request<Data>(request: AdminRequest): Promise<Data> {
    return readAnswer<Data>(await this.#ask(request))
  }

  /** The answer of a route that gives text, as it is. Throws as `request`. */
  async requestText(request: AdminRequest): Promise<string> {
    const answer = await this.#ask(request)
    if (answer.status !== 200) throw readRefusal(answer)
    return answer.body
  }

  async #ask(request: AdminRequest): Promise<RawAnswer> {
    const exchange = new Exchange(this.socketPath, request)
    const timeoutMs = request.timeoutMs ?? this.#timeoutMs
    const cancel = this.#limit(exchange, timeoutMs)
    try {
      const response = await exchange.open()
      return {...exchange.names, ...(await exchange.readAll(response))}
    } finally {
      cancel()
      exchange.destroy()
    }
  }

  /**
   * The events of a route that streams. The one who iterates sets the pace; a server that has to drop events says how
   * many. Leaving the loop closes the connection.
   *
   * @throws {GsError} as `request`; server_unreachable when the stream breaks off, unless it is to reconnect.
   */
  async *stream<Event>(
    path: string,
    query: Readonly<Record<string, QueryValue>> = {},
    {signal, reconnect = false, body, onState}: StreamOptions = {},
  ): AsyncGenerator<Event | Dropped, void, void> {
    let attempt = 0
    let hasBegun = false
    while (!signal?.aborted) {
      const exchange = new Exchange(this.socketPath, {path, query, ...(body !== undefined && {method: 'POST', body})})
      const abort = () => exchange.destroy()
      signal?.addEventListener('abort', abort, {once: true})
      try {
        const response = await this.#beginStream(exchange)
        attempt = 0
        hasBegun = true
        onState?.({kind: 'connected'})
        yield* readEvents<Event | Dropped>(exchange.chunks(response))
        return
      } catch (error) {
        if (signal?.aborted) return
        if (!reconnect || !hasBegun || !GsError.is(error) || !PASSING_CODES.has(error.code)) throw error
        attempt += 1
        const delayMs = this.#policy.delayMs(attempt)
        onState?.({kind: 'reconnecting', attempt, delayMs, error})
        await this.#wait(delayMs, signal)
      } finally {
        signal?.removeEventListener('abort', abort)
        exchange.destroy()
      }
    }
  }

  async #beginStream(exchange: Exchange): Promise<IncomingMessage> {
    const cancel = this.#limit(exchange, this.#timeoutMs)
    try {
      const response = await exchange.open()
      if (response.statusCode === 200) return response
      throw readRefusal({...exchange.names, ...(await exchange.readAll(response))})
    } finally {
      cancel()
    }
  }

  #limit(exchange: Exchange, timeoutMs: number): () => void {
    return this.#clock.after(Math.min(timeoutMs, MAX_TIMEOUT_MS), () => {
      const message = `the server at ${visibleText(this.socketPath)} did not answer within ${formatDuration(timeoutMs)}`
      exchange.destroy(
        new GsError('timed_out', message, {hint: 'It may be busy or stopped. --timeout gives it longer.'}),
      )
    })
  }

  #wait(delayMs: number, signal: AbortSignal | undefined): Promise<void> {
    return new Promise(resolve => {
      const cancel = this.#clock.after(delayMs, done)
      function done(): void {
        cancel()
        signal?.removeEventListener('abort', done)
        resolve()
      }
      signal?.addEventListener('abort', done)
    })
  }
}

/** One request and its response on a connection of their own. Every way it can fail is a `GsError`. */
class Exchange {
  readonly names: {readonly method: string; readonly path: string}
  readonly #socketPath: string
  readonly #request: AdminRequest
  #clientRequest: ClientRequest | undefined
  #fault: GsError | undefined

  constructor(socketPath: string, request: AdminRequest) {
    this.#socketPath = socketPath
    this.#request = request
    this.names = {method: request.method ?? 'GET', path: request.path}
  }

  /** Sends the request; resolves with the head of the response. */
  open(): Promise<IncomingMessage> {
    const {query = {}, body} = this.#request
    const {method, path} = this.names
    const bytes = body === undefined ? null : Buffer.from(JSON.stringify(body))
    if (bytes !== null && bytes.length > MAX_REQUEST_BYTES) {
      const message = `the request has ${bytes.length} bytes; a server takes ${MAX_REQUEST_BYTES}`
      throw new GsError('message_too_large', message)
    }
    const {promise, resolve, reject} = Promise.withResolvers<IncomingMessage>()
    // Not imported: an import of node:http reads all its exports and takes longer than the request.
    const {request} = process.getBuiltinModule('node:http')
    let isConnected = false
    const clientRequest = request({
      // An agent would look at the host as an address first, which costs 3 ms.
      createConnection: () =>
        connect({path: this.#socketPath}, () => {
          isConnected = true
        }),
      method,
      path: `${path}${queryText(query)}`,
      headers: {
        connection: 'close',
        ...(bytes !== null && {'content-type': 'application/json', 'content-length': bytes.length}),
      },
    })
    this.#clientRequest = clientRequest
    clientRequest.once('response', resolve)
    // Stays: whatever comes after the first error has nobody left to tell.
    clientRequest.on('error', error => {
      reject(this.#fault ?? (isConnected ? this.#brokeOff(error) : connectFailed(this.#socketPath, error)))
    })
    clientRequest.end(bytes ?? undefined)
    return promise
  }

  /** The chunks of a response, until it is complete. */
  async *chunks(response: IncomingMessage): AsyncGenerator<Buffer, void, void> {
    try {
      for await (const chunk of response) yield chunk
    } catch (error) {
      throw this.#fault ?? (GsError.is(error) ? error : this.#brokeOff(error as Error))
    }
  }

  async readAll(response: IncomingMessage): Promise<{status: number; body: string}> {
    const chunks: Buffer[] = []
    let sizeBytes = 0
    for await (const chunk of this.chunks(response)) {
      sizeBytes += chunk.length
      if (sizeBytes > MAX_ANSWER_BYTES) {
        const message = `the answer is longer than ${MAX_ANSWER_BYTES} bytes`
        throw new GsError('message_too_large', message, {hint: 'Ask for less, by --limit or a filter.'})
      }
      chunks.push(chunk)
    }
    return {status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8')}
  }

  destroy(fault?: GsError): void {
    this.#fault ??= fault
    this.#clientRequest?.destroy(fault)
  }

  #brokeOff(cause: NodeJS.ErrnoException): GsError {
    if (cause.code?.startsWith('HPE_')) return noHttp(this.#socketPath, cause)
    const message = `the server at ${visibleText(this.#socketPath)} went away in the middle of its answer`
    return new GsError('server_unreachable', message, {cause, hint: 'It was stopped or crashed; its log says more.'})
  }
}
