import {readFile} from 'node:fs/promises'
import {endianness} from 'node:os'
import {GsError} from '../errors.js'
import {fileFault} from '../util/file-fault.js'
import {visibleText} from '../util/visible-text.js'

/** The first line of a trace; hashes of four bytes, little-endian, follow. */
const FORMAT = 'gs-cache-trace 1'
const BYTES_PER_HASH = 4
const NEWLINE = 0x0a

/** A trace as it stands in a file. */
export function encodeTrace({hashes, dropped}: {hashes: Uint8Array; dropped: number}): Buffer {
  return Buffer.concat([Buffer.from(`${FORMAT} dropped=${dropped}\n`), hashes])
}

/**
 * The hashes of a trace, oldest first.
 *
 * @throws {GsError} usage for a file that cannot be read, or is no trace.
 */
export async function readTraceFile(path: string): Promise<Uint32Array> {
  const shown = visibleText(path)
  const content = await readFile(path).catch(error => {
    throw new GsError('usage', `cannot read ${shown}: ${fileFault(error)}`, {cause: error})
  })
  const end = content.indexOf(NEWLINE)
  const body = content.subarray(end + 1)
  if (!content.subarray(0, Math.max(0, end)).toString().startsWith(FORMAT) || body.length % BYTES_PER_HASH !== 0) {
    throw new GsError('usage', `${shown} is no trace of a cache`, {hint: 'gs cache trace stop FILE writes one.'})
  }
  const bytes = Buffer.from(body)
  if (endianness() === 'BE') bytes.swap32()
  return new Uint32Array(new Uint8Array(bytes).buffer)
}
