import {readFileSync} from 'node:fs'

/** Share of the descriptors that connections may take: files, the database and operators need some, too. */
const SHARE = 0.8

/**
 * The most connections that the process's limit on open files leaves room for. Where the kernel runs out the process is
 * not told: sockets are accepted and closed without an event.
 */
export function maxConnectionsByDescriptors(limitsFile = '/proc/self/limits'): number {
  let text: string
  try {
    text = readFileSync(limitsFile, 'utf8')
  } catch {
    // Only Linux has the file; elsewhere the configured limit stands alone.
    return Number.POSITIVE_INFINITY
  }
  const softLimit = /^Max open files\s+(\d+)/m.exec(text)?.[1]
  return softLimit === undefined ? Number.POSITIVE_INFINITY : Math.floor(Number(softLimit) * SHARE)
}
