/**
 * Rooms in the order of their size, kept as sizes change by one: a set of rooms for each size. A join or leave moves a
 * room to the next set, and the fullest rooms are read from the top; nothing is ever sorted.
 */
export class RoomRanking<RoomKind> {
  /** Index: number of members. Bounded by the largest room there ever was. */
  readonly #bySize: Set<RoomKind>[] = []
  #largestSize = 0

  insert(room: RoomKind, size: number): void {
    let rooms = this.#bySize[size]
    if (rooms === undefined) {
      rooms = new Set()
      this.#bySize[size] = rooms
    }
    rooms.add(room)
    this.#largestSize = Math.max(this.#largestSize, size)
  }

  delete(room: RoomKind, size: number): void {
    this.#bySize[size]?.delete(room)
    while (this.#largestSize > 0 && !this.#bySize[this.#largestSize]?.size) this.#largestSize -= 1
  }

  move(room: RoomKind, fromSize: number, toSize: number): void {
    this.insert(room, toSize)
    this.delete(room, fromSize)
  }

  fullest(limit: number): RoomKind[] {
    const found: RoomKind[] = []
    for (let size = this.#largestSize; size >= 0; size -= 1) {
      for (const room of this.#bySize[size] ?? []) {
        if (found.length === limit) return found
        found.push(room)
      }
    }
    return found
  }
}
