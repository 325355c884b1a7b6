/** Random numbers that depend on a seed alone. */
export class SeededRandom {
  #state: number

  constructor(seed: number) {
    this.#state = Math.imul(seed | 0, 0x9e37_79b9) | 0
  }

  /** In [0, 1). Mulberry32. */
  next(): number {
    this.#state = (this.#state + 0x6d2b_79f5) | 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000
  }

  chance(probability: number): boolean {
    return this.next() < probability
  }

  /** A whole number from 0 up to but not `end`. */
  below(end: number): number {
    return Math.floor(this.next() * end)
  }

  /** @param items not empty. */
  pick<Item>(items: readonly Item[]): Item {
    return items[this.below(items.length)] as Item
  }

  /** Normally distributed. */
  normal(mean: number, deviation: number): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.next()))
    return mean + deviation * radius * Math.cos(2 * Math.PI * this.next())
  }

  /** Log-normally distributed: half of the values are below `median`. */
  skewed(median: number, spread: number): number {
    return median * Math.exp(this.normal(0, spread))
  }

  /** How long it is until something that happens once in `mean` on average. */
  wait(mean: number): number {
    return -mean * Math.log(1 - this.next())
  }

  uuid(): string {
    const digits = Array.from({length: 32}, (_, index) => {
      if (index === 12) return '4'
      return (index === 16 ? 8 + this.below(4) : this.below(16)).toString(16)
    }).join('')
    return [0, 8, 12, 16, 20].map((from, part) => digits.slice(from, [8, 12, 16, 20, 32][part])).join('-')
  }
}
