import type {Framing} from '../../protocol/frame-reader.js'
import {linesToPrefixed} from '../../protocol/framing.js'

/**
 * Frames to one room within one turn, for one set of members. Every member holds the same segment, so its bytes exist
 * once for each framing, however many members there are.
 *
 * Frames are added until the segment is sealed, which is when the set of members changes or the turn ends.
 */
export class Segment {
  frameCount = 0
  /** Complete lines. */
  #text = ''
  #lines: Buffer | null = null
  #prefixed: Buffer | null = null

  add(line: string): void {
    this.#text += line
    this.frameCount += 1
  }

  /** The bytes to write. Only for a sealed segment: what is added later would be lost. */
  bytes(framing: Framing): Buffer {
    this.#lines ??= Buffer.from(this.#text)
    if (framing === 'ndjson') return this.#lines
    this.#prefixed ??= linesToPrefixed(this.#lines)
    return this.#prefixed
  }
}
