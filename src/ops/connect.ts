import {readFile} from 'node:fs/promises'
import type {GsClientOptions} from '../client/client-options.js'
import {GsError} from '../errors.js'
import {fileFault} from '../util/file-fault.js'
import {visibleText} from '../util/visible-text.js'

/** Whom to connect to, and as whom. */
export type ConnectTarget = Pick<
  GsClientOptions,
  'host' | 'port' | 'userId' | 'nickname' | 'token' | 'framing' | 'connectTimeoutMs'
>

/** A token is some hundred bytes; this is a file that somebody named by mistake. */
const MAX_TOKEN_BYTES = 16_384

/**
 * Reads the token for the hello: from `file`, else from `GS_TOKEN`; undefined when there is neither.
 *
 * @throws {GsError} secret_missing when the file cannot be read or is empty.
 */
export async function readToken({
  file,
  env,
}: {
  file: string | undefined
  env: NodeJS.ProcessEnv
}): Promise<string | undefined> {
  if (file === undefined) return env.GS_TOKEN || undefined
  const shown = visibleText(file)
  try {
    const token = (await readFile(file, 'utf8')).trim()
    if (token === '') throw new GsError('secret_missing', `there is no token in ${shown}`)
    if (token.length > MAX_TOKEN_BYTES) throw new GsError('secret_missing', `${shown} is too long for a token`)
    return token
  } catch (error) {
    if (GsError.is(error)) throw error
    throw new GsError('secret_missing', `cannot read the token in ${shown}: ${fileFault(error)}`, {
      cause: error,
      hint: 'Write one with "gs token issue USER > FILE", or set GS_TOKEN.',
    })
  }
}
