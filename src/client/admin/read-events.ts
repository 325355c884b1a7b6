import {GsError} from '../../errors.js'
import {LineReader} from '../../protocol/line-reader.js'

/** Longest line of a stream. */
const MAX_LINE_BYTES = 1_048_576

/**
 * The events of a stream of lines. Blank lines, which only keep a connection alive, are skipped.
 *
 * @throws {GsError} version_mismatch when a line is too long or no object.
 */
export async function* readEvents<Event>(chunks: AsyncIterable<Buffer>): AsyncGenerator<Event, void, void> {
  const reader = new LineReader(MAX_LINE_BYTES)
  for await (const chunk of chunks) {
    reader.push(chunk)
    for (let line = reader.next(); line !== null; line = reader.next()) yield parseEvent<Event>(line)
    if (reader.interruption !== 'incomplete') {
      throw noEvent(reader.interruption === 'too_large' ? `of more than ${MAX_LINE_BYTES} bytes` : 'no text')
    }
  }
}

function parseEvent<Event>(line: string): Event {
  let event: unknown
  try {
    event = JSON.parse(line)
  } catch (error) {
    throw noEvent('no JSON', error)
  }
  if (typeof event !== 'object' || event === null) throw noEvent('no object')
  return event as Event
}

function noEvent(what: string, cause?: unknown): GsError {
  return new GsError('version_mismatch', `the server sent a line that is no event: ${what}`, {
    ...(cause !== undefined && {cause}),
    hint: 'Use the gs that belongs to the server.',
  })
}
