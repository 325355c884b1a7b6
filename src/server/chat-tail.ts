/** Milliseconds of the last tail, and that. All that is said within a millisecond ends in the same way. */
let lastMs = Number.NaN
let lastTail = ''

/** What follows the text in a `chat` frame that was read at this time, in milliseconds since the epoch. */
export function chatTail(atMs: number): string {
  if (atMs !== lastMs) {
    lastMs = atMs
    // Joined, and so in one piece: a string that was added up is put together again with every use.
    lastTail = ['","timestamp":', atMs, '}\n'].join('')
  }
  return lastTail
}
