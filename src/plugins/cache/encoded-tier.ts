import type {Stored} from './codec.js'
import {type Entry, sizeOf} from './entry.js'
import {Tier} from './tier.js'

/** A tier whose entries are encoded some time after they came. */
export class EncodedTier extends Tier {
  /** Of the encoded entries, as JSON and as stored. */
  rawBytes = 0
  storedBytes = 0

  override add(entry: Entry): void {
    super.add(entry)
    this.#count(entry.stored, 1)
  }

  override remove(entry: Entry): void {
    super.remove(entry)
    this.#count(entry.stored, -1)
  }

  override takeColdest(): Entry | undefined {
    const entry = super.takeColdest()
    if (entry !== undefined) this.#count(entry.stored, -1)
    return entry
  }

  has(entry: Entry): boolean {
    return this.peek(entry.key) === entry
  }

  /** Holds an entry of its own in another form from now on. */
  store(entry: Entry, stored: Stored): void {
    this.#count(entry.stored, -1)
    this.bytes += stored.storedBytes - sizeOf(entry)
    entry.stored = stored
    entry.rawBytes = stored.rawBytes
    entry.value = undefined
    this.#count(stored, 1)
  }

  #count(stored: Stored | null, sign: 1 | -1): void {
    if (stored === null) return
    this.rawBytes += sign * stored.rawBytes
    this.storedBytes += sign * stored.storedBytes
  }
}
