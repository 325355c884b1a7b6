/** What each exit status of a command says. */
export const EXIT_STATUSES: ReadonlyArray<readonly [status: number, meaning: string]> = [
  [0, 'done'],
  [1, 'it ran and failed'],
  [2, 'wrong usage or configuration'],
  [3, 'no such thing: a user, a room, a plugin'],
  [4, 'not permitted'],
  [5, 'no server can be reached, or it does not answer'],
  [6, 'the plugin is not enabled'],
  [7, 'command and server do not understand each other'],
]
