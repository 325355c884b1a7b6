import {HOUR_MS, hourStart} from './utc.js'

/** Stands for the whole server among rooms. */
export const WHOLE_SERVER = 0

/** Told of each user who is seen in a room for the first time in an hour. */
export type OnPresent = (hourMs: number, roomId: number, userId: number) => void

/** Which users have been counted in which room in this hour. Bounded by the visits of an hour. */
export class Presence {
  readonly #onPresent: OnPresent
  readonly #rooms = new Map<number, Set<number>>()
  #hourMs: number

  constructor(nowMs: number, onPresent: OnPresent) {
    this.#hourMs = hourStart(nowMs)
    this.#onPresent = onPresent
  }

  get hourMs(): number {
    return this.#hourMs
  }

  /** Those who were counted before a restart within the hour. */
  restore(roomId: number, userId: number): void {
    this.#usersOf(roomId).add(userId)
  }

  /** True when an hour has begun since; then everybody who is here is to be noted. Time that goes back changes nothing. */
  moveTo(nowMs: number): boolean {
    if (nowMs < this.#hourMs + HOUR_MS) return false
    this.#hourMs = hourStart(nowMs)
    this.#rooms.clear()
    return true
  }

  note(roomId: number, userId: number): void {
    const users = this.#usersOf(roomId)
    if (users.has(userId)) return
    users.add(userId)
    this.#onPresent(this.#hourMs, roomId, userId)
  }

  forget(userId: number): void {
    for (const users of this.#rooms.values()) users.delete(userId)
  }

  #usersOf(roomId: number): Set<number> {
    let users = this.#rooms.get(roomId)
    if (users === undefined) {
      users = new Set()
      this.#rooms.set(roomId, users)
    }
    return users
  }
}
