import {userInfo} from 'node:os'

/** Who types, for the audit. */
export function actorName(): string {
  try {
    return userInfo().username
  } catch {
    // An account that has no name has a number.
    return `uid ${process.getuid?.() ?? 'unknown'}`
  }
}
