import {MessageSender} from './message-counter.js'

const NO_ROOM = 0

/** One user who is connected. */
export class Session extends MessageSender {
  readonly sessionId: string
  /** The first room, and since when. Most users are in one at a time, and a map takes more than the rest of a session. */
  #roomId = NO_ROOM
  #joinedMs = 0
  /** Since when, by room; bounded by the rooms a user can be in. */
  #otherRooms: Map<number, number> | null = null

  constructor(userId: number, sessionId: string, startedMs: number) {
    super(userId, startedMs)
    this.sessionId = sessionId
  }

  get roomIds(): number[] {
    const first = this.#roomId === NO_ROOM ? [] : [this.#roomId]
    return this.#otherRooms === null ? first : [...first, ...this.#otherRooms.keys()]
  }

  /** As if it began now. */
  restart(nowMs: number): void {
    this.startedMs = nowMs
  }

  joinedMs(roomId: number): number | null {
    if (roomId === this.#roomId) return this.#joinedMs
    return this.#otherRooms?.get(roomId) ?? null
  }

  join(roomId: number, nowMs: number): void {
    const isFirst = this.#roomId === NO_ROOM && this.#otherRooms === null
    if (isFirst || roomId === this.#roomId) {
      this.#roomId = roomId
      this.#joinedMs = nowMs
      return
    }
    this.#otherRooms ??= new Map()
    this.#otherRooms.set(roomId, nowMs)
  }

  /** Since when the user was there; undefined: was not. */
  leave(roomId: number): number | undefined {
    if (roomId === this.#roomId) {
      this.#roomId = NO_ROOM
      return this.#joinedMs
    }
    const joinedMs = this.#otherRooms?.get(roomId)
    this.#otherRooms?.delete(roomId)
    if (this.#otherRooms?.size === 0) this.#otherRooms = null
    return joinedMs
  }
}

/** Who is connected and where, as far as it was seen. Bounded by the server's connections. */
export class SessionBook {
  readonly #sessions = new Map<number, Session>()

  get size(): number {
    return this.#sessions.size
  }

  get(userId: number): Session | undefined {
    return this.#sessions.get(userId)
  }

  list(): Session[] {
    return [...this.#sessions.values()]
  }

  userIds(): number[] {
    return [...this.#sessions.keys()]
  }

  begin(userId: number, sessionId: string, startedMs: number): Session {
    const session = new Session(userId, sessionId, startedMs)
    this.#sessions.set(userId, session)
    return session
  }

  end(userId: number): void {
    this.#sessions.delete(userId)
  }
}
