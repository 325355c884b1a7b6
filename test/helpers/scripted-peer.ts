import {once} from 'node:events'
import {type AddressInfo, createServer, type Socket} from 'node:net'
import {onTestFinished} from 'vitest'
import type {ServerMessage} from '../../src/contract/messages.js'

type Fields = {readonly type: string; readonly seq?: number | undefined; readonly [field: string]: unknown}

/** What a test decides to do about a message. */
export type Script = (message: Fields, connection: PeerConnection) => void

export interface ScriptedPeer {
  readonly port: number
  readonly connections: readonly PeerConnection[]
  /** The connection with this number, from 0, as soon as it is there. */
  connection(index: number): Promise<PeerConnection>
  close(): Promise<void>
}

/** A real TCP server that says what the test tells it to. By default it only welcomes. Gone when the test is. */
export async function scriptedPeer(script: Script = welcomeAll): Promise<ScriptedPeer> {
  const connections: PeerConnection[] = []
  const server = createServer({noDelay: true}, socket => {
    connections.push(new PeerConnection(socket, script))
    server.emit('peer')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const close = async () => {
    for (const {socket} of connections) socket.destroy()
    if (server.listening) await new Promise(resolve => server.close(resolve))
  }
  onTestFinished(close)
  return {
    port: (server.address() as AddressInfo).port,
    connections,
    async connection(index) {
      while (connections[index] === undefined) await once(server, 'peer', {signal: AbortSignal.timeout(5_000)})
      return connections[index]
    },
    close,
  }
}

export class PeerConnection {
  readonly socket: Socket
  readonly received: Fields[] = []
  framing: 'ndjson' | 'length-prefixed' | undefined
  #unread = Buffer.alloc(0)

  constructor(socket: Socket, script: Script) {
    this.socket = socket
    socket.on('error', () => {})
    socket.on('data', chunk => {
      this.framing ??= chunk[0] === 0 ? 'length-prefixed' : 'ndjson'
      this.#unread = Buffer.concat([this.#unread, chunk])
      for (let frame = this.#takeFrame(); frame; frame = this.#takeFrame()) {
        this.received.push(frame)
        script(frame, this)
        socket.emit('received')
      }
    })
  }

  /** Whether the other side is gone. */
  get isClosed(): boolean {
    return this.socket.closed || this.socket.readableEnded
  }

  send(...messages: Array<ServerMessage | Fields>): void {
    this.socket.write(this.encode(...messages))
  }

  encode(...messages: Array<ServerMessage | Fields>): Buffer {
    return Buffer.concat(
      messages.map(message => {
        const json = Buffer.from(JSON.stringify(message))
        if (this.framing !== 'length-prefixed') return Buffer.concat([json, Buffer.from('\n')])
        const prefix = Buffer.alloc(4)
        prefix.writeUInt32BE(json.length)
        return Buffer.concat([prefix, json])
      }),
    )
  }

  /** The message with this number, from 0, of one type or of all, as soon as it is there. */
  async message(index: number, type?: string): Promise<Fields> {
    while (true) {
      const found = this.received.filter(message => type === undefined || message.type === type)[index]
      if (found) return found
      await once(this.socket, 'received', {signal: AbortSignal.timeout(5_000)})
    }
  }

  #takeFrame(): Fields | undefined {
    const prefixed = this.framing === 'length-prefixed'
    const lineEnd = this.#unread.indexOf(0x0a)
    if (prefixed ? this.#unread.length < 4 : lineEnd === -1) return undefined
    const start = prefixed ? 4 : 0
    const end = prefixed ? 4 + this.#unread.readUInt32BE() : lineEnd
    if (this.#unread.length < end) return undefined
    const json = this.#unread.toString('utf8', start, end)
    this.#unread = this.#unread.subarray(prefixed ? end : end + 1)
    return JSON.parse(json)
  }
}

export function welcome(hello: Fields, fields: Partial<ServerMessage & {type: 'welcome'}> = {}): ServerMessage {
  return {
    type: 'welcome',
    userId: typeof hello.userId === 'number' ? hello.userId : 3_000_000_001,
    sessionId: '00000000-0000-4000-8000-000000000000',
    server: 'scripted',
    version: '0.0.0',
    protocol: 1,
    heartbeatIntervalMs: 15_000,
    maxFrameBytes: 131_072,
    games: [],
    ...(hello.seq !== undefined && {seq: hello.seq}),
    ...fields,
  }
}

export function welcomeAll(message: Fields, connection: PeerConnection): void {
  if (message.type === 'hello') connection.send(welcome(message))
}

/** Welcomes, and answers what a server would answer at once. Nothing goes to a room. */
export function answerAll(message: Fields, connection: PeerConnection): void {
  const {type, seq, roomId} = message
  const own = typeof roomId === 'number' ? roomId : 0
  if (type === 'hello') connection.send(welcome(message))
  else if (type === 'join_room') {
    connection.send({type: 'room_joined', roomId: own, userCount: 1, members: [{userId: 1}], game: null, seq})
  } else if (type === 'leave_room') connection.send({type: 'room_left', roomId: own, seq})
  else if (type === 'heartbeat') connection.send({type, timestamp: 1, seq})
  else if (type === 'list_rooms') connection.send({type: 'room_list', rooms: [], seq})
  else if (seq !== undefined) connection.send({type: 'ack', seq})
}
