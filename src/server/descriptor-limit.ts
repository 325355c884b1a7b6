import {readdirSync, readFileSync} from 'node:fs'

/** Share of the descriptors that connections may take: files, the database and operators need some, too. */
const SHARE = 0.8
/** Kept free in any case: for what is opened later, and for connections that have not finished closing. */
const RESERVE = 32
const LINGERING_SHARE = 0.1
const LEAST_LINGERING = 16

export interface DescriptorShares {
  readonly connections: number
  /** Connections that were closed and have not finished. */
  readonly lingering: number
}

/**
 * What the process's limit on open files leaves room for. Where the kernel runs out the process is not told: sockets are
 * accepted and closed without an event.
 */
export function shareDescriptors(): DescriptorShares {
  const limit = readSoftLimit()
  if (limit === null) return {connections: Number.POSITIVE_INFINITY, lingering: Number.POSITIVE_INFINITY}
  // Under a low limit, what Node itself has open is more than the rest of the share.
  const free = limit - readdirSync('/proc/self/fd').length - RESERVE
  return {
    connections: Math.max(1, Math.min(Math.floor(limit * SHARE), free)),
    lingering: Math.max(LEAST_LINGERING, Math.floor(limit * LINGERING_SHARE)),
  }
}

function readSoftLimit(): number | null {
  try {
    const limits = readFileSync('/proc/self/limits', 'utf8')
    const softLimit = /^Max open files\s+(\d+)/m.exec(limits)?.[1]
    return softLimit === undefined ? null : Number(softLimit)
  } catch {
    // Only Linux has the file; elsewhere the configured limit stands alone.
    return null
  }
}
