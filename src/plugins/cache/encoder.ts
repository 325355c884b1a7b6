import type {CacheCompression} from '../../contract/cache.js'
import type {JsonValue} from '../../contract/messages.js'
import type {CacheCounters} from './cache-counters.js'
import {compressInThread, type encodeValue, isForThread, type Stored} from './codec.js'
import type {EncodedTier} from './encoded-tier.js'
import type {Entry} from './entry.js'
import {Slices, type SliceTools} from './slices.js'

export interface EncoderOptions {
  readonly tier: EncodedTier
  readonly tools: SliceTools
  readonly counters: CacheCounters
  /** May change while running. */
  readonly settings: {readonly compression: CacheCompression; readonly compressionThresholdBytes: number}
  readonly encode: typeof encodeValue
  /** An entry became smaller, or larger. */
  readonly onStored: () => void
}

/**
 * Encodes the values of entries that came to L2, oldest first: small ones in slices on the main thread, which is faster
 * than handing them over; large ones are stored as text and compressed in another thread, one at a time.
 */
export class Encoder {
  readonly #options: EncoderOptions
  /** Cleared of those that left when it is twice as long as the tier. */
  #waiting: Entry[] = []
  #next = 0
  readonly #slices: Slices
  /** Settles when the large values so far are through; as long a chain as there are such values in the tier. */
  #compressing: Promise<void> = Promise.resolve()

  constructor(options: EncoderOptions) {
    this.#options = options
    this.#slices = new Slices(options.tools, () => this.#encodeNext())
  }

  /** Entries that wait; some of them may have left the tier. */
  get waiting(): number {
    return this.#waiting.length - this.#next
  }

  add(entry: Entry): void {
    this.#waiting.push(entry)
    if (this.waiting > 2 * this.#options.tier.limit) this.#clear()
    this.#slices.schedule()
  }

  /** False: there is nothing left. */
  #encodeNext(): boolean {
    const entry = this.#waiting[this.#next]
    if (entry === undefined) {
      this.#waiting = []
      this.#next = 0
      return false
    }
    this.#next += 1
    if (this.#isUnencoded(entry)) this.#encode(entry)
    return true
  }

  #encode(entry: Entry): void {
    const {tier, tools, counters, settings, encode, onStored} = this.#options
    const startMs = tools.monotonicMs()
    const stored = encode(entry.value as JsonValue, settings)
    counters.encoded += 1
    counters.encodeMs += tools.monotonicMs() - startMs
    tier.store(entry, stored)
    if (isForThread(stored, settings)) this.#compressing = this.#compressing.then(() => this.#compress(entry, stored))
    onStored()
  }

  /** The entry may have moved, or gone, before its turn or meanwhile. */
  async #compress(entry: Entry, stored: Stored): Promise<void> {
    const {tier, settings, onStored} = this.#options
    const isThere = () => entry.stored === stored && tier.has(entry)
    if (!isThere()) return
    // One that cannot be compressed stays text, which is as good.
    const smaller = await compressInThread(stored, settings.compression).catch(() => undefined)
    if (smaller === undefined || !isThere()) return
    tier.store(entry, smaller)
    onStored()
  }

  /** It may have moved up, or gone, or both and come back, since it was put on the list. */
  #isUnencoded(entry: Entry): boolean {
    return entry.tier === 'l2' && entry.stored === null && this.#options.tier.has(entry)
  }

  #clear(): void {
    const rest = new Set(this.#waiting.slice(this.#next))
    this.#waiting = [...rest].filter(entry => this.#isUnencoded(entry))
    this.#next = 0
  }
}
