import {closeSync, openSync, readFileSync, writeSync} from 'node:fs'

/** What a run took in. Survives the process, if not the machine: it is written once a turn of the event loop. */
export interface Tally {
  readonly runId: number
  readonly accepted: number
  readonly dropped: number
}

const BYTES = 24

/**
 * How many events a run has accepted, in a file beside the store: a number is overwritten in place with each turn, so that
 * after a kill it is known what was accepted and not stored.
 */
export class TallyFile {
  readonly #descriptor: number
  readonly #bytes = Buffer.alloc(BYTES)

  /** Throws what the file system does. */
  constructor(path: string, runId: number) {
    this.#descriptor = openSync(path, 'w+', 0o600)
    this.#bytes.writeDoubleLE(runId, 0)
    this.write(0, 0)
  }

  write(accepted: number, dropped: number): void {
    this.#bytes.writeDoubleLE(accepted, 8)
    this.#bytes.writeDoubleLE(dropped, 16)
    writeSync(this.#descriptor, this.#bytes, 0, BYTES, 0)
  }

  close(): void {
    closeSync(this.#descriptor)
  }
}

/** Of the run before; null: there is none that can be read. */
export function readTally(path: string): Tally | null {
  let bytes: Buffer
  try {
    bytes = readFileSync(path)
  } catch {
    // There is none yet, or it went with another disk: then nobody knows, and the caller says so.
    return null
  }
  if (bytes.length !== BYTES) return null
  return {runId: bytes.readDoubleLE(0), accepted: bytes.readDoubleLE(8), dropped: bytes.readDoubleLE(16)}
}
