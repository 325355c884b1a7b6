import type {Clock} from '../../contract/clock.js'
import type {Store} from '../../contract/store.js'
import {Batch} from './batch.js'

/** A batch of this many rows goes at once; others wait for the second to end. */
const FULL_ROWS = 2000
/** The same while the store is behind: fewer and larger ones are less to do, at the price of holding it up for longer. */
const LARGE_ROWS = 10_000
/** Of batches that wait or are being written; beyond it events are dropped, and sums go with the next batch. */
const MAX_WAITING_ROWS = 100_000

/** What became of events. */
export interface EventTotals {
  stored: number
  dropped: number
}

const CHECKPOINT = `
  UPDATE analytics_runs SET checkpoint_ms = ?, events_stored = events_stored + ?, events_dropped = events_dropped + ?
  WHERE run_id = ?`

/**
 * Hands batches to the store, one at a time and in their order. Each moves the checkpoint of the run: whoever was here
 * then is known to have been.
 */
export class BatchWriter {
  readonly totals: EventTotals = {stored: 0, dropped: 0}
  readonly #store: Pick<Store, 'append'>
  readonly #clock: Clock
  readonly #runId: number
  /** Sealed ones, oldest first; the first is being written. Bounded by `MAX_WAITING_ROWS`. */
  readonly #waiting: Batch[] = []
  #open = new Batch()
  #writing: Promise<void> | undefined
  /** The open one should have been sent on. */
  #isHeldBack = false
  /** Dropped events that the run's row does not say yet. */
  #unsaidDrops = 0

  constructor({store, clock, runId}: {store: Pick<Store, 'append'>; clock: Clock; runId: number}) {
    this.#store = store
    this.#clock = clock
    this.#runId = runId
  }

  /** What is being filled. */
  get open(): Batch {
    return this.#open
  }

  get isFull(): boolean {
    return this.#open.weight >= (this.#isBehind ? LARGE_ROWS : FULL_ROWS)
  }

  /** Of the room for events that wait, in percent. */
  get utilizationPercent(): number {
    return Math.min(100, ((this.#waitingRows + this.#open.weight) / MAX_WAITING_ROWS) * 100)
  }

  /** Sends on what is open. `isKeptAlive`: there are sessions, so the checkpoint moves even if nothing happened. */
  seal(isKeptAlive: boolean): void {
    if (this.#open.isEmpty && !isKeptAlive) return
    // While the store is behind, only full ones are sent on, so that it has fewer of them to do.
    this.#isHeldBack = this.#isBehind && !this.isFull
    if (this.#isHeldBack) return
    const sealed = this.#open
    this.#open = new Batch()
    if (this.#waitingRows + sealed.weight > MAX_WAITING_ROWS) this.#giveUp(sealed, this.#open)
    else this.#waiting.push(sealed)
    this.#writing ??= this.#writeAll()
  }

  /** Resolves when everything that is sealed is stored or given up. */
  async settled(): Promise<void> {
    await this.#writing
  }

  forget(userId: number): void {
    for (const batch of [...this.#waiting, this.#open]) batch.forget(userId)
  }

  get #isBehind(): boolean {
    return this.#waiting.length > 1
  }

  get #waitingRows(): number {
    return this.#waiting.reduce((sum, {weight}) => sum + weight, 0)
  }

  async #writeAll(): Promise<void> {
    for (let batch = this.#waiting[0]; batch !== undefined; batch = this.#waiting[0]) {
      const drops = this.#unsaidDrops
      const {events} = batch
      const checkpoint = {sql: CHECKPOINT, params: [this.#clock.nowMs(), events, drops, this.#runId]}
      const outcome = await this.#store.append([...batch.statements(), checkpoint])
      this.#waiting.shift()
      if (this.#isHeldBack) this.seal(false)
      if (outcome === 'stored') {
        this.totals.stored += events
        this.#unsaidDrops -= drops
      } else {
        this.#giveUp(batch, this.#waiting[0] ?? this.#open)
      }
    }
    this.#writing = undefined
  }

  /** The events are lost, and counted; the sums go with the batch after it. */
  #giveUp(batch: Batch, next: Batch): void {
    this.totals.dropped += batch.events
    this.#unsaidDrops += batch.events
    next.absorbEarlier(batch)
  }
}
