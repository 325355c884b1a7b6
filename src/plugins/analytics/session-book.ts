import {MessageSender} from './message-counter.js'

/** One user who is connected. */
export class Session {
  readonly userId: number
  readonly sessionId: string
  readonly sender: MessageSender
  startedMs: number
  /** Since when, by room; bounded by the rooms a user can be in. */
  readonly #rooms = new Map<number, number>()

  constructor(userId: number, sessionId: string, startedMs: number) {
    this.userId = userId
    this.sessionId = sessionId
    this.startedMs = startedMs
    this.sender = new MessageSender(userId)
  }

  get roomIds(): number[] {
    return [...this.#rooms.keys()]
  }

  joinedMs(roomId: number): number | null {
    return this.#rooms.get(roomId) ?? null
  }

  join(roomId: number, nowMs: number): void {
    this.#rooms.set(roomId, nowMs)
  }

  /** Since when the user was there; undefined: was not. */
  leave(roomId: number): number | undefined {
    const joinedMs = this.#rooms.get(roomId)
    this.#rooms.delete(roomId)
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
