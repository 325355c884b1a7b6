/** Mulberry32: numbers in [0, 1) that depend on the seed alone. */
export function createRandom(seed: number): () => number {
  let state = Math.floor(seed * 0x1_0000_0000) ^ Math.imul(Math.floor(seed), 0x9e3779b9)
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000
  }
}
