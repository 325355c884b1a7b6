import type {GsError} from '../../errors.js'
import {encodeFrame} from '../encode-frame.js'
import {GeneratorMeter} from './generator-meter.js'
import {LatencyHistogram} from './latency-histogram.js'
import {LoadConnection} from './load-connection.js'
import type {LoadClient, LoadPlan} from './load-plan.js'
import type {LiveCounts, LoadTally} from './load-tally.js'
import {Publisher} from './publisher.js'
import {RatePacer} from './rate-pacer.js'

/** Clients that are on their way in at a time. More would only wait in the server's queue of connections. */
const CONNECTING = 64
const READ_BUFFER_BYTES = 262_144
/** A refused message is made up for after this time, not at once: a storm of refusals is no load. */
const AFTER_REFUSAL_MS = 100
/** Each client says that it is there about this often, whatever the server asks for. */
const HEARTBEAT_MS = 10_000
const HEARTBEAT_STEP_MS = 100

export interface LoadGeneratorEvents {
  joined(): void
  failed(error: GsError): void
  /** The last client has lost its connection. */
  deserted(): void
}

/** The clients of one thread: brings them in, has the publishers send, and counts what comes back. */
export class LoadGenerator {
  readonly #plan: LoadPlan
  readonly #clients: readonly LoadClient[]
  readonly #tokens: readonly string[] | undefined
  readonly #counts: LiveCounts
  readonly #events: LoadGeneratorEvents
  readonly #readBuffer = Buffer.allocUnsafe(READ_BUFFER_BYTES)
  /** One for each client, in their order; as many as the plan has. */
  readonly #connections: LoadConnection[] = []
  readonly #publishers: {readonly publisher: Publisher; readonly connection: LoadConnection}[] = []
  readonly #meter = new GeneratorMeter()
  /** By code, of which the protocol has two dozen. */
  readonly #errors = new Map<string, number>()
  /** By close reason, of which there are two dozen. */
  readonly #lost = new Map<string, number>()
  #latency = new LatencyHistogram()
  #nowUs = 0
  #lostCount = 0
  #pacer: RatePacer | undefined
  #phase: 'joining' | 'publishing' | 'counting' | 'ended' = 'joining'
  #countedFrom = {published: 0, deliveries: 0}
  #heartbeatTimer: NodeJS.Timeout | undefined

  constructor(
    options: {
      plan: LoadPlan
      clients: readonly LoadClient[]
      /** Of the clients, in their order, where the server asks for tokens. */
      tokens?: readonly string[] | undefined
      counts: LiveCounts
    },
    events: LoadGeneratorEvents,
  ) {
    this.#plan = options.plan
    this.#clients = options.clients
    this.#tokens = options.tokens
    this.#counts = options.counts
    this.#events = events
  }

  /** Brings in all clients, some at a time. */
  join(): void {
    const heartbeat = encodeFrame({type: 'heartbeat'}, this.#plan.framing)
    this.#heartbeatTimer = setInterval(this.#heartbeats(heartbeat), HEARTBEAT_STEP_MS)
    while (this.#connections.length < Math.min(CONNECTING, this.#clients.length)) this.#connectNext()
  }

  publish(): void {
    const {pace} = this.#plan
    this.#phase = 'publishing'
    if (pace.kind === 'window') {
      for (const {publisher, connection} of this.#publishers) this.#send(publisher, connection, pace.messages)
      return
    }
    const share = this.#publishers.length / (this.#plan.rooms * this.#plan.publishers)
    this.#pacer = new RatePacer({
      messagesPerSecond: pace.messagesPerSecond * share,
      publishers: this.#publishers,
      onSent: count => {
        this.#counts.published += count
      },
    })
  }

  /** What came before was warm-up. */
  count(): void {
    this.#phase = 'counting'
    this.#latency = new LatencyHistogram()
    this.#errors.clear()
    this.#countedFrom = {published: this.#counts.published, deliveries: this.#counts.deliveries}
    this.#meter.start()
  }

  finish(): LoadTally {
    const {elapsedMs, use} = this.#meter.stop()
    const {published, deliveries} = this.#counts
    const wasCounting = this.#phase === 'counting'
    this.close()
    return {
      elapsedMs,
      published: wasCounting ? published - this.#countedFrom.published : 0,
      deliveries: wasCounting ? deliveries - this.#countedFrom.deliveries : 0,
      errors: this.#errors,
      lost: this.#lost,
      latency: this.#latency.toData(),
      generator: use,
    }
  }

  close(): void {
    this.#phase = 'ended'
    this.#pacer?.stop()
    clearInterval(this.#heartbeatTimer)
    for (const connection of this.#connections) connection.close()
    this.#meter.close()
  }

  #connectNext(): void {
    const index = this.#connections.length
    const client = this.#clients[index]
    if (client === undefined || this.#phase !== 'joining') return
    const {host, port, framing, connectTimeoutMs} = this.#plan
    const publisher = client.isPublisher ? new Publisher(client, this.#plan) : undefined
    const token = this.#tokens?.[index]
    const to = {host, port, framing, token, readBuffer: this.#readBuffer, timeoutMs: connectTimeoutMs}
    const connection: LoadConnection = new LoadConnection(client, to, {
      joined: () => this.#onJoined(),
      failed: error => this.#onFailed(error),
      lost: reason => this.#onLost(reason),
      chat: (bytes, start, end) => this.#onChat(publisher, bytes, start, end),
      readEnded: () => this.#onReadEnded(publisher, connection),
      refused: code => this.#onRefused(publisher, connection, code),
    })
    this.#connections.push(connection)
    if (publisher !== undefined) this.#publishers.push({publisher, connection})
  }

  #onJoined(): void {
    this.#counts.joined += 1
    if (this.#counts.joined === this.#clients.length) this.#events.joined()
    else this.#connectNext()
  }

  #onFailed(error: GsError): void {
    if (this.#phase === 'ended') return
    this.close()
    this.#events.failed(error)
  }

  #onLost(reason: string): void {
    if (this.#phase === 'ended') return
    add(this.#lost, reason)
    this.#lostCount += 1
    if (this.#lostCount === this.#clients.length) this.#events.deserted()
  }

  #onChat(publisher: Publisher | undefined, bytes: Buffer, start: number, end: number): void {
    this.#counts.deliveries += 1
    if (publisher === undefined) return
    // One look at the clock for everything that came with a read.
    if (this.#nowUs === 0) this.#nowUs = performance.now() * 1000
    const ageUs = publisher.ageUs(bytes, start, end, this.#nowUs)
    if (ageUs === -1) return
    this.#latency.record(ageUs)
    publisher.inFlight -= 1
    if (this.#plan.pace.kind === 'window') publisher.due += 1
  }

  #onReadEnded(publisher: Publisher | undefined, connection: LoadConnection): void {
    this.#nowUs = 0
    if (publisher === undefined || publisher.due === 0) return
    const {due} = publisher
    publisher.due = 0
    this.#send(publisher, connection, due)
  }

  #onRefused(publisher: Publisher | undefined, connection: LoadConnection, code: string): void {
    add(this.#errors, code)
    if (publisher === undefined) return
    publisher.inFlight -= 1
    if (this.#plan.pace.kind === 'rate') return
    setTimeout(() => this.#send(publisher, connection, 1), AFTER_REFUSAL_MS)
  }

  #send(publisher: Publisher, connection: LoadConnection, count: number): void {
    if (this.#phase === 'ended' || !connection.isJoined) return
    connection.write(publisher.frames(count, Math.round(performance.now() * 1000)))
    this.#counts.published += count
  }

  /** A step of a round that takes `HEARTBEAT_MS`, so that they do not all come at once. */
  #heartbeats(frame: Buffer): () => void {
    let owed = 0
    let at = 0
    return () => {
      owed += (this.#connections.length * HEARTBEAT_STEP_MS) / HEARTBEAT_MS
      for (; owed >= 1; owed -= 1) {
        const connection = this.#connections[at % this.#connections.length]
        if (connection?.isJoined) connection.write(frame)
        at += 1
      }
    }
  }
}

function add(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}
