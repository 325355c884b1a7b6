import type {Framing} from '../../protocol/frame-reader.js'
import {linesToPrefixed} from '../../protocol/framing.js'
import type {Segment} from './segment.js'

/** Where an outbox writes: the part of a connection that it needs. */
export interface Sink {
  readonly framing: Framing
  /** Hands bytes to the socket. */
  write(bytes: Buffer): void
}

/** What one connection is to receive in this turn: room segments and its own replies, in their order. */
export class Outbox {
  readonly #sink: Sink
  readonly #onDirty: (outbox: Outbox) => void
  /** Most turns bring one part, and a member that is only told things never needs a list. */
  #first: Segment | string | null = null
  /** Emptied by every flush; what one turn or tick can put here is bounded by what was read in it. */
  #others: (Segment | string)[] | null = null

  /** `onDirty` is told of the first part after each flush. */
  constructor(sink: Sink, onDirty: (outbox: Outbox) => void) {
    this.#sink = sink
    this.#onDirty = onDirty
  }

  add(part: Segment | string): void {
    if (this.#first === null) {
      this.#first = part
      this.#onDirty(this)
    } else if (this.#others === null) this.#others = [part]
    else this.#others.push(part)
  }

  /** Writes everything at once and returns how many room frames that were. All segments must be sealed. */
  flush(): number {
    const first = this.#first
    if (first === null) return 0
    const others = this.#others
    this.clear()
    const {framing} = this.#sink
    if (others === null) {
      this.#sink.write(encode(first, framing))
      return frameCountOf(first)
    }
    const parts = [first, ...others]
    this.#sink.write(Buffer.concat(parts.map(part => encode(part, framing))))
    let frameCount = 0
    for (const part of parts) frameCount += frameCountOf(part)
    return frameCount
  }

  /** Forgets what was not written. */
  clear(): void {
    this.#first = null
    this.#others = null
  }
}

function frameCountOf(part: Segment | string): number {
  return typeof part === 'string' ? 0 : part.frameCount
}

function encode(part: Segment | string, framing: Framing): Buffer {
  if (typeof part !== 'string') return part.bytes(framing)
  const lines = Buffer.from(part)
  return framing === 'ndjson' ? lines : linesToPrefixed(lines)
}
