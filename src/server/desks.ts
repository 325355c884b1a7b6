import type {RoomDirectory, RoomOverview, RoomView, UserDirectory, UserView} from '../contract/views.js'
import type {LiveRoom} from './live-room.js'
import {encodeLine} from './replies.js'
import type {RoomService} from './room-service.js'
import type {UserSession} from './user-session.js'

const DEFAULT_LIMIT = 20

/** The rooms of a running server, to look at and to act upon. */
export class RoomDesk implements RoomDirectory {
  readonly #service: () => RoomService
  readonly #nowMs: () => number

  constructor(service: () => RoomService, nowMs: () => number) {
    this.#service = service
    this.#nowMs = nowMs
  }

  get count(): number {
    return this.#service().count
  }

  get(roomId: number): RoomView | undefined {
    return this.#find(roomId)?.view()
  }

  list(limit = DEFAULT_LIMIT): RoomView[] {
    return this.#service()
      .fullest(limit)
      .map(room => room.view())
  }

  overview(limit = DEFAULT_LIMIT): RoomOverview[] {
    return this.#service()
      .fullest(limit)
      .map(room => room.overview())
  }

  eachMessageCount(visit: (roomId: number, messageCount: number) => void): void {
    for (const room of this.#service().all()) visit(room.id, room.messageCount)
  }

  /** Ends a room: its game, then every membership. False: there is none. */
  close(roomId: number, message?: string): boolean {
    const room = this.#find(roomId)
    if (room !== undefined) this.#service().close(room, message)
    return room !== undefined
  }

  /** Sends everybody in a room an operator's notice. Returns how many that are. */
  notice(roomId: number, message: string): number {
    const room = this.#find(roomId)
    if (room === undefined || room.members.size === 0) return 0
    room.send(encodeLine({type: 'notice', message}), this.#nowMs())
    return room.members.size
  }

  #find(roomId: number): LiveRoom | undefined {
    return this.#service().get(roomId)
  }
}

/** The connected users of a running server, to look at and to act upon. */
export class UserDesk implements UserDirectory {
  readonly #sessions: ReadonlyMap<number, UserSession>

  constructor(sessions: ReadonlyMap<number, UserSession>) {
    this.#sessions = sessions
  }

  get count(): number {
    return this.#sessions.size
  }

  get(userId: number): UserView | undefined {
    return this.#sessions.get(userId)?.view()
  }

  list(limit = DEFAULT_LIMIT): UserView[] {
    return [...this.#sessions.values().take(limit)].map(session => session.view())
  }

  eachMessageCount(visit: (userId: number, messageCount: number) => void): void {
    for (const session of this.#sessions.values()) visit(session.userId, session.traffic.messageCount)
  }

  /** Ends a user's connection; seats in games are given up. False: there is no such user. */
  kick(userId: number, message?: string): boolean {
    const session = this.#sessions.get(userId)
    session?.close('kicked', {message})
    return session !== undefined
  }

  /** Sends everybody an operator's notice. Returns how many that are. */
  notice(message: string): number {
    const line = encodeLine({type: 'notice', message})
    for (const session of this.#sessions.values()) session.outbox.add(line)
    return this.#sessions.size
  }
}
