import type {Outbox} from './delivery/outbox.js'
import type {LiveRoom} from './live-room.js'
import type {UserSession} from './user-session.js'

/** One user in one room. */
export class Member {
  readonly userId: number
  readonly room: LiveRoom
  readonly session: UserSession
  readonly outbox: Outbox
  /** Wall time, in milliseconds since the epoch. */
  readonly joinedAtMs: number
  #chatHead: string | null = null

  constructor(session: UserSession, room: LiveRoom, joinedAtMs: number) {
    this.userId = session.userId
    this.room = room
    this.session = session
    this.outbox = session.outbox
    this.joinedAtMs = joinedAtMs
  }

  /** What comes before the text in a `chat` frame; the same for everything this member says in this room. */
  get chatHead(): string {
    this.#chatHead ??= this.#buildChatHead()
    return this.#chatHead
  }

  #buildChatHead(): string {
    const sender = JSON.stringify(this.session.info).slice(1, -1)
    // Joined, and so in one piece: a string that was added up is put together again with every use.
    return ['{"type":"chat","roomId":', this.room.id, ',', sender, ',"message":"'].join('')
  }
}
