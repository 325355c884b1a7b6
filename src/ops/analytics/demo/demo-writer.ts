import type {Store} from '../../../contract/store.js'
import {GsError} from '../../../errors.js'
import {Batch} from '../../../plugins/analytics/batch.js'

const CHECKPOINT = 'UPDATE analytics_runs SET checkpoint_ms = ?, events_stored = events_stored + ? WHERE run_id = ?'

/** Stores what was recorded when it is told to, not once a second: months pass in seconds here. */
export class DemoWriter {
  readonly isFull = false
  readonly #store: Store
  readonly #runId: number
  #open = new Batch()
  #events = 0

  constructor({store, runId}: {store: Store; runId: number}) {
    this.#store = store
    this.#runId = runId
  }

  get open(): Batch {
    return this.#open
  }

  get events(): number {
    return this.#events
  }

  seal(): void {}

  forget(userId: number): void {
    this.#open.forget(userId)
  }

  /** @throws {GsError} store_unavailable, such as when the disk is full. */
  async flush(nowMs: number): Promise<void> {
    const batch = this.#open
    this.#open = new Batch()
    this.#events += batch.events
    const checkpoint = {sql: CHECKPOINT, params: [nowMs, batch.events, this.#runId]}
    const stored = this.#store.append([...batch.statements(), checkpoint])
    await this.#store.flush()
    const {state, problem} = this.#store.status() ?? {state: 'failed', problem: null}
    if (state !== 'ok') throw new GsError('store_unavailable', problem ?? 'the data cannot be stored')
    if ((await stored) === 'dropped') throw new GsError('store_unavailable', 'the store dropped a part of the data')
  }
}
