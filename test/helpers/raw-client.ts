import {connect, type Socket} from 'node:net'

import type {ServerMessage} from '../../src/contract/messages.js'

type Frame = ServerMessage & {[key: string]: unknown}

/** How long a test waits for what must come. */
const PATIENCE_MS = 10_000

/**
 * A client that says exactly what a test wants, byte for byte, and keeps all that comes back. Understands both framings
 * of what it receives.
 */
export class RawClient implements AsyncDisposable {
  readonly socket: Socket
  /** Frames received and not taken yet. */
  readonly frames: Frame[] = []
  /** All bytes received. */
  receivedBytes = 0
  /** Resolves when the connection has ended, whoever ended it. */
  readonly closed: Promise<void>
  isClosed = false
  #rest = Buffer.alloc(0)
  readonly #isPrefixed: boolean
  #wake: () => void = () => {}

  private constructor(socket: Socket, isPrefixed: boolean) {
    this.socket = socket
    this.#isPrefixed = isPrefixed
    // A reset is one of the ends that tests provoke; `closed` tells of it.
    socket.on('error', () => {})
    socket.on('data', chunk => this.#take(chunk as Buffer))
    this.closed = new Promise(resolve =>
      socket.once('close', () => {
        this.isClosed = true
        resolve()
        this.#wake()
      }),
    )
  }

  static async connect(
    port: number,
    {framing = 'ndjson', host = '127.0.0.1', localAddress}: RawClientOptions = {},
  ): Promise<RawClient> {
    const socket = connect({port, host, noDelay: true, ...(localAddress !== undefined && {localAddress})})
    const client = new RawClient(socket, framing === 'length-prefixed')
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve)
      socket.once('error', reject)
    })
    return client
  }

  /** Connects and says hello; resolves when welcomed. */
  static async login(port: number, userId: number, options: RawClientOptions = {}): Promise<RawClient> {
    const client = await RawClient.connect(port, options)
    client.send({type: 'hello', userId})
    await client.take('welcome')
    return client
  }

  send(...messages: unknown[]): void {
    this.write(Buffer.concat(messages.map(message => this.encode(JSON.stringify(message)))))
  }

  write(bytes: Buffer | string): void {
    this.socket.write(bytes)
  }

  /** The text of a frame as bytes of this client's framing. */
  encode(text: string): Buffer {
    if (!this.#isPrefixed) return Buffer.from(`${text}\n`)
    const body = Buffer.from(text)
    const bytes = Buffer.alloc(4 + body.length)
    bytes.writeUInt32BE(body.length)
    body.copy(bytes, 4)
    return bytes
  }

  /** The next frame of this type; frames before it are dropped. Fails when the connection ends first. */
  async take<Type extends ServerMessage['type']>(type: Type): Promise<Extract<ServerMessage, {type: Type}> & Frame> {
    for (;;) {
      const frame = await this.next()
      if (frame === undefined) throw new Error(`the connection ended before ${type}`)
      if (frame.type === type) return frame as never
    }
  }

  /** The next frame, or undefined when the connection ended. */
  async next(): Promise<Frame | undefined> {
    await this.until(() => this.frames.length > 0 || this.isClosed)
    return this.frames.shift()
  }

  /** Waits until `condition`, which is asked whenever something arrives. */
  async until(condition: () => boolean): Promise<void> {
    const deadlineMs = Date.now() + PATIENCE_MS
    while (!condition()) {
      const left = deadlineMs - Date.now()
      if (left <= 0)
        throw new Error(`waited ${PATIENCE_MS} ms in vain; last frames: ${JSON.stringify(this.frames.slice(-3))}`)
      const {promise, resolve} = Promise.withResolvers<void>()
      this.#wake = resolve
      const timer = setTimeout(resolve, left)
      await promise
      clearTimeout(timer)
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.socket.destroy()
    await this.closed
  }

  #take(chunk: Buffer): void {
    this.receivedBytes += chunk.length
    this.#rest = Buffer.concat([this.#rest, chunk])
    for (let frame = this.#cut(); frame !== undefined; frame = this.#cut()) this.frames.push(JSON.parse(frame))
    this.#wake()
  }

  /** What a server says before it has seen a byte is a line, whatever the framing; its first byte `{` tells. */
  #cut(): string | undefined {
    const isLine = !this.#isPrefixed || this.#rest[0] === 0x7b
    const end = isLine ? this.#rest.indexOf('\n') : this.#rest.length >= 4 ? 4 + this.#rest.readUInt32BE() : -1
    if (end === -1 || (isLine ? end : end - 1) >= this.#rest.length) return undefined
    const frame = this.#rest.toString('utf8', isLine ? 0 : 4, end)
    this.#rest = this.#rest.subarray(isLine ? end + 1 : end)
    return frame
  }
}

export interface RawClientOptions {
  framing?: 'ndjson' | 'length-prefixed'
  host?: string
  /** Which of the machine's addresses to come from; any of 127.0.0.0/8 works on Linux. */
  localAddress?: string
}
