import type {ClientClock} from '../../src/client/client-clock.js'

interface Task {
  readonly dueMs: number
  readonly run: () => void
}

/** Time that stands still until the test moves it. */
export class ManualClientClock implements ClientClock {
  #nowMs = 0
  readonly #tasks = new Set<Task>()

  /** When the tasks that wait are due, from now, in milliseconds; soonest first. */
  get waitsMs(): number[] {
    return [...this.#tasks].map(({dueMs}) => dueMs - this.#nowMs).sort((a, b) => a - b)
  }

  monotonicMs(): number {
    return this.#nowMs
  }

  after(delayMs: number, run: () => void): () => void {
    const task = {dueMs: this.#nowMs + delayMs, run}
    this.#tasks.add(task)
    return () => void this.#tasks.delete(task)
  }

  /** Moves time on, running what falls due on the way in order. */
  advance(byMs: number): void {
    const endMs = this.#nowMs + byMs
    for (let task = this.#nextUntil(endMs); task; task = this.#nextUntil(endMs)) {
      this.#tasks.delete(task)
      this.#nowMs = Math.max(this.#nowMs, task.dueMs)
      task.run()
    }
    this.#nowMs = endMs
  }

  #nextUntil(endMs: number): Task | undefined {
    let next: Task | undefined
    for (const task of this.#tasks) if (task.dueMs <= endMs && !(next && next.dueMs <= task.dueMs)) next = task
    return next
  }
}
