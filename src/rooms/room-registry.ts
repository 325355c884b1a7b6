import type {Occupant, Room} from './room.js'
import {RoomRanking} from './room-ranking.js'

/**
 * All rooms of a server. The one place that adds and removes members, so that the ranking by size and the time of
 * emptiness always agree with the members.
 */
export class RoomRegistry<Member extends Occupant, RoomKind extends Room<Member>> {
  /** Bounded by the caller's limit on rooms. */
  readonly #rooms = new Map<number, RoomKind>()
  readonly #ranking = new RoomRanking<RoomKind>()
  /** Rooms without members, longest empty first. */
  readonly #empty = new Set<RoomKind>()

  get count(): number {
    return this.#rooms.size
  }

  get(roomId: number): RoomKind | undefined {
    return this.#rooms.get(roomId)
  }

  values(): Iterable<RoomKind> {
    return this.#rooms.values()
  }

  /** At most `limit` rooms, fullest first. */
  fullest(limit: number): RoomKind[] {
    return this.#ranking.fullest(limit)
  }

  /** Takes in a new room, which has no members yet. */
  add(room: RoomKind, nowMs: number): void {
    this.#rooms.set(room.id, room)
    this.#ranking.insert(room, 0)
    this.#markEmpty(room, nowMs)
  }

  join(room: RoomKind, member: Member): void {
    this.#ranking.move(room, room.members.size, room.members.size + 1)
    room.members.set(member.userId, member)
    room.emptySinceMs = null
    this.#empty.delete(room)
  }

  leave(room: RoomKind, userId: number, nowMs: number): void {
    this.#ranking.move(room, room.members.size, room.members.size - 1)
    room.members.delete(userId)
    if (room.members.size === 0) this.#markEmpty(room, nowMs)
  }

  /** Forgets a room. Its members must have left. */
  remove(room: RoomKind): void {
    this.#ranking.delete(room, room.members.size)
    this.#empty.delete(room)
    this.#rooms.delete(room.id)
  }

  /** Rooms that have been empty for at least `ttlMs`. */
  *emptyFor(ttlMs: number, nowMs: number): Generator<RoomKind> {
    for (const room of this.#empty) {
      if (room.emptySinceMs === null || nowMs - room.emptySinceMs < ttlMs) return
      yield room
    }
  }

  #markEmpty(room: RoomKind, nowMs: number): void {
    room.emptySinceMs = nowMs
    this.#empty.add(room)
  }
}
