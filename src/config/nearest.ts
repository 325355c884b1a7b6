import {closest, distance} from 'fastest-levenshtein'

/** The candidate that `name` was probably meant to be; undefined when none is near (two edits in five characters). */
export function nearest(name: string, candidates: readonly string[]): string | undefined {
  if (candidates.length === 0 || name.length > 100) return undefined
  const byLowerCase = new Map(candidates.map(candidate => [candidate.toLowerCase(), candidate]))
  const best = closest(name.toLowerCase(), [...byLowerCase.keys()])
  const isSwapped = sortedLetters(name) === sortedLetters(best)
  const isNear = distance(name.toLowerCase(), best) <= Math.max(1, Math.floor(Math.max(name.length, best.length) * 0.4))
  return isNear || isSwapped ? byLowerCase.get(best) : undefined
}

/** Two swapped letters are two edits, but one slip of the fingers: `fro` for `for`. */
function sortedLetters(name: string): string {
  return Array.from(name.toLowerCase()).sort().join('')
}
