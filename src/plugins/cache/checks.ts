import {GsError} from '../../errors.js'
import {visibleText} from '../../util/visible-text.js'
import {isGameKey} from './kept-game.js'

const MAX_KEY_CHARACTERS = 256
const MAX_TTL_MS = 31_536_000_000

/** @throws {GsError} usage for what is no key, and for keys of games. */
export function checkOwnKey(key: string): void {
  if (typeof key === 'string' && key.length >= 1 && key.length <= MAX_KEY_CHARACTERS) {
    if (!isGameKey(key)) return
    throw new GsError('usage', `the key ${visibleText(key)} belongs to a game, and only the game writes it`)
  }
  const got = typeof key === 'string' ? `${key.length}` : `a ${typeof key}`
  throw new GsError('usage', `a key must be text of 1 to ${MAX_KEY_CHARACTERS} characters, got ${got}`)
}

/** @throws {GsError} usage for what is no time to live; `leastMs` is the shortest that is one. */
export function checkTtl(name: string, ttlMs: number, leastMs: number): void {
  if (ttlMs >= leastMs && ttlMs <= MAX_TTL_MS) return
  throw new GsError('usage', `${name} must be a number from ${leastMs} to ${MAX_TTL_MS}, got ${ttlMs}`)
}

/** @throws {GsError} usage for a size that is no whole number in its range. */
export function checkSize(name: string, value: number, {min, max}: {min: number; max: number}): void {
  if (Number.isInteger(value) && value >= min && value <= max) return
  throw new GsError('usage', `${name} must be a whole number from ${min} to ${max}, got ${value}`)
}
