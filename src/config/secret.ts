import {createSecretKey, type KeyObject} from 'node:crypto'
import {open} from 'node:fs/promises'
import {GsError} from '../errors.js'
import {fileFault} from '../util/file-fault.js'
import {visibleText} from '../util/visible-text.js'
import {SECRET_VARIABLE} from './environment.js'
import {ConfigError} from './problems.js'

/** HS256 signs with 256 bits; a shorter secret weakens it. */
const MIN_SECRET_BYTES = 32
const MAX_SECRET_BYTES = 65_536

/**
 * Reads the secret that signs tokens, from the file or from `GS_AUTH_SECRET`; null when there is neither. Line breaks at
 * its end are not part of it. A `KeyObject` does not show its bytes when it is printed or logged.
 *
 * @throws {ConfigError} config_invalid when both are given.
 * @throws {GsError} secret_missing when the file cannot be read; secret_unsafe when others can read it, or when the
 * secret has less than 32 bytes.
 */
export async function loadSecret({
  secretFile,
  env,
}: {
  secretFile: string | null
  env: NodeJS.ProcessEnv
}): Promise<KeyObject | null> {
  const variable = env[SECRET_VARIABLE] || undefined
  if (variable !== undefined && secretFile !== null) {
    const reason = `${SECRET_VARIABLE} is set, too; only one of the two can hold the secret`
    throw new ConfigError([{key: 'auth.secretFile', origin: '', reason}])
  }
  if (variable !== undefined) return toKey(Buffer.from(variable), SECRET_VARIABLE)
  if (secretFile !== null) return toKey(await readSecretFile(secretFile), `the file ${visibleText(secretFile)}`)
  return null
}

async function readSecretFile(path: string): Promise<Buffer> {
  const shown = visibleText(path)
  try {
    // One handle for both questions: what is checked is what is read.
    await using file = await open(path)
    const {mode, size} = await file.stat()
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
      const octal = (mode & 0o777).toString(8).padStart(4, '0')
      throw new GsError('secret_unsafe', `the secret in ${shown} is open to others (mode ${octal})`, {
        hint: `Run: chmod 600 ${shown}`,
      })
    }
    if (size > MAX_SECRET_BYTES)
      throw new GsError('secret_unsafe', `${shown} is too large for a secret (${size} bytes)`)
    return await file.readFile()
  } catch (error) {
    if (GsError.is(error)) throw error
    throw new GsError('secret_missing', `cannot read the secret in ${shown}: ${fileFault(error)}`, {cause: error})
  }
}

function toKey(bytes: Buffer, place: string): KeyObject {
  let end = bytes.length
  while (end > 0 && (bytes[end - 1] === 0x0a || bytes[end - 1] === 0x0d)) end -= 1
  if (end < MIN_SECRET_BYTES) {
    throw new GsError(
      'secret_unsafe',
      `the secret in ${place} has ${end} bytes; at least ${MIN_SECRET_BYTES} are needed`,
      {
        hint: 'Make one with: head -c 32 /dev/urandom | base64',
      },
    )
  }
  return createSecretKey(bytes.subarray(0, end))
}
