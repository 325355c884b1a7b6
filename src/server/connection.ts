import type {Socket} from 'node:net'

import type {Clock} from '../contract/clock.js'
import type {CloseReason} from '../contract/codes.js'
import type {Counters} from '../contract/counters.js'
import {CLOSE_REASONS} from '../errors.js'
import type {Verdict} from '../pipeline/hook-runner.js'
import {detectFraming, type FrameReader} from '../protocol/frame-reader.js'
import {createFrameReader} from '../protocol/framing.js'
import {parseProxyHeader} from '../protocol/proxy-header.js'
import {AbuseWindow} from './abuse-window.js'
import type {Deadlines, Timed} from './deadlines.js'
import type {Backlog, Laggard} from './delivery/backlog.js'
import type {Flusher} from './delivery/flusher.js'
import {Outbox, type OutboxOwner} from './delivery/outbox.js'
import {holdReading, type Receiver, resumeReading, startReading} from './direct-io/direct-read.js'
import {Entrance, type EntranceContext, type EntranceOwner} from './entrance.js'
import type {FairClock} from './fair-clock.js'
import type {Lingering} from './lingering.js'
import {type FlowContext, type FlowOwner, type FrameReceiver, MessageFlow} from './message-flow.js'
import {Read} from './read.js'
import {goodbyeLine} from './replies.js'
import type {Farewell, UserSession} from './user-session.js'

const ABUSE_WINDOW_MS = 10_000
/** How long a client that has ended its side may wait for answers that are under way. */
const HALF_CLOSED_MS = 1000
const DEFAULT_PAUSE_MS = 1000
const MAX_PAUSE_MS = 60_000

/** Reasons after which nothing more is written: the peer does not read, or does not speak this protocol. */
const ABRUPT: ReadonlySet<CloseReason> = new Set(['wrong_protocol', 'slow_consumer', 'read_error', 'write_error'])

/** Why reading is held; each a bit. */
const HELD = {asking: 1, queue: 2, pause: 4} as const

export interface ConnectionLimits {
  readonly maxFrameBytes: number
  readonly maxFrameBytesBeforeHello: number
  readonly badMessagesBeforeClose: number
  readonly maxInFlight: number
}

/** What connections share. */
export interface ConnectionContext extends FlowContext, EntranceContext {
  readonly limits: ConnectionLimits
  readonly clock: Clock
  readonly fairClock: FairClock
  readonly counters: Counters
  readonly flusher: Flusher
  readonly backlog: Backlog<Connection>
  readonly deadlines: Deadlines<Connection>
  readonly lingering: Lingering
  nextReadId(): number
  /** Told once, when the connection has ended for the rest of the server. */
  onClosed(connection: Connection, reason: CloseReason): void
}

const OWNER = Symbol('connection')

interface OwnedSocket extends Socket {
  [OWNER]: Connection
}

type Stage = 'proxy_header' | 'first_byte' | 'frames'

/**
 * One accepted socket, from its first byte to its close. Bytes go through the stages of a connection's life: a proxy's
 * header where one is due, the framing's first byte, `hello`, and then the message flow.
 */
export class Connection implements Receiver, OutboxOwner, Laggard, Timed, EntranceOwner, FlowOwner {
  readonly id: number
  readonly openedAtMs: number
  readonly openedAtWallMs: number
  unsentOverSoftSinceMs: number | null = null
  address: string
  session: UserSession | null = null
  readonly outbox: Outbox
  bytesIn = 0
  messageCount = 0
  /** What was left unsent when the connection was closed. */
  unsentAtClose = 0
  isClosed = false

  /** The same for all: closures would be memory that idle connections hold. */
  static readonly #listeners = {
    end(this: Socket): void {
      ownerOf(this).#onEnd()
    },
    error(this: Socket, error: Error): void {
      ownerOf(this).#onError(error)
    },
    close(this: Socket): void {
      ownerOf(this).close('client_closed')
    },
  }

  readonly #socket: Socket
  readonly #context: ConnectionContext
  /** Most users make no mistakes. */
  #abuse: AbuseWindow | null = null
  #stage: Stage
  /** Bytes before the framing is known. */
  #early: Buffer | null = null
  #reader: FrameReader | null = null
  /** Takes the frames: the entrance, and after `welcome` the message flow. */
  #receiver: FrameReceiver
  #held = 0
  #pausedUntilMs = Number.NEGATIVE_INFINITY
  #lastFrameAtMs: number
  #hasEnded = false
  /** The one that is being dealt with; null: all of it is. */
  #read: Read | null = null
  #lastReadAtMs = 0

  constructor({
    id,
    socket,
    address,
    isBehindProxy,
    context,
  }: Pick<Connection, 'id' | 'address'> & {socket: Socket; isBehindProxy: boolean; context: ConnectionContext}) {
    this.id = id
    this.#socket = socket
    this.#context = context
    this.address = address
    this.openedAtMs = context.fairClock.nowMs()
    this.openedAtWallMs = context.clock.nowMs()
    this.#lastFrameAtMs = this.openedAtMs
    this.#stage = isBehindProxy ? 'proxy_header' : 'first_byte'
    this.#receiver = new Entrance(context, this)
    this.outbox = new Outbox(socket, this, context.flusher)
    const owned: OwnedSocket = Object.assign(socket, {[OWNER]: this})
    owned.on('error', Connection.#listeners.error)
    owned.on('close', Connection.#listeners.close)
  }

  /** While reading is held nothing can be heard, and that is not the peer's silence. */
  get lastFrameAtMs(): number {
    return this.#held === 0 ? this.#lastFrameAtMs : this.#context.fairClock.nowMs()
  }

  get bytesOut(): number {
    return this.outbox.bytesOut
  }

  /** Bytes that the socket has accepted and the kernel has not. */
  get unsentBytes(): number {
    return this.outbox.unsentBytes
  }

  get lastReadAtMs(): number {
    return this.#lastReadAtMs
  }

  /** Begins to listen to the peer, if the plugins let it. */
  start(): void {
    this.#context.deadlines.watchHandshake(this)
    startReading(this.#socket, this)
    // Node's own one is for sockets that are not half open, and two need a list.
    for (const listener of this.#socket.listeners('end')) this.#socket.off('end', listener as () => void)
    this.#socket.on('end', Connection.#listeners.end)
    // Behind a proxy the address is not known yet.
    if (this.#stage === 'first_byte') this.#askToOpen()
  }

  onUnsent(sizeBytes: number): void {
    this.#context.backlog.note(this, sizeBytes)
  }

  /** Ends the connection. For the rest of the server it is gone at once; its last words have a second to arrive. */
  close(reason: CloseReason, farewell: Farewell = {}): void {
    if (this.isClosed) return
    this.isClosed = true
    const {deadlines, backlog, flusher, lingering, clock} = this.#context
    this.unsentAtClose = this.unsentBytes
    deadlines.forget(this)
    backlog.forget(this)
    this.#context.onClosed(this, reason)
    if (ABRUPT.has(reason) || this.#socket.destroyed) {
      this.outbox.clear()
      this.outbox.end()
      this.#socket.destroy()
      return
    }
    if (CLOSE_REASONS[reason].isTold) this.outbox.add(goodbyeLine(reason, farewell))
    flusher.flushEarly(this.outbox)
    this.outbox.end()
    lingering.end(this.#socket, clock.monotonicMs())
  }

  holdReading(): void {
    this.#hold(HELD.queue)
  }

  resumeReading(): void {
    this.#release(HELD.queue)
  }

  pauseReading(durationMs = DEFAULT_PAUSE_MS): void {
    const {clock} = this.#context
    // While it is not read from, a peer's end is not noticed either, so the pause has a limit.
    const pauseMs = Math.min(durationMs, MAX_PAUSE_MS)
    const untilMs = clock.monotonicMs() + pauseMs
    if (untilMs <= this.#pausedUntilMs) return
    this.#pausedUntilMs = untilMs
    this.#hold(HELD.pause)
    clock.after(pauseMs, () => {
      // A later refusal may have made it longer.
      if (this.#pausedUntilMs === untilMs) this.#release(HELD.pause)
    })
  }

  noteMistake(): void {
    const {limits, clock} = this.#context
    this.#abuse ??= new AbuseWindow(limits.badMessagesBeforeClose, ABUSE_WINDOW_MS)
    if (this.#abuse.note(clock.monotonicMs())) this.close('protocol_abuse')
  }

  onIdle(): void {
    if (this.#hasEnded) this.close('client_closed')
  }

  onBytes(bytes: Buffer): void {
    if (this.isClosed) return
    const {counters, clock, limits} = this.#context
    this.bytesIn += bytes.length
    counters.bytesIn += bytes.length
    this.#lastReadAtMs = clock.nowMs()
    this.#read = new Read(this.#context.nextReadId(), this.#lastReadAtMs, clock.monotonicMs())
    if (this.#reader === null) this.#begin(bytes)
    else this.#reader.push(bytes)
    // The limit can change while running.
    if (this.#reader !== null && this.session !== null) this.#reader.maxFrameBytes = limits.maxFrameBytes
    this.#pump()
    if (this.#held !== 0) this.#reader?.keepRest()
  }

  /** Bytes before the framing is known: a proxy's header, then the first byte of the protocol. */
  #begin(bytes: Buffer): void {
    const early = this.#early === null ? bytes : Buffer.concat([this.#early, bytes])
    this.#early = null
    const rest = this.#stage === 'proxy_header' ? this.#takeProxyHeader(early) : early
    if (rest === null || rest.length === 0) return
    if (this.#held !== 0) {
      this.#early = Buffer.from(rest)
      return
    }
    const framing = detectFraming(rest.readUInt8(0))
    if (framing === null) {
      this.close('wrong_protocol')
      return
    }
    this.outbox.framing = framing
    this.#stage = 'frames'
    this.#reader = createFrameReader(framing, this.#context.limits.maxFrameBytesBeforeHello)
    this.#reader.push(rest)
  }

  /** What follows the header, or null while it is incomplete or when it is broken. */
  #takeProxyHeader(bytes: Buffer): Buffer | null {
    const header = parseProxyHeader(bytes)
    if (header.kind === 'invalid') this.close('bad_frame', {message: 'expected a PROXY protocol header'})
    if (header.kind === 'incomplete') this.#early = Buffer.from(bytes)
    if (header.kind !== 'complete') return null
    this.address = header.address ?? this.address
    this.#stage = 'first_byte'
    this.#askToOpen()
    return bytes.subarray(header.sizeBytes)
  }

  #askToOpen(): void {
    const {runner} = this.#context
    const chain = runner.chains.connectionOpened
    if (chain.length === 0) return
    const verdict = runner.ask(chain, {connectionId: this.id, address: this.address})
    if (!(verdict instanceof Promise)) {
      this.#obey(verdict)
      return
    }
    this.#hold(HELD.asking)
    void verdict.then(late => {
      this.#obey(late)
      this.#release(HELD.asking)
    })
  }

  #obey(verdict: Verdict): void {
    if (verdict !== null) this.close(verdict.closeReason, verdict)
  }

  /** Takes frames out of the reader as long as nothing holds it. */
  #pump(): void {
    const reader = this.#reader
    if (reader === null) return
    const wasInFrame = reader.hasPartialFrame
    let frames = 0
    while (this.#held === 0 && !this.isClosed) {
      const text = reader.next()
      const read = this.#read
      if (read === null || (text === null && reader.interruption !== 'bad_utf8')) {
        this.#read = null
        if (reader.interruption === 'incomplete') this.#watchFrame(wasInFrame, frames > 0, reader.hasPartialFrame)
        else this.close(reader.interruption === 'too_large' ? 'frame_too_large' : 'bad_frame')
        return
      }
      if (frames === 0) this.#noteFrame(read)
      frames += 1
      if (this.session !== null) this.messageCount += 1
      this.#receiver.receive(text, reader.sizeBytes, read)
    }
  }

  /** Of the time of its read; after a hold that is long past, and the end of the hold counts. */
  #noteFrame(read: Read): void {
    this.#lastFrameAtMs = Math.max(this.#lastFrameAtMs, this.#context.fairClock.at(read.monotonicMs))
  }

  /** A blank line ends an unfinished one, too, without being a frame. */
  #watchFrame(wasInFrame: boolean, hadFrames: boolean, isInFrame: boolean): void {
    const {deadlines, fairClock} = this.#context
    if (wasInFrame && (hadFrames || !isInFrame)) deadlines.endFrame(this)
    if (isInFrame) deadlines.beginFrame(this, fairClock.nowMs())
  }

  /** [protocol 3] What follows `hello` waits until `welcome`. */
  waitFor(decision: Promise<void>): void {
    this.#hold(HELD.asking)
    void decision.then(() => this.#release(HELD.asking))
  }

  open(session: UserSession): void {
    if (this.#reader === null) return
    const {limits, deadlines} = this.#context
    this.session = session
    this.#reader.maxFrameBytes = limits.maxFrameBytes
    this.#receiver = new MessageFlow(this.#context, session, this)
    deadlines.watchHeartbeat(this)
  }

  #onEnd(): void {
    this.#hasEnded = true
    // What is held may be all that the peer had to say, such as a hello that is being decided and what follows it.
    if (this.#held === 0 && this.#receiver.isIdle) this.close('client_closed')
    else this.#context.clock.after(HALF_CLOSED_MS, () => this.close('client_closed'))
  }

  #onError(error: NodeJS.ErrnoException): void {
    this.close(error.syscall === 'write' ? 'write_error' : 'read_error')
  }

  #hold(bit: number): void {
    if (this.#held === 0) {
      holdReading(this.#socket)
      // The peer cannot finish a frame that nobody reads.
      this.#context.deadlines.endFrame(this)
    }
    this.#held |= bit
  }

  #release(bit: number): void {
    if ((this.#held & bit) === 0 || this.isClosed) return
    this.#held &= ~bit
    if (this.#held !== 0) return
    this.#lastFrameAtMs = this.#context.fairClock.nowMs()
    const early = this.#early
    if (early !== null && this.#stage === 'first_byte') {
      this.#early = null
      this.#begin(early)
    }
    this.#pump()
    if (this.#held !== 0 || this.isClosed) return
    resumeReading(this.#socket)
    if (this.#hasEnded && this.#receiver.isIdle) this.close('client_closed')
  }
}

function ownerOf(socket: Socket): Connection {
  return (socket as OwnedSocket)[OWNER]
}
