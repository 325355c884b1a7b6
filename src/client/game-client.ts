import type {
  ClientMessage,
  GameActionMessage,
  HelloMessage,
  JsonValue,
  ServerMessage,
  WelcomeFrame,
} from '../contract/messages.js'
import {GsError} from '../errors.js'
import {type ClientClock, systemClientClock} from './client-clock.js'
import type {ClientConnection} from './client-connection.js'
import type {ClientEvents, ConnectionEnd, ServerMessageOf, ServerMessageType} from './client-events.js'
import type {GsClientOptions} from './client-options.js'
import {greetServer} from './greet-server.js'
import {HeartbeatTimer} from './heartbeat-timer.js'
import {Listeners} from './listeners.js'
import {PendingRequests} from './pending-requests.js'
import {LASTING_CONNECTION_MS, ReconnectPolicy} from './reconnect-policy.js'

export type ClientState = 'connected' | 'reconnecting' | 'closed'

/** Numbers from here on are the client's own, so that a `seq` chosen by the caller of `send` is never one of them. */
export const FIRST_OWN_SEQ = 2 ** 32

const OWN_EVENTS: ReadonlySet<string> = new Set(['message', 'reconnecting', 'close'])
const MAX_PENDING_REQUESTS = 10_000
/** What a server that was asked to close may take before the connection is dropped. */
const CLOSE_PATIENCE_MS = 1_500

/**
 * A client of the game protocol, for tests and bots. Requests resolve with the direct reply or reject with the error
 * the server gave, as a `GsError` with the code of the wire. Whatever the server or a listener does, nothing is thrown
 * outside of the promises.
 */
export class GsClient {
  readonly #options: GsClientOptions
  readonly #clock: ClientClock
  readonly #policy: ReconnectPolicy | undefined
  readonly #listeners: Listeners<ClientEvents>
  readonly #requests: PendingRequests
  readonly #heartbeats: HeartbeatTimer
  /** Rooms the server has confirmed; bounded by what it lets one user join. */
  readonly #rooms = new Set<number>()
  readonly #closed = Promise.withResolvers<void>()
  #state: ClientState = 'reconnecting'
  #connection: ClientConnection | undefined
  #welcome: WelcomeFrame | undefined
  #nextSeq = FIRST_OWN_SEQ
  #attempt = 0
  #welcomedAtMs = 0
  #latencyMs: number | undefined
  #isClosing = false
  #isPaused = false
  #cancelReconnect: (() => void) | undefined

  private constructor(options: GsClientOptions) {
    this.#options = options
    this.#clock = options.clock ?? systemClientClock
    const reconnect = options.reconnect ?? true
    const random = options.random ?? Math.random
    this.#policy = reconnect ? new ReconnectPolicy(reconnect === true ? {} : reconnect, random) : undefined
    this.#listeners = new Listeners(options.onListenerError ?? warnOfListener)
    this.#requests = new PendingRequests({
      clock: this.#clock,
      timeoutMs: options.requestTimeoutMs ?? 10_000,
      limit: MAX_PENDING_REQUESTS,
    })
    this.#heartbeats = new HeartbeatTimer(this.#clock, {
      beat: () => {
        // A heartbeat that fails is no news: the connection's end is told by itself.
        this.heartbeat().catch(() => {})
      },
      silence: silentMs => {
        if (this.#isPaused) return
        this.#connection?.destroy(
          new GsError('connection_closed', `the server has said nothing for ${Math.round(silentMs)} ms`),
        )
      },
    })
  }

  /**
   * Connects and waits for `welcome`.
   *
   * @throws {GsError} server_unreachable when nothing that speaks the protocol answers in time; connection_closed when
   * the server turns the client away, with its `closeReason`; the code of the error when it refuses the hello.
   */
  static async connect(options: GsClientOptions): Promise<GsClient> {
    const client = new GsClient(options)
    const end = await client.#greet()
    if (end) throw end.error ?? notConnected('the connection was closed')
    return client
  }

  get state(): ClientState {
    return this.#state
  }

  get userId(): number {
    return this.welcome.userId
  }

  /** What the server said when the present or the last connection began. */
  get welcome(): WelcomeFrame {
    // `connect` hands out no client without one.
    return this.#welcome as WelcomeFrame
  }

  /** Rooms the client is in, or will join again after a reconnect. */
  get rooms(): ReadonlySet<number> {
    return this.#rooms
  }

  /** Round trip of the last heartbeat, in milliseconds; undefined before the first. */
  get latencyMs(): number | undefined {
    return this.#latencyMs
  }

  /** Bytes that wait to be sent. */
  get unsentBytes(): number {
    return this.#connection?.unsentBytes ?? 0
  }

  /** Listens to one message type, or to what the client itself tells. The returned function ends it. */
  on<Name extends keyof ClientEvents>(name: Name, listener: (event: ClientEvents[Name]) => void): () => void {
    return this.#listeners.on(name, listener)
  }

  /**
   * Resolves with the next message of a type that satisfies `accepts`. What came before the call does not count.
   *
   * @throws {GsError} timed_out after `timeoutMs` (default 5 000); connection_closed when the client is finished before.
   */
  waitFor<Type extends ServerMessageType>(
    type: Type,
    accepts: (message: ClientEvents[Type]) => boolean = () => true,
    {timeoutMs = 5_000}: {timeoutMs?: number} = {},
  ): Promise<ClientEvents[Type]> {
    const {promise, resolve, reject} = Promise.withResolvers<ClientEvents[Type]>()
    if (this.#state === 'closed') {
      reject(notConnected('the client is closed'))
      return promise
    }
    const stop = [
      this.on(type, message => {
        try {
          if (accepts(message)) resolve(message)
        } catch (error) {
          reject(error)
        }
      }),
      this.on('close', end => reject(end.error ?? notConnected('the client was closed'))),
      this.#clock.after(timeoutMs, () =>
        reject(new GsError('timed_out', `no ${type} that was waited for within ${timeoutMs} ms`)),
      ),
    ]
    return promise.finally(() => {
      for (const end of stop) end()
    })
  }

  joinRoom(roomId: number): Promise<ServerMessageOf<'room_joined'>> {
    return this.#request({type: 'join_room', roomId})
  }

  leaveRoom(roomId: number): Promise<ServerMessageOf<'room_left'>> {
    // Between two connections this is all it takes not to be in the room any more.
    if (this.#state === 'reconnecting') this.#rooms.delete(roomId)
    return this.#request({type: 'leave_room', roomId})
  }

  /** Resolves when the message has its place in the room's order; its echo comes as a `chat`. */
  chat(roomId: number, message: string): Promise<ServerMessageOf<'ack'>> {
    return this.#request({type: 'chat', roomId, message})
  }

  /** Fullest first; `limit` from 1 to 100, default 20. */
  listRooms(limit?: number): Promise<ServerMessageOf<'room_list'>> {
    return this.#request(limit === undefined ? {type: 'list_rooms'} : {type: 'list_rooms', limit})
  }

  startGame(roomId: number, game: string, options?: JsonValue): Promise<ServerMessageOf<'ack'>> {
    return this.#request({type: 'game_start', roomId, game, ...(options !== undefined && {options})})
  }

  /** Acts in a room's game. */
  act(roomId: number, action: GameActionMessage['action']): Promise<ServerMessageOf<'ack'>> {
    return this.#request({type: 'game_action', roomId, action})
  }

  /** Ends a game that has no rules of its own. */
  endGame(roomId: number, winner?: number): Promise<ServerMessageOf<'ack'>> {
    return this.#request({type: 'game_end', roomId, ...(winner !== undefined && {winner})})
  }

  /** Also measures `latencyMs`. One is sent by itself as often as the server advises. */
  heartbeat(): Promise<ServerMessageOf<'heartbeat'>> {
    const sentAtMs = this.#clock.monotonicMs()
    return this.#request({type: 'heartbeat'}, () => {
      this.#latencyMs = this.#clock.monotonicMs() - sentAtMs
    })
  }

  /**
   * Sends a message as it is and waits for nothing; an error to it comes as an `error`. A `seq` of the caller's own
   * stays below 2^32. False: enough is waiting, hold on until `drained()`.
   *
   * @throws {GsError} connection_closed while there is no connection; message_too_large; limit_reached when
   * `maxUnsentBytes` are waiting already.
   */
  send(message: ClientMessage | {readonly type: string}): boolean {
    if (this.#state !== 'connected' || !this.#connection) {
      throw notConnected(this.#state === 'closed' ? 'the client is closed' : 'the client is reconnecting')
    }
    return this.#connection.send(message, this.#welcome?.maxFrameBytes)
  }

  /** Resolves when more can be sent, or the connection is gone. */
  drained(): Promise<void> {
    return this.#connection?.drained() ?? Promise.resolve()
  }

  /**
   * Hands out no more messages until `resumeReading`. The server keeps them, but not for long: one that is not read from
   * ends with `slow_consumer`.
   */
  pauseReading(): void {
    this.#isPaused = true
    this.#connection?.pauseReading()
  }

  resumeReading(): void {
    this.#isPaused = false
    this.#heartbeats.heard()
    this.#connection?.resumeReading()
  }

  /** Ends the connection, and any attempt at a new one. Resolves when it is gone; calling it twice is fine. */
  close(): Promise<void> {
    if (this.#isClosing || this.#state === 'closed') return this.#closed.promise
    this.#isClosing = true
    this.#cancelReconnect?.()
    const connection = this.#connection
    if (connection && this.#state === 'connected') {
      connection.end()
      const cancel = this.#clock.after(CLOSE_PATIENCE_MS, () => connection.destroy())
      void this.#closed.promise.then(cancel)
    } else {
      connection?.destroy()
      this.#finish({reason: 'client_closed', message: undefined, retryAfterMs: undefined, error: undefined})
    }
    return this.#closed.promise
  }

  async #request<Reply extends ServerMessage>(
    message: Exclude<ClientMessage, HelloMessage>,
    onReply: () => void = () => {},
  ): Promise<Reply> {
    if (this.#requests.isFull) {
      throw new GsError('limit_reached', `${this.#requests.size} requests wait for their replies already`)
    }
    const seq = this.#nextSeq++
    this.send({...message, seq})
    return (await this.#requests.add(seq, onReply)) as Reply
  }

  #greet(): Promise<ConnectionEnd | undefined> {
    const {host = '127.0.0.1', port, framing = 'ndjson', maxUnsentBytes = 4_194_304} = this.#options
    const {connection, outcome} = greetServer(
      {
        to: {host, port, framing, maxUnsentBytes},
        hello: this.#hello(this.#nextSeq++),
        timeoutMs: this.#options.connectTimeoutMs ?? 5_000,
        clock: this.#clock,
      },
      {
        welcome: welcome => this.#begin(welcome),
        frame: message => this.#receive(message),
        lost: end => this.#lose(end),
      },
    )
    this.#connection = connection
    return outcome
  }

  #hello(seq: number): HelloMessage {
    // A guest stays who the server made them.
    const userId = this.#options.userId ?? this.#welcome?.userId
    const {nickname, token} = this.#options
    return {
      type: 'hello',
      protocol: 1,
      ...(userId !== undefined && {userId}),
      ...(nickname !== undefined && {nickname}),
      ...(token !== undefined && {token}),
      seq,
    }
  }

  #begin(welcome: WelcomeFrame): void {
    this.#state = 'connected'
    this.#welcome = welcome
    this.#welcomedAtMs = this.#clock.monotonicMs()
    this.#heartbeats.start(welcome.heartbeatIntervalMs)
    this.#tell(welcome)
    for (const roomId of this.#rooms) {
      this.joinRoom(roomId).catch(error => {
        // The `error` was told to the listeners. A lost connection is tried again with the same rooms, and a listener of
        // `welcome` may have joined before us.
        const isOut = error.code !== 'connection_closed' && error.code !== 'already_in_room'
        if (isOut) this.#rooms.delete(roomId)
      })
    }
  }

  #receive(message: ServerMessage): void {
    this.#heartbeats.heard()
    if (message.type === 'room_joined') this.#rooms.add(message.roomId)
    else if (message.type === 'room_left' || message.type === 'room_closed') this.#rooms.delete(message.roomId)
    this.#requests.settle(message)
    this.#tell(message)
  }

  #tell(message: ServerMessage): void {
    this.#listeners.emit('message', message)
    // A server that calls a message like one of the client's own events is not taken for the client.
    if (!OWN_EVENTS.has(message.type)) this.#listeners.emit(message.type, message as never)
  }

  /** A connection that had been welcomed is gone. */
  #lose(end: ConnectionEnd): void {
    this.#heartbeats.stop()
    this.#isPaused = false
    if (this.#clock.monotonicMs() - this.#welcomedAtMs >= LASTING_CONNECTION_MS) this.#attempt = 0
    this.#requests.rejectAll(end.error ?? notConnected('the client was closed'))
    this.#retryOrFinish(end)
  }

  #retryOrFinish(end: ConnectionEnd): void {
    if (this.#state === 'closed') return
    this.#attempt += 1
    if (this.#isClosing || !this.#policy?.allows(end.reason, this.#attempt)) {
      this.#finish(end)
      return
    }
    this.#state = 'reconnecting'
    const delayMs = Math.round(this.#policy.delayMs(this.#attempt, end.retryAfterMs))
    this.#cancelReconnect = this.#clock.after(delayMs, () => void this.#reconnect())
    this.#listeners.emit('reconnecting', {attempt: this.#attempt, delayMs, end})
  }

  async #reconnect(): Promise<void> {
    const end = await this.#greet()
    if (end) this.#retryOrFinish(end)
  }

  #finish(end: ConnectionEnd): void {
    if (this.#state === 'closed') return
    this.#state = 'closed'
    this.#heartbeats.stop()
    this.#requests.rejectAll(end.error ?? notConnected('the client was closed'))
    this.#listeners.emit('close', end)
    this.#closed.resolve()
  }
}

function notConnected(message: string): GsError {
  return new GsError('connection_closed', message)
}

function warnOfListener(error: unknown, event: string): void {
  process.emitWarning(
    `a listener of ${event} failed: ${error instanceof Error ? error.stack : String(error)}`,
    'GsClient',
  )
}
