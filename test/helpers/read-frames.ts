import type {FrameReader, Interruption} from '../../src/protocol/frame-reader.js'

/** A frame's text, or what came instead of one. */
export type Reading = string | Exclude<Interruption, 'incomplete'>

/** Pushes chunk after chunk and pulls all there is after each, until the stream ends for good. */
export function readFrames(reader: FrameReader, chunks: Iterable<Buffer>): Reading[] {
  const readings: Reading[] = []
  for (const chunk of chunks) {
    reader.push(chunk)
    for (;;) {
      const text = reader.next()
      if (text === null && reader.interruption === 'incomplete') break
      readings.push(text ?? reader.interruption)
      if (text === null && reader.interruption !== 'bad_utf8') return readings
    }
  }
  return readings
}

/** The bytes in two chunks, cut at `at`. */
export function cutAt(bytes: Buffer, at: number): Buffer[] {
  return [bytes.subarray(0, at), bytes.subarray(at)].filter(chunk => chunk.length > 0)
}

/** Each byte in a chunk of its own. */
export function byteByByte(bytes: Buffer): Buffer[] {
  return Array.from(bytes, byte => Buffer.of(byte))
}

/** A body with its length in front, or with `announcedBytes` instead of its length. */
export function prefixed(body: Buffer | string, announcedBytes = Buffer.byteLength(body)): Buffer {
  const prefix = Buffer.alloc(4)
  prefix.writeUInt32BE(announcedBytes)
  return Buffer.concat([prefix, Buffer.from(body)])
}
