import type {Clock} from '../../src/contract/clock.js'

interface Timer {
  dueMs: number
  /** Null: once. */
  readonly intervalMs: number | null
  readonly task: () => void
}

/** Time that stands still until the test moves it. */
export class ManualClock implements Clock {
  #nowMs = Date.UTC(2026, 0, 5, 12)
  #monotonicMs = 1000
  readonly #timers = new Set<Timer>()

  readonly nowMs = (): number => this.#nowMs
  readonly monotonicMs = (): number => this.#monotonicMs

  every(intervalMs: number, task: () => void): () => void {
    return this.#add({dueMs: this.#monotonicMs + intervalMs, intervalMs, task})
  }

  after(delayMs: number, task: () => void): () => void {
    return this.#add({dueMs: this.#monotonicMs + delayMs, intervalMs: null, task})
  }

  /** Moves both times forward and runs every timer on its way, in order. */
  advance(durationMs: number): void {
    const endMs = this.#monotonicMs + durationMs
    for (let timer = this.#next(endMs); timer !== undefined; timer = this.#next(endMs)) {
      this.#moveTo(Math.max(timer.dueMs, this.#monotonicMs))
      if (timer.intervalMs === null) this.#timers.delete(timer)
      else timer.dueMs += timer.intervalMs
      timer.task()
    }
    this.#moveTo(endMs)
  }

  /** Moves time without running timers: the process stood still. */
  stall(durationMs: number): void {
    this.#moveTo(this.#monotonicMs + durationMs)
  }

  #add(timer: Timer): () => void {
    this.#timers.add(timer)
    return () => this.#timers.delete(timer)
  }

  #next(endMs: number): Timer | undefined {
    const due = [...this.#timers].filter(timer => timer.dueMs <= endMs)
    return due.sort((one, other) => one.dueMs - other.dueMs)[0]
  }

  #moveTo(monotonicMs: number): void {
    this.#nowMs += monotonicMs - this.#monotonicMs
    this.#monotonicMs = monotonicMs
  }
}
