import type {Framing} from '../protocol/frame-reader.js'

/** Length of what stands before a length-prefixed frame. */
export const PREFIX_BYTES = 4

/** A message as it goes on the wire. */
export function encodeFrame(message: object, framing: Framing): Buffer {
  const json = JSON.stringify(message)
  if (framing === 'ndjson') return Buffer.from(`${json}\n`)
  const sizeBytes = Buffer.byteLength(json)
  const frame = Buffer.allocUnsafe(PREFIX_BYTES + sizeBytes)
  frame.writeUInt32BE(sizeBytes)
  frame.write(json, PREFIX_BYTES)
  return frame
}
