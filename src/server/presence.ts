import {MAX_LISTED_MEMBERS} from '../protocol/limits.js'
import type {LiveRoom} from './live-room.js'
import type {Member} from './member.js'
import {encodeLine} from './replies.js'

/** Least time between two `members_changed` of a room. */
const SUMMARY_INTERVAL_MS = 1000

/**
 * [protocol 3] Tells a room who comes and goes. In a large room single announcements would grow with the square of its
 * size, so there they are summed up.
 */
export class Presence {
  /** Rooms with something to announce; bounded by the number of rooms. */
  readonly #waiting = new Set<LiveRoom>()
  #isMuted = false

  /** To be called before the member is in the room. */
  announceJoin(room: LiveRoom, member: Member, nowMs: number): void {
    this.#announce(room, room.members.size + 1, 'joined', member, nowMs)
  }

  /** To be called after the member has left the room. */
  announceLeave(room: LiveRoom, member: Member, nowMs: number): void {
    this.#announce(room, room.members.size + 1, 'left', member, nowMs)
  }

  /** Sends the summaries that are due. `monotonicMs` decides, `nowMs` is wall time. */
  sweep(monotonicMs: number, nowMs: number): void {
    for (const room of this.#waiting) {
      if (monotonicMs - room.announcedAtMs < SUMMARY_INTERVAL_MS) continue
      room.announcedAtMs = monotonicMs
      this.#sendSummary(room, nowMs)
    }
  }

  mute(): void {
    this.#isMuted = true
    this.#waiting.clear()
  }

  forget(room: LiveRoom): void {
    this.#waiting.delete(room)
  }

  #announce(room: LiveRoom, sizeWithMember: number, what: 'joined' | 'left', member: Member, nowMs: number): void {
    if (this.#isMuted) return
    if (sizeWithMember > MAX_LISTED_MEMBERS) {
      room.unannounced[what] += 1
      this.#waiting.add(room)
      return
    }
    if (this.#waiting.has(room)) this.#sendSummary(room, nowMs)
    if (room.members.size === 0) return
    const type = what === 'joined' ? 'member_joined' : 'member_left'
    room.send(encodeLine({type, roomId: room.id, ...member.session.info}), nowMs)
  }

  #sendSummary(room: LiveRoom, nowMs: number): void {
    const {joined, left} = room.unannounced
    room.unannounced.joined = 0
    room.unannounced.left = 0
    this.#waiting.delete(room)
    if (room.members.size === 0) return
    room.send(encodeLine({type: 'members_changed', roomId: room.id, joined, left, userCount: room.members.size}), nowMs)
  }
}
