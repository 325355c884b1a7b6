import {MAX_NICKNAME_CHARACTERS} from './limits.js'

// Control characters, line separators, and the characters that reorder the text around them.
const FORBIDDEN = /[\p{Cc}\u2028\u2029\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]/u
const VISIBLE = /[\p{L}\p{M}\p{N}\p{P}\p{S}]/u

/** [protocol 3] Says what is wrong with a nickname, or null. */
export function findNicknameProblem(nickname: unknown): string | null {
  if (typeof nickname !== 'string') return 'nickname must be a string'
  if (!nickname.isWellFormed()) return 'nickname has a lone surrogate'
  // The first test keeps the counting of characters off very long strings.
  if (nickname.length > 2 * MAX_NICKNAME_CHARACTERS || [...nickname].length > MAX_NICKNAME_CHARACTERS) {
    return `nickname must be at most ${MAX_NICKNAME_CHARACTERS} characters`
  }
  if (FORBIDDEN.test(nickname)) return 'nickname must not have control or text-direction characters'
  return VISIBLE.test(nickname) ? null : 'nickname must have a visible character'
}
