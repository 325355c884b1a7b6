import type {KeyObject} from 'node:crypto'

import {MAX_ID} from '../protocol/limits.js'

const RULES = {algorithms: ['HS256'], requiredClaims: ['sub', 'exp']}

/** Resolves to the user id that a token proves, or null when it proves none at `nowMs`, wall time. */
export type TokenVerifier = (token: string, nowMs: number) => Promise<number | null>

/**
 * Checks tokens: JWT, HS256 only, `exp` required, `sub` the user id in decimal. Every failure looks the same, so that
 * nothing can be learned by trying.
 */
export async function createTokenVerifier(secret: KeyObject): Promise<TokenVerifier> {
  const {jwtVerify} = await import('jose')
  return async (token, nowMs) => {
    try {
      const currentDate = new Date(nowMs)
      const {payload} = await jwtVerify(token, secret, {...RULES, currentDate})
      return parseUserId(payload.sub)
    } catch {
      // Whatever is wrong with a token, the answer is the same.
      return null
    }
  }
}

function parseUserId(subject: unknown): number | null {
  if (typeof subject !== 'string' || !/^[1-9]\d{0,9}$/.test(subject)) return null
  const userId = Number(subject)
  return userId <= MAX_ID ? userId : null
}
