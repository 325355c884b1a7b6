import {existsSync} from 'node:fs'
import {join} from 'node:path'
import {SEARCH_PLACES} from '../config/file.js'
import {sampleFile} from '../config/sample-file.js'
import {GsError} from '../errors.js'
import {writeFileAtomically} from '../util/write-file-atomically.js'

const NAME = 'gs.config.yaml'

/**
 * Writes a `gs.config.yaml` with every key explained and commented out.
 *
 * @throws {GsError} file_exists when there is one and `isForced` is not given, or when another file goes before it;
 * file_unwritable.
 */
export async function initConfig({cwd, isForced}: {cwd: string; isForced: boolean}): Promise<{file: string}> {
  const file = join(cwd, NAME)
  // Written past it, the new file would never be read.
  const other = SEARCH_PLACES.slice(0, SEARCH_PLACES.indexOf(NAME)).find(place => existsSync(join(cwd, place)))
  if (other !== undefined) {
    throw new GsError('file_exists', `${join(cwd, other)} goes before a ${NAME}`, {hint: 'Move it away first.'})
  }
  if (!isForced && existsSync(file)) {
    throw new GsError('file_exists', `${file} exists`, {hint: 'Pass --force to overwrite it.'})
  }
  await writeFileAtomically(file, sampleFile())
  return {file}
}
