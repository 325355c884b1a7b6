import {join} from 'node:path'
import {isoTime} from '../../util/iso-time.js'
import {writeFileAtomically} from '../../util/write-file-atomically.js'
import {toTopRecord} from './top-record.js'
import type {TopSample} from './top-sample.js'

/**
 * Writes what is shown to a file of its own in `folder`, named after the server and the time; returns its path.
 *
 * @throws {GsError} file_unwritable
 */
export async function writeSnapshot(
  sample: TopSample,
  {folder, nowMs}: {folder: string; nowMs: number},
): Promise<string> {
  const time = isoTime(nowMs).replaceAll(/[-:]/g, '')
  const path = join(folder, `gs-top-${sample.status.name}-${time}.json`)
  await writeFileAtomically(path, `${JSON.stringify(toTopRecord(sample), null, 2)}\n`)
  return path
}
