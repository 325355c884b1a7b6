import {isUtf8} from 'node:buffer'

import type {FrameReader, Interruption} from './frame-reader.js'
import {PartialFrame} from './partial-frame.js'

/** Bytes of the length in front of each frame: 32 bits, big-endian. */
export const PREFIX_BYTES = 4
const NOTHING = Buffer.alloc(0)

/** [protocol 3, framing] Length-prefixed JSON. A length of 0 or over the limit ends the stream before its bytes count. */
export class PrefixReader implements FrameReader {
  maxFrameBytes: number
  sizeBytes = 0
  interruption: Interruption = 'incomplete'

  #chunk: Buffer = NOTHING
  #at = 0
  /** Prefix and body of an unfinished frame, as far as they have come. */
  #partial: PartialFrame | null = null

  constructor(maxFrameBytes: number) {
    this.maxFrameBytes = maxFrameBytes
  }

  get hasPartialFrame(): boolean {
    return this.#partial !== null
  }

  push(chunk: Buffer): void {
    const isDrained = this.#at === this.#chunk.length
    this.#chunk = isDrained ? chunk : Buffer.concat([this.#chunk.subarray(this.#at), chunk])
    this.#at = 0
  }

  keepRest(): void {
    this.#chunk = this.#at === this.#chunk.length ? NOTHING : Buffer.from(this.#chunk.subarray(this.#at))
    this.#at = 0
  }

  next(): string | null {
    if (this.#at === this.#chunk.length) return this.#finishChunk()
    if (this.#partial !== null) return this.#continuePartial(this.#partial)

    const availableBytes = this.#chunk.length - this.#at
    if (availableBytes < PREFIX_BYTES) return this.#beginPartial()
    const length = this.#chunk.readUInt32BE(this.#at)
    const problem = this.#judge(length)
    if (problem !== null) return this.#interrupt(problem)
    if (availableBytes < PREFIX_BYTES + length) return this.#beginPartial()

    const start = this.#at + PREFIX_BYTES
    this.#at = start + length
    return this.#give(this.#chunk.subarray(start, this.#at))
  }

  #continuePartial(partial: PartialFrame): string | null {
    if (!this.#fill(partial, PREFIX_BYTES)) return this.#finishChunk()
    const length = partial.bytes().readUInt32BE(0)
    const problem = this.#judge(length)
    if (problem !== null) return this.#interrupt(problem)
    if (!this.#fill(partial, PREFIX_BYTES + length)) return this.#finishChunk()
    this.#partial = null
    return this.#give(partial.bytes().subarray(PREFIX_BYTES))
  }

  /** Takes bytes until the partial frame has `targetBytes`; false: the chunk ended before. */
  #fill(partial: PartialFrame, targetBytes: number): boolean {
    const missing = targetBytes - partial.length
    if (missing <= 0) return true
    const end = Math.min(this.#at + missing, this.#chunk.length)
    partial.append(this.#chunk, this.#at, end)
    this.#at = end
    return partial.length === targetBytes
  }

  #judge(length: number): Interruption | null {
    if (length === 0) return 'bad_length'
    return length > this.maxFrameBytes ? 'too_large' : null
  }

  #beginPartial(): null {
    this.#partial = new PartialFrame()
    this.#partial.append(this.#chunk, this.#at, this.#chunk.length)
    return this.#finishChunk()
  }

  /** Lets go of the chunk, so that an idle connection does not hold it. */
  #finishChunk(): null {
    this.#chunk = NOTHING
    this.#at = 0
    return this.#interrupt('incomplete')
  }

  #give(body: Buffer): string | null {
    this.sizeBytes = body.length
    return isUtf8(body) ? body.toString('utf8') : this.#interrupt('bad_utf8')
  }

  #interrupt(interruption: Interruption): null {
    this.interruption = interruption
    return null
  }
}
