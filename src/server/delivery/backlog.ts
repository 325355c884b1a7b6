/** A connection with unsent bytes. */
export interface Laggard {
  /** Bytes that the socket has accepted and the kernel has not. */
  readonly unsentBytes: number
  /** Monotonic time since which more than the soft limit is unsent, or null. */
  unsentOverSoftSinceMs: number | null
}

export interface BacklogLimits {
  readonly unsentHardBytes: number
  readonly unsentSoftBytes: number
  readonly unsentSoftMs: number
  readonly unsentTotalBytes: number
}

/**
 * Watches the bytes that readers have not taken, and names those who must go. Nothing ever waits for a reader: who falls
 * too far behind is evicted, and the rest does not notice.
 */
export class Backlog<Connection extends Laggard> {
  readonly #limits: BacklogLimits
  /** Connections that had unsent bytes when last looked at; bounded by the number of connections. */
  readonly #laggards = new Set<Connection>()
  /**
   * Never less than what is unsent in all: the last exact sum and all that was added since. The sum is taken again only
   * when this passes the budget, so that a write costs an addition.
   */
  #unsentAtMost = 0
  /** Those of them over the hard limit, until they are taken. */
  #overHard = new Set<Connection>()

  constructor(limits: BacklogLimits) {
    this.#limits = limits
  }

  /** To be called after a write of `sizeBytes` that left the connection with unsent bytes. */
  note(connection: Connection, sizeBytes: number): void {
    this.#laggards.add(connection)
    this.#unsentAtMost += sizeBytes
    if (connection.unsentBytes > this.#limits.unsentHardBytes) this.#overHard.add(connection)
  }

  forget(connection: Connection): void {
    this.#laggards.delete(connection)
    this.#overHard.delete(connection)
  }

  /** Exact sum of all unsent bytes. */
  measure(): number {
    let sum = 0
    for (const laggard of this.#laggards) {
      if (laggard.unsentBytes === 0) {
        laggard.unsentOverSoftSinceMs = null
        this.#laggards.delete(laggard)
      }
      sum += laggard.unsentBytes
    }
    this.#unsentAtMost = sum
    return sum
  }

  /** How many have more than the soft limit unsent. */
  countSlow(): number {
    let count = 0
    for (const {unsentBytes} of this.#laggards) if (unsentBytes > this.#limits.unsentSoftBytes) count += 1
    return count
  }

  /** Who must go now: over the hard limit, or the largest while the sum is over the budget. */
  takeOverdue(): Connection[] {
    if (this.#overHard.size === 0 && this.#unsentAtMost <= this.#limits.unsentTotalBytes) return []
    const overdue = [...this.#overHard]
    this.#overHard.clear()
    if (this.#unsentAtMost <= this.#limits.unsentTotalBytes) return overdue
    let excess = this.measure() - this.#limits.unsentTotalBytes
    for (const connection of overdue) excess -= connection.unsentBytes
    if (excess <= 0) return overdue
    const known = new Set(overdue)
    const bySize = [...this.#laggards].filter(laggard => !known.has(laggard))
    bySize.sort((one, other) => other.unsentBytes - one.unsentBytes)
    for (const connection of bySize) {
      if (excess <= 0) break
      overdue.push(connection)
      excess -= connection.unsentBytes
    }
    return overdue
  }

  /** Who has had more than the soft limit unsent for too long. To be called at least once a second. */
  takeStale(nowMs: number): Connection[] {
    this.measure()
    const stale: Connection[] = []
    for (const laggard of this.#laggards) {
      if (laggard.unsentBytes <= this.#limits.unsentSoftBytes) laggard.unsentOverSoftSinceMs = null
      else laggard.unsentOverSoftSinceMs ??= nowMs
      const sinceMs = laggard.unsentOverSoftSinceMs
      if (sinceMs !== null && nowMs - sinceMs >= this.#limits.unsentSoftMs) stale.push(laggard)
    }
    return stale
  }
}
