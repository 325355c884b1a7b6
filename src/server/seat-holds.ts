import type {LiveRoom} from './live-room.js'

interface Hold {
  readonly room: LiveRoom
  readonly userId: number
  /** Time of the lost connection, by the server's fair clock. */
  readonly sinceMs: number
}

/**
 * Seats of users whose connection was lost, kept for a while. All are kept for the same time, so the oldest is always the
 * next to go.
 */
export class SeatHolds {
  readonly #limits: {readonly seatHoldMs: number}
  /** By room and user, oldest first; bounded by the seats of running games. */
  readonly #holds = new Map<string, Hold>()

  constructor(limits: {readonly seatHoldMs: number}) {
    this.#limits = limits
  }

  add(room: LiveRoom, userId: number, nowMs: number): void {
    this.#holds.set(key(room, userId), {room, userId, sinceMs: nowMs})
  }

  release(room: LiveRoom, userId: number): void {
    this.#holds.delete(key(room, userId))
  }

  /** True while the room's game waits for one of `players`. */
  isAwaited(room: LiveRoom, players: readonly number[]): boolean {
    return this.#holds.size > 0 && players.some(userId => this.#holds.has(key(room, userId)))
  }

  /** Takes out the holds that have expired. */
  *takeExpired(nowMs: number): Generator<Hold> {
    for (const [id, hold] of this.#holds) {
      if (nowMs - hold.sinceMs < this.#limits.seatHoldMs) return
      this.#holds.delete(id)
      yield hold
    }
  }
}

function key(room: LiveRoom, userId: number): string {
  return `${room.id}:${userId}`
}
