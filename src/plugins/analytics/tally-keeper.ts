import {TallyFile} from './tally-file.js'

/**
 * Counts the events of this run, and keeps the number where a kill does not reach it. It is written before the answers of
 * a turn of the event loop go out, so that nobody has been told of an event that is not counted; and once a turn, as each
 * write is a call into the system.
 */
export class TallyKeeper {
  accepted = 0
  readonly #file: TallyFile | null
  readonly #droppedNow: () => number
  /** Not written yet; always, when there is nothing to write to. */
  #isDue: boolean
  /** A callback waits for the end of this turn. */
  #isArmed = false
  /** It was there before the turn began, so it comes before the answers. */
  #isEarly = false
  #isClosed = false

  /** `path` null: everything is in memory, and there is nothing to compare with after the end. */
  constructor({path, runId, droppedNow}: {path: string | null; runId: number; droppedNow: () => number}) {
    this.#file = path === null ? null : new TallyFile(path, runId)
    this.#droppedNow = droppedNow
    this.#isDue = path === null
  }

  count(): void {
    this.accepted += 1
    if (!this.#isDue) this.#makeDue()
  }

  /** The number does not change any more. */
  close(): void {
    this.#isDue = true
    this.#isClosed = true
    this.#file?.write(this.accepted, this.#droppedNow())
    this.#file?.close()
  }

  #makeDue(): void {
    this.#isDue = true
    // After this read of a socket: the end of the turn may be too late for the first ones after a pause.
    if (!this.#isEarly) queueMicrotask(this.#write)
    if (!this.#isArmed) this.#arm()
  }

  #arm(): void {
    this.#isArmed = true
    setImmediate(this.#endTurn)
  }

  readonly #endTurn = (): void => {
    const hasCounted = this.#isDue || !this.#isEarly
    this.#isArmed = false
    this.#write()
    // While events come, the next turn's callback is there before the turn.
    this.#isEarly = hasCounted
    if (hasCounted && !this.#isClosed) this.#arm()
  }

  readonly #write = (): void => {
    if (!this.#isDue || this.#isClosed) return
    this.#isDue = false
    this.#file?.write(this.accepted, this.#droppedNow())
  }
}
