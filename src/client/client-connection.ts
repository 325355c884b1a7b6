import {connect, type Socket} from 'node:net'
import type {ServerMessage} from '../contract/messages.js'
import {GsError} from '../errors.js'
import {detectFraming, type FrameReader, type Framing} from '../protocol/frame-reader.js'
import {createFrameReader} from '../protocol/framing.js'
import {MAX_SERVER_FRAME_BYTES} from '../protocol/limits.js'
import {formatDuration} from '../units.js'
import {hostPort} from '../util/host-port.js'
import type {ConnectionEnd} from './client-events.js'
import {closeWords} from './close-words.js'
import {connectionFault} from './connection-fault.js'
import {encodeFrame, PREFIX_BYTES} from './encode-frame.js'

/** Longest frame that is taken: what the protocol allows and something for a newer server. */
const MAX_FRAME_BYTES = MAX_SERVER_FRAME_BYTES + 16_384

export interface ConnectionOptions {
  readonly host: string
  readonly port: number
  readonly framing: Framing
  /** Most bytes that may wait to be sent. */
  readonly maxUnsentBytes: number
}

export interface ConnectionHandlers {
  frame(message: ServerMessage): void
  /** Exactly once, also when no connection came about. */
  end(end: ConnectionEnd): void
}

/**
 * One TCP connection: messages in and out, and one reason at its end. It never throws at its owner from inside an event,
 * and no socket error is left without a handler.
 */
export class ClientConnection {
  readonly #socket: Socket
  readonly #options: ConnectionOptions
  readonly #handlers: ConnectionHandlers
  // Bounded by the reader's frame limit.
  #reader: FrameReader | undefined
  #isHeld = false
  #isPaused = false
  #isReading = false
  #hasEnded = false
  #isOpen = false
  #isClosing = false
  #isDropped = false
  #drain: PromiseWithResolvers<void> | undefined
  #goodbye: (ServerMessage & {type: 'goodbye'}) | undefined
  #fault: GsError | undefined

  constructor(options: ConnectionOptions, handlers: ConnectionHandlers) {
    this.#options = options
    this.#handlers = handlers
    this.#socket = connect({host: options.host, port: options.port, noDelay: true})
    this.#socket.on('connect', () => {
      this.#isOpen = true
    })
    this.#socket.on('data', chunk => this.#take(chunk))
    this.#socket.on('error', error => {
      this.#fault ??= this.#explain(error)
    })
    this.#socket.on('drain', () => this.#endDrain())
    this.#socket.on('close', () => {
      this.#endDrain()
      this.#finish()
    })
  }

  get address(): string {
    return hostPort(this.#options)
  }

  /** Bytes that wait to be sent. */
  get unsentBytes(): number {
    return this.#socket.writableLength
  }

  /**
   * Sends a message. False: enough is waiting, hold on until `drained()`.
   *
   * @throws {GsError} limit_reached when too much is waiting already; the message is not sent.
   */
  send(message: object, maxFrameBytes = Number.POSITIVE_INFINITY): boolean {
    const frame = encodeFrame(message, this.#options.framing)
    const sizeBytes = frame.length - (this.#options.framing === 'ndjson' ? 1 : PREFIX_BYTES)
    if (sizeBytes > maxFrameBytes) {
      throw new GsError('message_too_large', `a message of ${sizeBytes} bytes; the server takes ${maxFrameBytes}`)
    }
    if (this.unsentBytes + frame.length > this.#options.maxUnsentBytes) {
      throw new GsError('limit_reached', `${this.unsentBytes} bytes wait to be sent to ${this.address} already`, {
        hint: 'Wait for drained() when send() returns false.',
      })
    }
    return this.#socket.write(frame)
  }

  /** Resolves when the socket takes more, or is closed. */
  drained(): Promise<void> {
    if (!this.#socket.writableNeedDrain || this.#socket.destroyed) return Promise.resolve()
    this.#drain ??= Promise.withResolvers()
    return this.#drain.promise
  }

  /** Hands out no more messages until the next turn of the event loop, so that the owner's listeners can be set up. */
  holdForOneTurn(): void {
    this.#isHeld = true
    setImmediate(() => {
      this.#isHeld = false
      this.#read()
    })
  }

  /** Hands out nothing, and lets the server wait, until `resumeReading`. */
  pauseReading(): void {
    this.#isPaused = true
    this.#socket.pause()
  }

  resumeReading(): void {
    if (!this.#isPaused) return
    this.#isPaused = false
    this.#socket.resume()
    this.#read()
  }

  /** Says goodbye the way of TCP: what was sent is still answered. */
  end(): void {
    this.#isClosing = true
    this.#socket.end()
    // Whoever does not read on would never see the other side's end.
    this.resumeReading()
  }

  /** Drops the connection at once, for `fault` if there is one. */
  destroy(fault?: GsError): void {
    if (fault) this.#fault ??= fault
    else this.#isClosing = true
    this.#isDropped = true
    this.#socket.destroy()
  }

  get #isWaiting(): boolean {
    return this.#isHeld || this.#isPaused
  }

  #take(chunk: Buffer): void {
    if (this.#isDropped) return
    if (!this.#reader) {
      // [protocol 3, framing] What a server says before it saw a byte is a line, whatever the client speaks.
      const framing = detectFraming(chunk[0] ?? 0)
      if (!framing) {
        this.destroy(this.#noSense('does not speak the gs protocol'))
        return
      }
      this.#reader = createFrameReader(framing, MAX_FRAME_BYTES)
    }
    this.#reader.push(chunk)
    this.#read()
  }

  #read(): void {
    const reader = this.#reader
    // A listener may hold or close the connection while frames are handed out.
    if (!reader || this.#isReading) return
    this.#isReading = true
    while (!this.#isWaiting && !this.#isDropped) {
      const text = reader.next()
      if (text === null && reader.interruption === 'incomplete') break
      const message = text === null ? undefined : parseMessage(text)
      if (message) this.#deliver(message)
      else this.destroy(this.#noSense('sent something that is no message'))
    }
    this.#isReading = false
    if (this.#socket.closed) this.#finish()
  }

  #endDrain(): void {
    this.#drain?.resolve()
    this.#drain = undefined
  }

  #deliver(message: ServerMessage): void {
    if (message.type === 'goodbye') this.#goodbye = message
    this.#handlers.frame(message)
  }

  #finish(): void {
    // Frames that are held back still come before the end.
    if (this.#hasEnded || this.#isReading || (this.#isWaiting && !this.#isDropped)) return
    this.#hasEnded = true
    this.#handlers.end(this.#describeEnd())
  }

  #describeEnd(): ConnectionEnd {
    if (this.#goodbye) {
      const {reason, message, retryAfterMs} = this.#goodbye
      return {reason, message, retryAfterMs, error: goodbyeError(this.#goodbye, this.address)}
    }
    if (this.#isClosing) {
      return {reason: 'client_closed', message: undefined, retryAfterMs: undefined, error: undefined}
    }
    const error =
      this.#fault ??
      new GsError('connection_closed', `the connection to ${this.address} ended without a word`, {
        hint: closeWords('connection_lost').hint ?? '',
      })
    const reason = error.closeReason === 'wrong_protocol' ? 'wrong_protocol' : 'connection_lost'
    return {reason, message: undefined, retryAfterMs: undefined, error}
  }

  #noSense(what: string): GsError {
    return new GsError('server_unreachable', `${this.address} ${what}`, {
      hint: 'Check host and port: is it the game port of a gs server?',
      closeReason: 'wrong_protocol',
    })
  }

  #explain(cause: NodeJS.ErrnoException): GsError {
    if (this.#isOpen) {
      const message = `the connection to ${this.address} broke off: ${connectionFault(cause)}`
      return new GsError('connection_closed', message, {cause, hint: closeWords('connection_lost').hint ?? ''})
    }
    return new GsError('server_unreachable', `no server answers at ${this.address}: ${connectionFault(cause)}`, {
      cause,
      hint: 'Is it running, and is that its address? "gs serve" starts one.',
    })
  }
}

function parseMessage(text: string): ServerMessage | undefined {
  try {
    const value: unknown = JSON.parse(text)
    const isMessage = typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
    return isMessage ? (value as ServerMessage) : undefined
  } catch {
    // The caller ends the connection and says that this was no message.
    return undefined
  }
}

function goodbyeError(goodbye: ServerMessage & {type: 'goodbye'}, address: string): GsError {
  const {text, hint} = closeWords(goodbye.reason)
  const why = goodbye.message || text
  const {retryAfterMs} = goodbye
  const wait = retryAfterMs === undefined ? '' : `The server asks to wait ${formatDuration(retryAfterMs)}.`
  return new GsError('connection_closed', `${address} closed the connection: ${why} (${goodbye.reason})`, {
    hint: [hint, wait].filter(Boolean).join(' '),
    ...(retryAfterMs !== undefined && {retryAfterMs}),
    closeReason: goodbye.reason,
  })
}
