import {readlinkSync} from 'node:fs'
import {setPriority} from 'node:os'

/** Behind a server on the same machine. */
export const LOW_PRIORITY = 10

/**
 * Lets other threads go first where they want the same core, the server's own above all: a batch is written a few
 * milliseconds later, and no message waits for it. Only Linux has priorities of threads, and names the thread that asks;
 * elsewhere, and where a sandbox forbids it, nothing changes.
 */
export function lowerThreadPriority(): void {
  if (process.platform !== 'linux') return
  try {
    const [pid, , thread] = readlinkSync('/proc/thread-self').split('/').map(Number)
    // A `/proc` from another namespace would name somebody else's thread.
    if (pid === process.pid && thread !== undefined) setPriority(thread, LOW_PRIORITY)
  } catch {
    // It works as well without, and there is nobody to tell.
  }
}
