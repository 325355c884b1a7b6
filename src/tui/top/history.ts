/** A look at the server, as curves need it. Null: not measured. */
export interface HistoryPoint {
  readonly atMs: number
  readonly messagesPerSecond: number | null
  readonly deliveriesPerSecond: number | null
  readonly p50ResponseTimeMs: number | null
  readonly p99ResponseTimeMs: number | null
}

export type CurveName = Exclude<keyof HistoryPoint, 'atMs'>

/** The longest that a curve goes back. */
export const HISTORY_MS = 900_000
/** At two points a second. */
const MAX_POINTS = 1_800
/** A curve begins with room for as much, so that its first points are not as wide as the screen. */
const MIN_SPAN_MS = 60_000
/** A point stands for so long when none comes after it. */
const LASTING_MS = 10_000

/** The last 15 minutes of a server. */
export class History {
  /** In the order of time; bounded by `MAX_POINTS`. */
  #points: HistoryPoint[] = []

  add(point: HistoryPoint): void {
    this.#points.push(point)
    if (this.#points.length > MAX_POINTS) this.#points.shift()
  }

  /** Puts what the server remembers before what was seen. */
  begin(points: readonly HistoryPoint[]): void {
    const lastMs = points.at(-1)?.atMs ?? 0
    this.#points = [...points, ...this.#points.filter(({atMs}) => atMs > lastMs)].slice(-MAX_POINTS)
  }

  get last(): HistoryPoint | undefined {
    return this.#points.at(-1)
  }

  /** How far curves go back. */
  spanMs(nowMs: number): number {
    const oldestMs = this.#points[0]?.atMs ?? nowMs
    return Math.min(HISTORY_MS, Math.max(MIN_SPAN_MS, nowMs - oldestMs))
  }

  /**
   * A curve in so many steps of equal time, the last one now: the mean of each step, of response times the largest. Steps
   * begin at round times, so the picture moves and does not flicker. Null where nothing was measured.
   */
  curve(name: CurveName, steps: number, nowMs: number): (number | null)[] {
    const stepMs = Math.ceil(this.spanMs(nowMs) / steps / 500) * 500
    const lastStep = Math.floor(nowMs / stepMs)
    const values = new Array<number | null>(steps).fill(null)
    const counts = new Array<number>(steps).fill(0)
    const isLargest = name.endsWith('Ms')
    for (const point of this.#points) {
      const value = point[name]
      const step = Math.floor(point.atMs / stepMs) - lastStep + steps - 1
      if (value === null || step < 0 || step >= steps) continue
      const sum = values[step] ?? 0
      values[step] = isLargest ? Math.max(sum, value) : sum + value
      counts[step] = (counts[step] ?? 0) + 1
    }
    const found = values.map((value, step) => (value === null || isLargest ? value : value / (counts[step] as number)))
    return bridge(found, Math.max(1, Math.ceil(LASTING_MS / stepMs)))
  }
}

/** Fills holes of at most so many steps with what stands before them. */
function bridge(values: readonly (number | null)[], maxSteps: number): (number | null)[] {
  let before: number | null = null
  let age = 0
  return values.map(value => {
    age = value === null ? age + 1 : 0
    if (value !== null) before = value
    return age <= maxSteps ? before : null
  })
}
