import type {Framing} from '../../protocol/frame-reader.js'
import {linesToPrefixed} from '../../protocol/framing.js'
import type {Flusher} from './flusher.js'
import type {Segment} from './segment.js'

/** Where an outbox writes: the part of a connection that it needs. */
export interface Sink {
  readonly framing: Framing
  /** Hands bytes to the socket. */
  write(bytes: Buffer): void
}

/** A room's segment, or the lines of a reply. */
export type Part = Segment | string

const NONE = -1

/**
 * What one connection is to receive in this turn: room segments and its own replies, in their order. It holds their
 * places among the parts of the turn: numbers, as a reference from each of many outboxes to something new would have to
 * be noted for the garbage collector.
 */
export class Outbox {
  readonly #sink: Sink
  readonly #flusher: Flusher
  /** Most turns bring one part, and a member that is only told things never needs a list. */
  #first = NONE
  /** Emptied by every flush; what one turn or tick can put here is bounded by what was read in it. */
  #others: number[] | null = null

  constructor(sink: Sink, flusher: Flusher) {
    this.#sink = sink
    this.#flusher = flusher
  }

  get isEmpty(): boolean {
    return this.#first === NONE
  }

  /** Adds complete lines for this connection alone. */
  add(reply: string): void {
    this.#flusher.reply(reply, this)
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
    const {framing} = this.#sink
    if (others === null) {
      this.#sink.write(encode(first, framing))
      return frameCountOf(first)
    }
    const parts = [first, ...others.map(place => partsOfTurn[place] as Part)]
    this.#sink.write(Buffer.concat(parts.map(part => encode(part, framing))))
    let frameCount = 0
    for (const part of parts) frameCount += frameCountOf(part)
    return frameCount
  }

  /** Forgets what was not written. */
  clear(): void {
    this.#first = NONE
    this.#others = null
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
