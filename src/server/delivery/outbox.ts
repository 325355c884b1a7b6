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
  /** Emptied by every flush; what one turn or tick can put here is bounded by what was read in it. */
  #parts: (Segment | string)[] = []

  /** `onDirty` is told of the first part after each flush. */
  constructor(sink: Sink, onDirty: (outbox: Outbox) => void) {
    this.#sink = sink
    this.#onDirty = onDirty
  }

  add(part: Segment | string): void {
    if (this.#parts.push(part) === 1) this.#onDirty(this)
  }

  /** Writes everything at once and returns how many room frames that were. All segments must be sealed. */
  flush(): number {
    const parts = this.#parts
    if (parts.length === 0) return 0
    this.#parts = []
    const {framing} = this.#sink
    let frameCount = 0
    for (const part of parts) if (typeof part !== 'string') frameCount += part.frameCount
    const [first] = parts
    const bytes =
      parts.length === 1 && first !== undefined
        ? encode(first, framing)
        : Buffer.concat(parts.map(part => encode(part, framing)))
    this.#sink.write(bytes)
    return frameCount
  }

  /** Forgets what was not written. */
  clear(): void {
    this.#parts = []
  }
}

function encode(part: Segment | string, framing: Framing): Buffer {
  if (typeof part !== 'string') return part.bytes(framing)
  const lines = Buffer.from(part)
  return framing === 'ndjson' ? lines : linesToPrefixed(lines)
}
