import {isAscii, isUtf8} from 'node:buffer'

import type {FrameReader, Interruption} from './frame-reader.js'
import {PartialFrame} from './partial-frame.js'

const LINE_FEED = 0x0a
const NOTHING = Buffer.alloc(0)
/** Stands for a blank line, and for text that is yet to be cut into lines: no frame is empty. */
const NOT_YET = ''

/**
 * [protocol 3, framing] Newline-delimited JSON: one object a line, a carriage return before the newline tolerated,
 * blank lines ignored.
 *
 * The usual chunk is ASCII and holds whole lines. Its text is then decoded once for all of them, and each line is a
 * slice of it: one call into native code a read, not three a line.
 */
export class LineReader implements FrameReader {
  maxFrameBytes: number
  sizeBytes = 0
  interruption: Interruption = 'incomplete'

  #chunk: Buffer = NOTHING
  #at = 0
  /** The chunk's whole lines as text, when they are ASCII; always ends with a newline. */
  #lines = ''
  #linesAt = 0
  /** The current chunk has other than ASCII in it, so its lines are cut and checked one by one. */
  #isMixed = false
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
    this.#isMixed = false
  }

  keepRest(): void {
    this.#chunk = this.#at === this.#chunk.length ? NOTHING : Buffer.from(this.#chunk.subarray(this.#at))
    this.#at = 0
  }

  next(): string | null {
    for (;;) {
      const line = this.#linesAt < this.#lines.length ? this.#nextOfLines() : this.#nextOfChunk()
      if (line !== NOT_YET) return line
    }
  }

  #nextOfLines(): string | null {
    const start = this.#linesAt
    const end = this.#lines.indexOf('\n', start)
    this.#linesAt = end + 1
    if (end - start > this.maxFrameBytes) return this.#interrupt('too_large')
    return this.#give(this.#lines.slice(start, end), end - start)
  }

  #nextOfChunk(): string | null {
    if (this.#at === this.#chunk.length) return this.#finishChunk()
    if (this.#partial !== null) return this.#continuePartial(this.#partial)

    if (this.#isMixed) return this.#nextMixedLine()
    const chunk = this.#chunk
    const end = chunk[chunk.length - 1] === LINE_FEED ? chunk.length : chunk.lastIndexOf(LINE_FEED) + 1
    if (end <= this.#at) return this.#beginPartial()

    const isWhole = this.#at === 0 && end === chunk.length
    if (!isAscii(isWhole ? chunk : chunk.subarray(this.#at, end))) {
      this.#isMixed = true
      return NOT_YET
    }
    this.#lines = chunk.toString('latin1', this.#at, end)
    this.#linesAt = 0
    this.#at = end
    return NOT_YET
  }

  #nextMixedLine(): string | null {
    const end = this.#chunk.indexOf(LINE_FEED, this.#at)
    if (end === -1) return this.#beginPartial()
    const line = this.#chunk.subarray(this.#at, end)
    this.#at = end + 1
    return this.#giveBytes(line)
  }

  #continuePartial(partial: PartialFrame): string | null {
    const newline = this.#chunk.indexOf(LINE_FEED, this.#at)
    const end = newline === -1 ? this.#chunk.length : newline
    if (partial.length + end - this.#at > this.maxFrameBytes) return this.#interrupt('too_large')
    partial.append(this.#chunk, this.#at, end)
    if (newline === -1) {
      this.#at = end
      return this.#finishChunk()
    }
    this.#at = newline + 1
    this.#partial = null
    return this.#giveBytes(partial.bytes())
  }

  /** The rest of the chunk is the beginning of a line. */
  #beginPartial(): null {
    if (this.#chunk.length - this.#at > this.maxFrameBytes) return this.#interrupt('too_large')
    this.#partial = new PartialFrame()
    this.#partial.append(this.#chunk, this.#at, this.#chunk.length)
    return this.#finishChunk()
  }

  /** Lets go of the chunk and its text, so that an idle connection holds neither. */
  #finishChunk(): null {
    this.#chunk = NOTHING
    this.#at = 0
    this.#lines = ''
    this.#linesAt = 0
    return this.#interrupt('incomplete')
  }

  #giveBytes(line: Buffer): string | null {
    if (line.length > this.maxFrameBytes) return this.#interrupt('too_large')
    if (isUtf8(line)) return this.#give(line.toString('utf8'), line.length)
    this.sizeBytes = line.length
    return this.#interrupt('bad_utf8')
  }

  #give(line: string, sizeBytes: number): string {
    // A line of an object starts with its brace; only others can be blank.
    if (line.charCodeAt(0) !== 0x7b && line.trim() === '') return NOT_YET
    this.sizeBytes = sizeBytes
    return line
  }

  #interrupt(interruption: Interruption): null {
    this.interruption = interruption
    return null
  }
}
