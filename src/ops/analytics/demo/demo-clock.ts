import type {Clock} from '../../../contract/clock.js'

/** A clock that stands where it is put. Nothing waits for it. */
export class DemoClock implements Clock {
  #nowMs: number

  constructor(nowMs: number) {
    this.#nowMs = nowMs
  }

  set(nowMs: number): void {
    this.#nowMs = nowMs
  }

  nowMs(): number {
    return this.#nowMs
  }

  monotonicMs(): number {
    return this.#nowMs
  }

  every(): () => void {
    return () => {}
  }

  after(): () => void {
    return () => {}
  }
}
