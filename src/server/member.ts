import type {Outbox} from './delivery/outbox.js'
import type {UserSession} from './user-session.js'

/** One user in one room. */
export class Member {
  readonly userId: number
  readonly session: UserSession
  readonly outbox: Outbox
  /** Wall time, in milliseconds since the epoch. */
  readonly joinedAtMs: number
  readonly #roomId: number
  #chatHead: string | null = null

  constructor(session: UserSession, roomId: number, joinedAtMs: number) {
    this.userId = session.userId
    this.session = session
    this.outbox = session.outbox
    this.joinedAtMs = joinedAtMs
    this.#roomId = roomId
  }

  /** What comes before the text in a `chat` frame; the same for everything this member says in this room. */
  get chatHead(): string {
    this.#chatHead ??= this.#buildChatHead()
    return this.#chatHead
  }

  #buildChatHead(): string {
    const sender = JSON.stringify(this.session.info).slice(1, -1)
    // Joined, and so in one piece: a string that was added up is put together again with every use.
    return ['{"type":"chat","roomId":', this.#roomId, ',', sender, ',"message":"'].join('')
  }
}
