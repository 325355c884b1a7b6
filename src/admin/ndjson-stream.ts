import {Readable} from 'node:stream'

/**
 * Events as lines of JSON, at the reader's pace. The source bounds what waits for a slow reader, drops the oldest and says
 * so; here nothing is kept but the line that is being written. Bytes are lines already.
 */
export function toNdjson(events: AsyncIterable<unknown>): Readable {
  return Readable.from(lines(events), {objectMode: false, highWaterMark: 16_384})
}

async function* lines(events: AsyncIterable<unknown>): AsyncGenerator<string | Uint8Array> {
  // A head goes out with the first byte only, and a stream may be quiet for long. Readers skip blank lines.
  yield '\n'
  for await (const event of events) yield event instanceof Uint8Array ? event : `${JSON.stringify(event)}\n`
}
