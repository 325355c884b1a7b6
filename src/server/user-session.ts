import type {CloseReason} from '../contract/codes.js'
import type {MemberInfo} from '../contract/messages.js'
import type {Traffic, UserView} from '../contract/views.js'
import type {Outbox} from './delivery/outbox.js'

const NO_ROOMS: readonly number[] = []

/** What a `goodbye` says besides its reason. */
export interface Farewell {
  readonly message?: string | undefined
  readonly retryAfterMs?: number | undefined
}

/** The part of a connection that a session knows. */
export interface SessionConnection extends Traffic {
  close(reason: CloseReason, farewell?: Farewell): void
}

/** A user from `welcome` to the close of the connection. Knows no socket: what it says goes into its outbox. */
export class UserSession {
  readonly userId: number
  readonly nickname: string | undefined
  readonly isGuest: boolean
  readonly sessionId: string
  readonly address: string
  /** Wall time, in milliseconds since the epoch. */
  readonly connectedAtMs: number
  readonly outbox: Outbox
  readonly #connection: SessionConnection
  /** Most users are in one room, and a set takes three times what this does. */
  #roomIds: readonly number[] = NO_ROOMS
  isClosed = false

  constructor(
    options: Pick<UserSession, 'userId' | 'nickname' | 'isGuest' | 'sessionId' | 'address' | 'connectedAtMs'> &
      Pick<UserSession, 'outbox'> & {connection: SessionConnection},
  ) {
    this.userId = options.userId
    this.nickname = options.nickname
    this.isGuest = options.isGuest
    this.sessionId = options.sessionId
    this.address = options.address
    this.connectedAtMs = options.connectedAtMs
    this.outbox = options.outbox
    this.#connection = options.connection
  }

  /** Live: read when asked for. */
  get traffic(): Traffic {
    return this.#connection
  }

  /** Ends the connection. */
  close(reason: CloseReason, farewell?: Farewell): void {
    this.#connection.close(reason, farewell)
  }

  /** Ids of the rooms the user is in, in the order of joining; bounded by `server.roomsPerUser`. Another list after each change. */
  get roomIds(): readonly number[] {
    return this.#roomIds
  }

  /** The user must not be there. */
  joined(roomId: number): void {
    // A list that is joined to another takes the room that it needs; one that grows takes that of 17.
    this.#roomIds = this.#roomIds.concat([roomId])
  }

  left(roomId: number): void {
    this.#roomIds = this.#roomIds.filter(id => id !== roomId)
  }

  get info(): MemberInfo {
    return this.nickname === undefined ? {userId: this.userId} : {userId: this.userId, nickname: this.nickname}
  }

  view(): UserView {
    return {
      userId: this.userId,
      nickname: this.nickname,
      isGuest: this.isGuest,
      sessionId: this.sessionId,
      address: this.address,
      connectedAtMs: this.connectedAtMs,
      roomIds: this.roomIds,
      traffic: {
        messageCount: this.traffic.messageCount,
        bytesIn: this.traffic.bytesIn,
        bytesOut: this.traffic.bytesOut,
        unsentBytes: this.traffic.unsentBytes,
        lastReadAtMs: this.traffic.lastReadAtMs,
      },
    }
  }
}
