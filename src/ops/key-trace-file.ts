import {open, readFile} from 'node:fs/promises'
import {endianness} from 'node:os'
import {GsError} from '../errors.js'
import {visibleText} from '../util/visible-text.js'

/** The first line of a trace; hashes of four bytes, little-endian, follow. */
const FORMAT = 'gs-cache-trace 1'
const BYTES_PER_HASH = 4
const NEWLINE = 0x0a

export interface TraceFile {
  write(trace: {hashes: Uint8Array; dropped: number}): Promise<void>
}

/**
 * Makes a file for a trace, empty so far.
 *
 * @throws {GsError} file_exists, file_unwritable.
 */
export async function createTraceFile(path: string): Promise<TraceFile> {
  const shown = visibleText(path)
  const unwritable = (error: unknown) =>
    new GsError('file_unwritable', `cannot write ${shown}: ${(error as Error).message}`, {cause: error})
  const file = await open(path, 'wx', 0o600).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw unwritable(error)
    throw new GsError('file_exists', `${shown} is there already`, {cause: error, hint: 'Take another name.'})
  })
  return {
    async write({hashes, dropped}) {
      try {
        await file.writeFile(Buffer.concat([Buffer.from(`${FORMAT} dropped=${dropped}\n`), hashes]))
      } catch (error) {
        throw unwritable(error)
      } finally {
        await file.close()
      }
    },
  }
}

/**
 * The hashes of a trace, oldest first.
 *
 * @throws {GsError} usage for a file that cannot be read, or is no trace.
 */
export async function readTraceFile(path: string): Promise<Uint32Array> {
  const shown = visibleText(path)
  const content = await readFile(path).catch(error => {
    throw new GsError('usage', `cannot read ${shown}: ${error.message}`, {cause: error})
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
