import {TallyFile} from './tally-file.js'

/** Counts the events of this run, and keeps the number where a kill does not reach it. */
export class TallyKeeper {
  accepted = 0
  readonly #file: TallyFile | null
  readonly #droppedNow: () => number
  /** Also when there is nothing to write to, or no more. */
  #isDue: boolean
  #isClosed = false

  /** `path` null: everything is in memory, and there is nothing to compare with after the end. */
  constructor({path, runId, droppedNow}: {path: string | null; runId: number; droppedNow: () => number}) {
    this.#file = path === null ? null : new TallyFile(path, runId)
    this.#droppedNow = droppedNow
    this.#isDue = path === null
  }

  count(): void {
    this.accepted += 1
    if (!this.#isDue) this.#writeSoon()
  }

  /** The number does not change any more. */
  close(): void {
    this.#isDue = true
    this.#isClosed = true
    this.#file?.write(this.accepted, this.#droppedNow())
    this.#file?.close()
  }

  #writeSoon(): void {
    this.#isDue = true
    setImmediate(this.#write)
  }

  readonly #write = (): void => {
    if (this.#isClosed) return
    this.#isDue = false
    this.#file?.write(this.accepted, this.#droppedNow())
  }
}
