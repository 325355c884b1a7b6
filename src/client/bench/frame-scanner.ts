import type {Framing} from '../../protocol/frame-reader.js'
import {MAX_SERVER_FRAME_BYTES} from '../../protocol/limits.js'
import {PREFIX_BYTES} from '../encode-frame.js'

const LINE_FEED = 0x0a
const BRACE = 0x7b
/** Where the value of `type` begins in the frames of a `gs` server, after `{"type":"`. */
const TYPE_AT = 9
const CHAT = Buffer.from('chat"')
/** What the protocol allows and something for a newer server. */
const MAX_FRAME_BYTES = MAX_SERVER_FRAME_BYTES + 16_384

/** Who gets the frames of a connection. */
export interface FrameSink {
  /** A `chat` frame, as bytes that are only lent. */
  chat(bytes: Buffer, start: number, end: number): void
  /** Any other frame. */
  other(text: string): void
}

/**
 * Cuts what a server sends into frames without making text of them: of a load of chat messages, nobody needs more than
 * their number and a few bytes. All other frames are rare and handed over as text.
 */
export class FrameScanner {
  #framing: Framing
  readonly #sink: FrameSink
  /** The beginning of a frame; at most `MAX_FRAME_BYTES` and one read. */
  #rest: Buffer | null = null
  #hasBegun = false

  constructor(framing: Framing, sink: FrameSink) {
    this.#framing = framing
    this.#sink = sink
  }

  /** Takes bytes that may be used again after the call. False: a frame is too long to be one. */
  push(chunk: Buffer): boolean {
    if (!this.#hasBegun) {
      this.#hasBegun = true
      // What a server says before it has seen a byte is a line.
      if (chunk[0] === BRACE) this.#framing = 'ndjson'
    }
    const bytes = this.#rest === null ? chunk : Buffer.concat([this.#rest, chunk])
    const at = this.#framing === 'ndjson' ? this.#takeLines(bytes) : this.#takePrefixed(bytes)
    this.#rest = at < bytes.length ? Buffer.from(bytes.subarray(at)) : null
    return this.#rest === null || this.#rest.length <= MAX_FRAME_BYTES
  }

  /** Where the first incomplete frame begins. */
  #takeLines(bytes: Buffer): number {
    let at = 0
    for (;;) {
      const end = bytes.indexOf(LINE_FEED, at)
      if (end === -1) return at
      this.#hand(bytes, at, end)
      at = end + 1
    }
  }

  #takePrefixed(bytes: Buffer): number {
    let at = 0
    while (bytes.length - at >= PREFIX_BYTES) {
      const start = at + PREFIX_BYTES
      const end = start + bytes.readUInt32BE(at)
      if (end > bytes.length) break
      this.#hand(bytes, start, end)
      at = end
    }
    return at
  }

  #hand(bytes: Buffer, start: number, end: number): void {
    if (isChat(bytes, start + TYPE_AT)) this.#sink.chat(bytes, start, end)
    else this.#sink.other(bytes.toString('utf8', start, end))
  }
}

function isChat(bytes: Buffer, at: number): boolean {
  for (let index = 0; index < CHAT.length; index += 1) if (bytes[at + index] !== CHAT[index]) return false
  return true
}
