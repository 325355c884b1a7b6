import {randomUUID} from 'node:crypto'
import {open, rename, rm} from 'node:fs/promises'
import {GsError} from '../errors.js'
import {fileFault} from './file-fault.js'

/**
 * Writes a file so that others see the old content or the new, never a part.
 *
 * @throws {GsError} file_unwritable; nothing is left behind then.
 */
export async function writeFileAtomically(path: string, content: string): Promise<void> {
  const temporaryPath = `${path}.${randomUUID()}.tmp`
  try {
    {
      await using file = await open(temporaryPath, 'wx')
      await file.writeFile(content)
      await file.sync()
    }
    await rename(temporaryPath, path)
  } catch (error) {
    await rm(temporaryPath, {force: true})
    throw new GsError('file_unwritable', `cannot write ${path}: ${fileFault(error)}`, {cause: error})
  }
}
