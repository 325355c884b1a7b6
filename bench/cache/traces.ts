/** What the cache is tried with: reads that depend on the seed alone. */
export interface Trace {
  readonly name: string
  readonly reads: Uint32Array
}

const READS = 1_000_000
const ZIPF_KEYS = 100_000
const ROOMS = 20_000
/** So many reads go by before a room is replaced by a new one. */
const READS_PER_ROOM = 25
const ONE_SHOT_RATIO = 0.15

/** Two of popular keys, and one of rooms that come and go, with some reads of what nobody reads again. */
export function makeTraces(): Trace[] {
  return [
    {name: 'Zipf 0.9', reads: zipf(0.9, 1)},
    {name: 'Zipf 1.0', reads: zipf(1, 2)},
    {name: 'churn', reads: churn(3)},
  ]
}

function zipf(skew: number, seed: number): Uint32Array {
  const random = createRandom(seed)
  const pick = skewed(ZIPF_KEYS, skew, random)
  const names = shuffled(ZIPF_KEYS, random)
  return Uint32Array.from({length: READS}, () => names[pick()] as number)
}

function churn(seed: number): Uint32Array {
  const random = createRandom(seed)
  const pick = skewed(ROOMS, 0.9, random)
  const rooms = Uint32Array.from({length: ROOMS}, (_, index) => index)
  let next = ROOMS
  return Uint32Array.from({length: READS}, (_, index) => {
    if (index % READS_PER_ROOM === 0) {
      rooms[Math.floor(random() * ROOMS)] = next
      next += 1
    }
    if (random() >= ONE_SHOT_RATIO) return rooms[pick()] as number
    next += 1
    return next - 1
  })
}

/** Draws numbers below `count`, the first ones more often. */
function skewed(count: number, skew: number, random: () => number): () => number {
  const sums = new Float64Array(count)
  let sum = 0
  for (let index = 0; index < count; index += 1) {
    sum += (index + 1) ** -skew
    sums[index] = sum
  }
  return () => {
    const wanted = random() * sum
    let [low, high] = [0, count - 1]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((sums[middle] as number) < wanted) low = middle + 1
      else high = middle
    }
    return low
  }
}

function shuffled(count: number, random: () => number): Uint32Array {
  const items = Uint32Array.from({length: count}, (_, index) => index)
  for (let index = count - 1; index > 0; index -= 1) {
    const other = Math.floor(random() * (index + 1))
    const item = items[index] as number
    items[index] = items[other] as number
    items[other] = item
  }
  return items
}

/** Mulberry32. */
export function createRandom(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000
  }
}
