/**
 * Counts what happened within the last minute. Up to a limit of 256 it keeps each time, and is exact: no span of 60 s
 * holds more than the limit. Above that it counts whole seconds; the oldest one counts until all of it is past, so that
 * it never admits more either, and may admit up to a sixtieth less.
 */

const SPAN_MS = 60_000
const MAX_EXACT = 256
const FIRST_SLOTS = 4
const BUCKET_MS = 1000
/** One more than fit the span, for the one that is only partly past. */
const BUCKETS = SPAN_MS / BUCKET_MS + 1
const GROWTH = 4

/** Times are monotonic, in milliseconds, and never go back. */
export class SlidingWindow {
  readonly #maxExact: number
  #counts: ExactLog | SecondBuckets | null = null

  /** `maxExact`: the largest limit up to which every time is kept. */
  constructor(maxExact: number = MAX_EXACT) {
    this.#maxExact = maxExact
  }

  /** How long to wait until `cost` more fit below `limit`; 0: they fit now. A cost above the limit counts as the limit. */
  waitMs(cost: number, limit: number, nowMs: number): number {
    if (limit === 0) return SPAN_MS
    return this.#fitting(limit, nowMs).waitMs(Math.min(cost, limit), limit, nowMs)
  }

  /** Notes what was let through. */
  add(cost: number, limit: number, nowMs: number): void {
    this.#fitting(limit, nowMs).add(Math.min(cost, limit), nowMs)
  }

  count(nowMs: number): number {
    return this.#counts?.count(nowMs) ?? 0
  }

  #fitting(limit: number, nowMs: number): ExactLog | SecondBuckets {
    const counts = this.#counts
    if (counts instanceof ExactLog && limit > this.#maxExact) this.#counts = counts.inBuckets(nowMs)
    else if (
      counts === null ||
      (counts instanceof SecondBuckets && limit <= this.#maxExact && counts.count(nowMs) === 0)
    )
      this.#counts = limit > this.#maxExact ? new SecondBuckets(nowMs) : new ExactLog()
    return this.#counts as ExactLog | SecondBuckets
  }
}

/** A ring of times, oldest first, that grows up to what the limit lets in. */
class ExactLog {
  #times: number[] = emptySlots(FIRST_SLOTS)
  #first = 0
  #size = 0

  waitMs(cost: number, limit: number, nowMs: number): number {
    const excess = this.count(nowMs) + cost - limit
    return excess <= 0 ? 0 : this.#at(excess - 1) + SPAN_MS - nowMs
  }

  add(cost: number, nowMs: number): void {
    while (this.#size + cost > this.#times.length) this.#grow()
    for (let index = 0; index < cost; index += 1) {
      this.#times[(this.#first + this.#size) % this.#times.length] = nowMs
      this.#size += 1
    }
  }

  count(nowMs: number): number {
    while (this.#size > 0 && nowMs - this.#at(0) >= SPAN_MS) {
      this.#first = (this.#first + 1) % this.#times.length
      this.#size -= 1
    }
    return this.#size
  }

  inBuckets(nowMs: number): SecondBuckets {
    const size = this.count(nowMs)
    const buckets = new SecondBuckets(size === 0 ? nowMs : this.#at(0))
    for (let index = 0; index < size; index += 1) buckets.add(1, this.#at(index))
    return buckets
  }

  #at(index: number): number {
    return this.#times[(this.#first + index) % this.#times.length] as number
  }

  #grow(): void {
    const times = emptySlots(this.#times.length * 2)
    for (let index = 0; index < this.#size; index += 1) times[index] = this.#at(index)
    this.#times = times
    this.#first = 0
  }
}

/** A plain array takes half of what a typed one of a few numbers does. */
function emptySlots(count: number): number[] {
  return new Array<number>(count).fill(0)
}

/**
 * A ring of counts by second. It reaches back to the oldest second that counts and no further, for most users of a server
 * are quiet: a lone message takes one place.
 */
class SecondBuckets {
  #counts: number[] = emptySlots(1)
  #total = 0
  #firstSecond: number
  #lastSecond: number
  /** Where the last second is counted. */
  #slot = 0

  constructor(nowMs: number) {
    this.#lastSecond = Math.floor(nowMs / BUCKET_MS)
    this.#firstSecond = this.#lastSecond
  }

  waitMs(cost: number, limit: number, nowMs: number): number {
    let excess = this.count(nowMs) + cost - limit
    if (excess <= 0) return 0
    let second = this.#firstSecond - 1
    while (excess > 0 && second < this.#lastSecond) {
      second += 1
      excess -= this.#counts[this.#slotOf(second)] as number
    }
    return (second + BUCKETS) * BUCKET_MS - nowMs
  }

  add(cost: number, nowMs: number): void {
    this.#moveTo(nowMs)
    const counts = this.#counts
    counts[this.#slot] = (counts[this.#slot] as number) + cost
    this.#total += cost
  }

  count(nowMs: number): number {
    this.#moveTo(nowMs)
    return this.#total
  }

  #moveTo(nowMs: number): void {
    const second = Math.floor(nowMs / BUCKET_MS)
    if (second <= this.#lastSecond) return
    this.#lastSecond = second
    this.#forgetUntil(second - BUCKETS)
    if (this.#total === 0) this.#beginAt(second)
    else while (second - this.#firstSecond >= this.#counts.length) this.#grow()
    this.#slot = this.#slotOf(second)
  }

  /** Forgets the seconds up to `past`, which are past as a whole. */
  #forgetUntil(past: number): void {
    while (this.#total > 0 && this.#firstSecond <= past) {
      const slot = this.#slotOf(this.#firstSecond)
      this.#total -= this.#counts[slot] as number
      this.#counts[slot] = 0
      this.#firstSecond += 1
    }
  }

  #beginAt(second: number): void {
    if (this.#counts.length > 1) this.#counts = emptySlots(1)
    this.#firstSecond = second
  }

  #grow(): void {
    const counts = emptySlots(Math.min(this.#counts.length * GROWTH, BUCKETS))
    const end = this.#firstSecond + this.#counts.length
    for (let second = this.#firstSecond; second < end; second += 1) {
      counts[slotOf(second, counts.length)] = this.#counts[this.#slotOf(second)] as number
    }
    this.#counts = counts
  }

  #slotOf(second: number): number {
    return slotOf(second, this.#counts.length)
  }
}

function slotOf(second: number, slots: number): number {
  // Monotonic time may begin below 0 in tests and after conversions.
  return ((second % slots) + slots) % slots
}
