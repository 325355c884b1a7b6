/**
 * The most hits that any cache of `capacity` keys can have on these reads: Belady's rule, which knows the future. When it
 * is full it gives up the key whose next read is farthest away; a key that is never read again is not taken at all.
 */
export function optimalHits(reads: Uint32Array, capacity: number): number {
  const {ids, nextReads, keyCount} = lookAhead(reads)
  const never = reads.length
  const isCached = new Uint8Array(keyCount)
  const nextRead = new Uint32Array(keyCount)
  const farthest = new MaxHeap()
  let [size, hits] = [0, 0]
  for (let index = 0; index < reads.length; index += 1) {
    const id = ids[index] as number
    const next = nextReads[index] as number
    if (isCached[id] === 1) {
      hits += 1
      if (next === never) {
        isCached[id] = 0
        size -= 1
      }
    } else if (next !== never && (size < capacity || makeRoom(next))) {
      isCached[id] = 1
      size += 1
    }
    nextRead[id] = next
    if (isCached[id] === 1) farthest.push(next)
  }
  return hits

  /** False: what comes is read later than all that is there. */
  function makeRoom(next: number): boolean {
    for (let position = farthest.peek(); position > next; position = farthest.peek()) {
      farthest.pop()
      const id = ids[position] as number
      // What was read since stands in the heap once more, with its new next read.
      if (isCached[id] === 0 || nextRead[id] !== position) continue
      isCached[id] = 0
      size -= 1
      return true
    }
    return false
  }
}

/** Numbers the keys from 0, and says for each read where the next one of its key is; the length when there is none. */
function lookAhead(reads: Uint32Array): {ids: Uint32Array; nextReads: Uint32Array; keyCount: number} {
  const numbers = new Map<number, number>()
  const ids = reads.map(hash => {
    const known = numbers.get(hash)
    if (known !== undefined) return known
    numbers.set(hash, numbers.size)
    return numbers.size - 1
  })
  const nextReads = new Uint32Array(reads.length)
  const seen = new Uint32Array(numbers.size).fill(reads.length)
  for (let index = reads.length - 1; index >= 0; index -= 1) {
    const id = ids[index] as number
    nextReads[index] = seen[id] as number
    seen[id] = index
  }
  return {ids, nextReads, keyCount: numbers.size}
}

/** Numbers, the largest on top. */
class MaxHeap {
  readonly #items: number[] = []

  /** -1 when it is empty. */
  peek(): number {
    return this.#items[0] ?? -1
  }

  push(item: number): void {
    const items = this.#items
    let index = items.length
    while (index > 0) {
      const parent = (index - 1) >> 1
      const above = items[parent] as number
      if (above >= item) break
      items[index] = above
      index = parent
    }
    items[index] = item
  }

  pop(): void {
    const items = this.#items
    const last = items.pop() as number
    if (items.length === 0) return
    let index = 0
    for (;;) {
      let child = 2 * index + 1
      if (child >= items.length) break
      if (child + 1 < items.length && (items[child + 1] as number) > (items[child] as number)) child += 1
      if ((items[child] as number) <= last) break
      items[index] = items[child] as number
      index = child
    }
    items[index] = last
  }
}
