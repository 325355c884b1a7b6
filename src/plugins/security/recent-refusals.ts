/** Most that are kept. */
const MAX_KEPT = 10
const SAME_MS = 1000

export interface RecentRefusal {
  readonly rule: string
  /** Wall time, in milliseconds since the epoch. */
  readonly atMs: number
  /** How many within a second. */
  count: number
}

/** The last refusals, oldest first; those by one rule within a second are one. */
export class RecentRefusals {
  readonly list: RecentRefusal[] = []

  note(rule: string, atMs: number): void {
    const last = this.list.at(-1)
    if (last?.rule === rule && Math.abs(atMs - last.atMs) < SAME_MS) {
      last.count += 1
      return
    }
    this.list.push({rule, atMs, count: 1})
    if (this.list.length > MAX_KEPT) this.list.shift()
  }
}
