import {SignJWT} from 'jose'
import {type FlagValue, loadConfig} from '../config/load.js'
import {loadSecret} from '../config/secret.js'
import type {Clock} from '../contract/clock.js'
import {GsError} from '../errors.js'

export interface IssuedToken {
  readonly token: string
  readonly userId: number
  /** ISO 8601, UTC. */
  readonly expiresAt: string
}

const MIN_LIFETIME_MS = 1000
const MAX_LIFETIME_MS = 3650 * 86_400_000

/**
 * Signs a token (JWT, HS256) with which a user can say hello. The secret is the one the server checks tokens by; a file
 * named by a flag goes before `GS_AUTH_SECRET`.
 *
 * `lifetimeMs` is 1 s to 3650 days; a token counts in whole seconds.
 *
 * @throws {GsError} usage for a lifetime out of range; secret_missing, secret_unsafe; config_invalid.
 */
export async function issueToken(options: {
  userId: number
  lifetimeMs: number
  clock: Clock
  cwd: string
  file: string | undefined
  env: NodeJS.ProcessEnv
  flags: readonly FlagValue[]
}): Promise<IssuedToken> {
  const {userId, lifetimeMs, clock, env} = options
  if (lifetimeMs < MIN_LIFETIME_MS || lifetimeMs > MAX_LIFETIME_MS) {
    throw new GsError('usage', 'a token lives for 1s to 3650d')
  }
  const {config, origins} = await loadConfig(options)
  const isFileFromFlag = origins.get('auth.secretFile')?.startsWith('flag ')
  const secret = await loadSecret({secretFile: config.auth.secretFile, env: isFileFromFlag ? {} : env})
  if (secret === null) {
    throw new GsError('secret_missing', 'there is no secret to sign with', {
      hint: 'Set GS_AUTH_SECRET or auth.secretFile, or pass --secret-file.',
    })
  }
  const issuedAt = Math.floor(clock.nowMs() / 1000)
  const expiresAt = issuedAt + Math.floor(lifetimeMs / 1000)
  const token = await new SignJWT()
    .setProtectedHeader({alg: 'HS256', typ: 'JWT'})
    .setSubject(String(userId))
    .setIssuedAt(issuedAt)
    .setExpirationTime(expiresAt)
    .sign(secret)
  return {token, userId, expiresAt: new Date(expiresAt * 1000).toISOString()}
}
