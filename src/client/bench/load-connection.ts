import {connect, type Socket} from 'node:net'
import type {ServerMessage} from '../../contract/messages.js'
import {GsError} from '../../errors.js'
import type {Framing} from '../../protocol/frame-reader.js'
import {formatDuration} from '../../units.js'
import {hostPort} from '../../util/host-port.js'
import {closeWords} from '../close-words.js'
import {connectionFault} from '../connection-fault.js'
import {encodeFrame} from '../encode-frame.js'
import {toError} from '../pending-requests.js'
import {FrameScanner, type FrameSink} from './frame-scanner.js'
import type {LoadClient} from './load-plan.js'

/** What a connection tells the one who plays the clients. */
export interface LoadConnectionOwner {
  joined(): void
  /** It did not come to be welcomed, or to join. */
  failed(error: GsError): void
  /** One that had joined is gone; the reason as in `goodbye`, or `connection_lost`. */
  lost(reason: string): void
  /** A chat frame to this client, as bytes that are only lent. */
  chat(bytes: Buffer, start: number, end: number): void
  /** Everything of one read has been handed over. */
  readEnded(): void
  /** A message was refused. */
  refused(code: string): void
}

export interface LoadTarget {
  readonly host: string
  readonly port: number
  readonly framing: Framing
  readonly token: string | undefined
  /** Lent by the thread. */
  readonly readBuffer: Buffer
  /** How long it may take until the room is joined. */
  readonly timeoutMs: number
}

/**
 * One client on a raw socket: says hello and joins in one go, then counts. All connections of a thread read into the same
 * buffer, as each read is taken to the end before the next begins.
 */
export class LoadConnection implements FrameSink {
  readonly #socket: Socket
  readonly #client: LoadClient
  readonly #owner: LoadConnectionOwner
  readonly #scanner: FrameScanner
  readonly #address: string
  readonly #timer: NodeJS.Timeout
  #state: 'joining' | 'joined' | 'ended' = 'joining'
  #goodbye: (ServerMessage & {type: 'goodbye'}) | undefined
  #socketError: NodeJS.ErrnoException | undefined

  constructor(client: LoadClient, to: LoadTarget, owner: LoadConnectionOwner) {
    this.#client = client
    this.#owner = owner
    this.#address = hostPort(to)
    this.#scanner = new FrameScanner(to.framing, this)
    this.#socket = connect({
      host: to.host,
      port: to.port,
      noDelay: true,
      onread: {
        buffer: to.readBuffer,
        callback: sizeBytes => {
          this.#take(to.readBuffer.subarray(0, sizeBytes))
          return true
        },
      },
    })
    this.#socket.on('error', error => {
      this.#socketError = error
    })
    this.#socket.on('close', () => this.#onClose())
    this.#socket.resume()
    this.#timer = setTimeout(() => this.fail(this.#tooLate(to.timeoutMs)), to.timeoutMs)
    const {userId, roomId} = client
    const hello = {type: 'hello', userId, ...(to.token !== undefined && {token: to.token})}
    this.#socket.write(
      Buffer.concat([encodeFrame(hello, to.framing), encodeFrame({type: 'join_room', roomId}, to.framing)]),
    )
  }

  get isJoined(): boolean {
    return this.#state === 'joined'
  }

  /** The bytes must not be changed afterwards. */
  write(bytes: Buffer): void {
    this.#socket.write(bytes)
  }

  /** Gives up joining. */
  fail(error: GsError): void {
    if (this.#state !== 'joining') return
    this.close()
    this.#owner.failed(error)
  }

  close(): void {
    clearTimeout(this.#timer)
    this.#state = 'ended'
    this.#socket.destroy()
  }

  chat(bytes: Buffer, start: number, end: number): void {
    this.#owner.chat(bytes, start, end)
  }

  other(text: string): void {
    const message = parse(text)
    if (message === undefined) this.#broken('sent something that is no message')
    else if (message.type === 'goodbye') this.#goodbye = message
    else if (message.type === 'error') this.#onError(message)
    else if (message.type === 'room_joined' && this.#state === 'joining') {
      clearTimeout(this.#timer)
      this.#state = 'joined'
      this.#owner.joined()
    }
  }

  #take(chunk: Buffer): void {
    if (this.#state === 'ended') return
    if (!this.#scanner.push(chunk)) this.#broken('sent a frame that has no end')
    if (this.#state === 'joined') this.#owner.readEnded()
  }

  #onError(message: ServerMessage & {type: 'error'}): void {
    if (this.#state === 'joining') this.fail(toError(message))
    else if (message.messageType === 'chat') this.#owner.refused(message.code)
  }

  #broken(what: string): void {
    if (this.#state === 'joining') {
      const message = `${this.#address} ${what}`
      this.fail(new GsError('server_unreachable', message, {hint: 'Is it the game port of a gs server?'}))
    } else this.#socket.destroy()
  }

  #onClose(): void {
    const wasJoined = this.#state === 'joined'
    if (this.#state === 'joining') this.fail(this.#whyNotJoined())
    this.#state = 'ended'
    if (wasJoined) this.#owner.lost(this.#goodbye?.reason ?? 'connection_lost')
  }

  #tooLate(timeoutMs: number): GsError {
    const {userId, roomId} = this.#client
    const message = `user ${userId} was not in room ${roomId} of ${this.#address} within ${formatDuration(timeoutMs)}`
    return new GsError('timed_out', message, {hint: 'The server may be overloaded. --timeout gives it longer.'})
  }

  #whyNotJoined(): GsError {
    const {userId} = this.#client
    if (this.#goodbye !== undefined) {
      const {reason, message} = this.#goodbye
      const {text, hint} = closeWords(reason)
      const words = `${this.#address} turned user ${userId} away: ${message || text} (${reason})`
      return new GsError('connection_closed', words, hint === undefined ? {} : {hint})
    }
    const cause = this.#socketError
    if (cause === undefined) {
      return new GsError(
        'connection_closed',
        `${this.#address} closed the connection of user ${userId} without a word`,
        {
          hint: 'Is it the game port of a gs server, and are its limits high enough for so many clients?',
        },
      )
    }
    const message = `no server answers user ${userId} at ${this.#address}: ${connectionFault(cause)}`
    return new GsError('server_unreachable', message, {
      cause,
      hint: 'Is it running, and is that its address? "gs serve" starts one.',
    })
  }
}

function parse(text: string): ServerMessage | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && 'type' in value ? (value as ServerMessage) : undefined
  } catch {
    // The caller says that this was no message.
    return undefined
  }
}
