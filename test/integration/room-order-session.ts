import {connect, type Socket} from 'node:net'

import type {ClientMessage, MemberInfo, ServerMessage} from '../../src/contract/messages.js'
import {Interval, type IntervalEnd, type RoomFrame} from './room-order-interval.js'
import {expectThat} from './room-order-violation.js'

export type OrderFraming = 'ndjson' | 'length-prefixed'

/** A message that was sent, and what may come back. */
export interface Sent {
  /** Undefined: only an error would be answered, and none is due. */
  readonly seq: number | undefined
  /** Types of replies and codes of errors that are right. */
  readonly replies: readonly string[]
  /** For what goes to a room when it is accepted. */
  readonly roomId?: number
  readonly id?: string
}

const BRACE = 0x7b

/**
 * One connection of one user, who sends without waiting and checks what comes back: replies in the order of the requests,
 * each of a right kind, and room frames only between `room_joined` and the leave.
 */
export class OrderSession {
  readonly self: MemberInfo
  /** All memberships, in their order. */
  readonly intervals: Interval[] = []
  framesSeen = 0
  isClosed = false
  /** It broke off, so the server may have done more than was heard. */
  wasCut = false
  /** Resolves when nothing more comes. */
  readonly closed: Promise<void>
  readonly #socket: Socket
  readonly #framing: OrderFraming
  readonly #onFailure: (error: unknown) => void
  readonly #inside = new Map<number, Interval>()
  #unsent: string[] = []
  #pending: Sent[] = []
  #answered = 0
  #rest: Buffer = Buffer.alloc(0)
  #isWelcome = false
  #isDone = false
  #wake: () => void = () => {}

  constructor(options: {
    port: number
    self: MemberInfo
    framing: OrderFraming
    onFailure: (error: unknown) => void
  }) {
    this.self = options.self
    this.#framing = options.framing
    this.#onFailure = options.onFailure
    const socket = connect({port: options.port, host: '127.0.0.1', noDelay: true})
    this.#socket = socket
    // How it ended is told by what came before.
    socket.on('error', () => {})
    socket.on('data', chunk => this.#guard(() => this.#receive(chunk as Buffer)))
    this.closed = new Promise(resolve =>
      socket.once('close', () => {
        this.isClosed = true
        resolve()
        this.#wake()
      }),
    )
    this.#write({type: 'hello', ...options.self})
  }

  get unanswered(): number {
    return this.#pending.length - this.#answered
  }

  /** Says what it waits for, for the words of a failure. */
  get state(): string {
    return `${this.self.nickname} (${this.isClosed ? 'closed' : 'open'}, ${this.unanswered} unanswered, next ${JSON.stringify(this.#pending[this.#answered])})`
  }

  send(message: ClientMessage, sent: Sent): void {
    this.#pending.push(sent)
    this.#write(message)
  }

  /** Hands everything to the socket, cut in two at `share` of its bytes. */
  flush(share: number): void {
    const bytes =
      this.#framing === 'ndjson'
        ? Buffer.from(this.#unsent.map(text => `${text}\n`).join(''))
        : Buffer.concat(this.#unsent.map(prefixed))
    this.#unsent = []
    const cut = Math.floor(bytes.length * share)
    this.#socket.write(bytes.subarray(0, cut))
    this.#socket.write(bytes.subarray(cut))
  }

  /** Waits until at most `count` messages are unanswered. */
  async until(count: number): Promise<void> {
    while (this.unanswered > count && !this.isClosed) {
      await new Promise<void>(resolve => {
        this.#wake = resolve
      })
    }
  }

  /** Half-closes: the server answers what was sent and then closes. */
  async end(): Promise<void> {
    this.#socket.end()
    await this.closed
    this.#acceptSilent()
    expectThat(this.unanswered === 0, () => `${this.state} ended its side and was not answered`)
    this.#finish('left')
  }

  /** Breaks off. */
  cut(withReset: boolean): void {
    if (withReset) this.#socket.resetAndDestroy()
    else this.#socket.destroy()
    this.wasCut = true
    this.#finish('cut')
  }

  /** The run is over, and nothing is under way any more. */
  rest(): void {
    this.#finish('quiet')
    this.#socket.destroy()
  }

  /** Rooms it is in, by what the server told it. */
  get inside(): ReadonlyMap<number, Interval> {
    return this.#inside
  }

  #finish(end: IntervalEnd): void {
    this.#isDone = true
    for (const interval of this.#inside.values()) interval.finish(end)
    if (end !== 'quiet') this.#inside.clear()
  }

  #write(message: ClientMessage): void {
    this.#unsent.push(JSON.stringify(message))
  }

  #guard(task: () => void): void {
    try {
      task()
    } catch (error) {
      this.#onFailure(error)
    }
  }

  #receive(chunk: Buffer): void {
    if (this.#isDone) return
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    this.#rest = this.#framing === 'ndjson' ? this.#takeLines(bytes) : this.#takePrefixed(bytes)
    this.#wake()
  }

  #takeLines(bytes: Buffer): Buffer {
    const end = bytes.lastIndexOf(0x0a)
    if (end === -1) return bytes
    for (const line of bytes.toString('latin1', 0, end).split('\n')) this.#take(line)
    return bytes.subarray(end + 1)
  }

  #takePrefixed(bytes: Buffer): Buffer {
    let at = 0
    while (bytes.length - at >= 4) {
      expectThat(bytes[at] !== BRACE, () => `${this.self.nickname} was sent a line in a length-prefixed connection`)
      const end = at + 4 + bytes.readUInt32BE(at)
      if (end > bytes.length) break
      this.#take(bytes.toString('latin1', at + 4, end))
      at = end
    }
    return bytes.subarray(at)
  }

  #take(text: string): void {
    const frame = JSON.parse(text) as ServerMessage
    this.framesSeen += 1
    if (frame.type === 'welcome') {
      expectThat(!this.#isWelcome, () => `${this.self.nickname} was welcomed twice`)
      this.#isWelcome = true
      return
    }
    expectThat(this.#isWelcome && !this.#isDone, () => `${this.self.nickname} was sent ${text} outside of its session`)
    switch (frame.type) {
      case 'ack':
      case 'heartbeat':
      case 'room_list':
      case 'error':
        this.#settle(frame, text)
        return
      case 'room_joined':
        this.#settle(frame, text)
        expectThat(!this.#inside.has(frame.roomId), () => `${this.self.nickname} joined room ${frame.roomId} twice`)
        this.#enter(new Interval(this.self, frame))
        return
      case 'room_left':
        this.#settle(frame, text)
        this.#interval(frame.roomId, text).finish('left')
        this.#inside.delete(frame.roomId)
        return
      case 'goodbye':
        expectThat(frame.reason === 'replaced', () => `${this.self.nickname} was closed: ${text}`)
        this.#leaveOpenQuestions()
        this.#finish('left')
        return
      case 'room_closed':
      case 'members_changed':
      case 'notice':
        expectThat(false, () => `${this.self.nickname} was sent ${text}, which nothing gave rise to`)
        return
      default:
        this.#interval(frame.roomId, text).take(frame satisfies RoomFrame, text)
    }
  }

  #enter(interval: Interval): void {
    this.#inside.set(interval.roomId, interval)
    this.intervals.push(interval)
  }

  #interval(roomId: number, text: string): Interval {
    const interval = this.#inside.get(roomId)
    expectThat(interval !== undefined, () => `${this.self.nickname} is not in the room and was sent ${text}`)
    return interval
  }

  /** The next reply is the one to the oldest message that has none; those without `seq` before it were accepted. */
  #settle(frame: ServerMessage & {seq?: number}, text: string): void {
    this.#acceptSilent()
    const due = this.#pending[this.#answered]
    expectThat(due !== undefined, () => `${this.self.nickname} was answered ${text} and had asked nothing`)
    this.#answered += 1
    expectThat(due.seq === frame.seq, () => `${this.self.nickname}: the reply to seq ${due.seq} was due, came ${text}`)
    const kind = frame.type === 'error' ? frame.code : frame.type
    expectThat(
      due.replies.includes(kind),
      () => `${this.self.nickname}: ${due.replies.join(' or ')} was due, came ${text}`,
    )
    if (kind === 'ack') this.#accept(due)
    if (this.#answered > 1000) {
      this.#pending = this.#pending.slice(this.#answered)
      this.#answered = 0
    }
  }

  #acceptSilent(): void {
    for (
      let sent = this.#pending[this.#answered];
      sent && sent.seq === undefined;
      sent = this.#pending[this.#answered]
    ) {
      this.#accept(sent)
      this.#answered += 1
    }
  }

  #accept({roomId, id}: Sent): void {
    if (roomId === undefined || id === undefined) return
    const interval = this.#inside.get(roomId)
    expectThat(interval !== undefined, () => `${id} was accepted, and ${this.self.nickname} is not in room ${roomId}`)
    interval.accepted.push(id)
  }

  /** After the last reply, those without `seq` may have been handled or not. */
  #leaveOpenQuestions(): void {
    for (const {seq, roomId, id} of this.#pending.slice(this.#answered)) {
      if (seq !== undefined) return
      if (roomId !== undefined && id !== undefined) this.#inside.get(roomId)?.uncertain.add(id)
    }
  }
}

function prefixed(text: string): Buffer {
  const bytes = Buffer.alloc(4 + text.length)
  bytes.writeUInt32BE(text.length)
  bytes.write(text, 4, 'latin1')
  return bytes
}
