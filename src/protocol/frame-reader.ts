/**
 * Bytes in, frames out. A reader is pulled: `push` hands it a chunk, `next` is called until it has no more.
 * Pulling lets the caller stop between two frames (a limit that changes after `hello`, a full queue) without copying
 * what is left.
 *
 * A frame is judged before it is buffered: by its announced length, or as soon as its bytes pass the limit. What must be
 * kept of an unfinished frame goes into one growing buffer; holding on to the chunks instead would cost a kilobyte for
 * each byte of a sender that trickles.
 */
export interface FrameReader {
  /**
   * Longest frame that is taken, in bytes, newline or prefix not counted (a carriage return is). May change between two
   * calls of `next`.
   */
  maxFrameBytes: number
  /** Length on the wire of the frame that `next` has just given, in bytes, counted in the same way. */
  readonly sizeBytes: number
  /** Why `next` had no text to give. */
  readonly interruption: Interruption
  /** True while part of a frame has arrived and the rest has not; meaningful when the interruption is `incomplete`. */
  readonly hasPartialFrame: boolean
  /** The chunk is good until `keepRest`, or until `next` finds nothing more in it. */
  push(chunk: Buffer): void
  /** Copies what is left of the chunk, whose memory is used for something else from now on. */
  keepRest(): void
  /** Text of the next frame, or null: see `interruption`. A reader keeps no frame that it has given. */
  next(): string | null
}

/**
 * `incomplete`: more bytes are needed. `bad_utf8`: a frame is complete, but no text, and the next one may follow. The
 * others are final: the stream makes no sense from here on.
 */
export type Interruption = 'incomplete' | 'bad_utf8' | 'too_large' | 'bad_length'

export type Framing = 'ndjson' | 'length-prefixed'

const SPACE = 0x20
const TAB = 0x09
const LINE_FEED = 0x0a
const CARRIAGE_RETURN = 0x0d
const OPENING_BRACE = 0x7b

/** [protocol 3, framing] Tells the framing by a connection's first byte; null: it speaks something else. */
export function detectFraming(firstByte: number): Framing | null {
  switch (firstByte) {
    case OPENING_BRACE:
    case SPACE:
    case TAB:
    case LINE_FEED:
    case CARRIAGE_RETURN:
      return 'ndjson'
    case 0:
      return 'length-prefixed'
    default:
      return null
  }
}
