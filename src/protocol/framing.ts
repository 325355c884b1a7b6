import type {FrameReader, Framing} from './frame-reader.js'
import {LineReader} from './line-reader.js'
import {PREFIX_BYTES, PrefixReader} from './prefix-reader.js'

const LINE_FEED = 0x0a

export function createFrameReader(framing: Framing, maxFrameBytes: number): FrameReader {
  return framing === 'ndjson' ? new LineReader(maxFrameBytes) : new PrefixReader(maxFrameBytes)
}

/**
 * Turns lines of JSON into the same frames with length prefixes. JSON text has no raw newline in it, so the newlines are
 * exactly the frame ends, and the JSON need not be encoded a second time.
 */
export function linesToPrefixed(lines: Buffer): Buffer {
  const ends: number[] = []
  for (let at = lines.indexOf(LINE_FEED); at !== -1; at = lines.indexOf(LINE_FEED, at + 1)) ends.push(at)
  // Each newline goes, each frame gains a prefix.
  const prefixed = Buffer.allocUnsafe(lines.length + ends.length * (PREFIX_BYTES - 1))
  let start = 0
  let at = 0
  for (const end of ends) {
    at = prefixed.writeUInt32BE(end - start, at)
    at += lines.copy(prefixed, at, start, end)
    start = end + 1
  }
  return prefixed
}
