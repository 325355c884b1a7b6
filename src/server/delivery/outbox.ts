import type {Socket} from 'node:net'

import type {Framing} from '../../protocol/frame-reader.js'
import {linesToPrefixed} from '../../protocol/framing.js'
import {handleOf, type SocketHandle, UNFINISHED, type WriteOwner, writeDirectly} from '../direct-io/direct-write.js'
import {systemError} from '../direct-io/stream-internals.js'
import type {Segment} from './segment.js'

/** What an outbox needs of its socket. */
export interface Outlet extends Pick<Socket, 'writable' | 'writableLength' | 'write'> {
  destroy(error: Error): unknown
}

/** Whose socket it is. */
export interface OutboxOwner {
  /** A write of `sizeBytes` left bytes that the kernel has not taken. */
  onUnsent(sizeBytes: number): void
}

/** The turn in which things are written, as an outbox sees it. */
export interface Turn {
  /** Puts a part into the outbox of one connection. */
  reply(part: Part, outbox: Outbox): void
  /** Bytes that an outbox has handed to its socket. */
  countBytes(sizeBytes: number): void
}

/** A room's segment, or the lines of a reply. */
export type Part = Segment | string

const NONE = -1
/** Larger writes are cut, so that what the kernel took of one is known. */
const WRITE_SLICE_BYTES = 65_536

/**
 * What one connection is to receive in this turn: room segments and its own replies, in their order. It holds their
 * places among the parts of the turn: numbers, as a reference from each of many outboxes to something new would have to
 * be noted for the garbage collector.
 *
 * A message to a large room is written through thousands of these, and by then none is in the processor's cache. So all
 * that a write needs is here, in a small object.
 */
export class Outbox implements WriteOwner {
  /** Most turns bring one part, and a member that is only told things never needs a list. */
  #first = NONE
  /** Emptied by every flush; what one turn or tick can put here is bounded by what was read in it. */
  #others: number[] | null = null
  /** Null: the outlet is written to as a stream. */
  readonly #handle: SocketHandle | null
  /** Of what went to the handle. */
  #unsentBytes = 0
  #isEnded = false
  readonly #outlet: Outlet
  framing: Framing = 'ndjson'
  bytesOut = 0
  readonly #turn: Turn
  readonly #owner: OutboxOwner

  constructor(outlet: Outlet, owner: OutboxOwner, turn: Turn) {
    this.#outlet = outlet
    this.#handle = handleOf(outlet)
    this.#owner = owner
    this.#turn = turn
  }

  get isEmpty(): boolean {
    return this.#first === NONE
  }

  /** Bytes that the kernel has not taken. */
  get unsentBytes(): number {
    return this.#handle === null ? this.#outlet.writableLength : this.#unsentBytes
  }

  /** Adds complete lines for this connection alone. */
  add(reply: string): void {
    this.#turn.reply(reply, this)
  }

  /** Adds the part at a place of this turn. */
  put(place: number): void {
    if (this.#first === NONE) this.#first = place
    else if (this.#others === null) this.#others = [place]
    else this.#others.push(place)
  }

  /** Writes everything at once and returns how many room frames that were. All segments must be sealed. */
  flush(partsOfTurn: readonly Part[]): number {
    if (this.#first === NONE) return 0
    const first = partsOfTurn[this.#first] as Part
    const others = this.#others
    this.clear()
    if (others === null) {
      this.#write(encode(first, this.framing))
      return frameCountOf(first)
    }
    const parts = [first, ...others.map(place => partsOfTurn[place] as Part)]
    this.#write(Buffer.concat(parts.map(part => encode(part, this.framing))))
    let frameCount = 0
    for (const part of parts) frameCount += frameCountOf(part)
    return frameCount
  }

  /** Writes nothing any more: its socket is being ended. */
  end(): void {
    this.#isEnded = true
  }

  onWritten(sizeBytes: number, error: number): void {
    this.#unsentBytes -= sizeBytes
    if (error !== 0) this.#fail(error)
  }

  /** Forgets what was not written. */
  clear(): void {
    this.#first = NONE
    this.#others = null
  }

  #write(bytes: Buffer): void {
    if (this.#isEnded || (this.#handle === null && !this.#outlet.writable)) return
    this.bytesOut += bytes.length
    this.#turn.countBytes(bytes.length)
    if (bytes.length <= WRITE_SLICE_BYTES) this.#writeSlice(bytes)
    else {
      for (let at = 0; at < bytes.length; at += WRITE_SLICE_BYTES) {
        this.#writeSlice(bytes.subarray(at, at + WRITE_SLICE_BYTES))
      }
    }
    if (this.unsentBytes > 0) this.#owner.onUnsent(bytes.length)
  }

  #writeSlice(bytes: Buffer): void {
    if (this.#handle === null) {
      this.#outlet.write(bytes)
      return
    }
    const answer = writeDirectly(this.#handle, bytes, this)
    if (answer === UNFINISHED) this.#unsentBytes += bytes.length
    else if (answer !== 0) this.#fail(answer)
  }

  #fail(error: number): void {
    this.#outlet.destroy(systemError('write', error))
  }
}

function frameCountOf(part: Part): number {
  return typeof part === 'string' ? 0 : part.frameCount
}

function encode(part: Part, framing: Framing): Buffer {
  if (typeof part !== 'string') return part.bytes(framing)
  const lines = Buffer.from(part)
  return framing === 'ndjson' ? lines : linesToPrefixed(lines)
}
