import {randomInt} from 'node:crypto'
import type {KeyTrace, TraceStatus} from '../../contract/cache.js'

const PRIME = 0x01000193

/** The latest reads of a cache, each as a hash of its key. Who has the trace cannot tell the keys. */
export class KeyRecorder {
  /** A ring of `maxReads`; it grows up to that. */
  #hashes: Uint32Array
  #next = 0
  #noted = 0
  readonly #maxReads: number
  readonly #salt: number

  constructor(maxReads: number, salt = randomInt(0x7fffffff)) {
    this.#maxReads = maxReads
    this.#salt = salt
    this.#hashes = new Uint32Array(Math.min(maxReads, 1024))
  }

  status(): TraceStatus {
    const reads = Math.min(this.#noted, this.#maxReads)
    return {isRunning: true, reads, dropped: this.#noted - reads, maxReads: this.#maxReads}
  }

  note(key: string): void {
    if (this.#next === this.#hashes.length) this.#turn()
    this.#hashes[this.#next] = this.#hash(key)
    this.#next += 1
    this.#noted += 1
  }

  /** Oldest first. */
  take(): KeyTrace {
    const {dropped} = this.status()
    const newer = this.#hashes.subarray(0, this.#next)
    if (dropped === 0) return {hashes: newer.slice(), dropped}
    const hashes = new Uint32Array(this.#maxReads)
    hashes.set(this.#hashes.subarray(this.#next))
    hashes.set(newer, this.#maxReads - this.#next)
    return {hashes, dropped}
  }

  #turn(): void {
    if (this.#hashes.length === this.#maxReads) {
      this.#next = 0
      return
    }
    const larger = new Uint32Array(Math.min(this.#maxReads, this.#hashes.length * 2))
    larger.set(this.#hashes)
    this.#hashes = larger
  }

  /** FNV-1a, and its bits well mixed at the end. */
  #hash(key: string): number {
    let hash = 0x811c9dc5 ^ this.#salt
    for (let index = 0; index < key.length; index += 1) hash = Math.imul(hash ^ key.charCodeAt(index), PRIME)
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
    return (hash ^ (hash >>> 16)) >>> 0
  }
}
