import {setTimeout as pause} from 'node:timers/promises'

const PATIENCE_MS = 10_000

/** Waits for a condition that nobody reports. */
export async function until(isMet: () => boolean, what: string): Promise<void> {
  const deadlineMs = Date.now() + PATIENCE_MS
  while (!isMet()) {
    if (Date.now() > deadlineMs) throw new Error(`waited in vain: ${what}`)
    await pause(2)
  }
}
