import type {Clock} from '../contract/clock.js'
import type {Counters} from '../contract/counters.js'
import type {MemberInfo} from '../contract/messages.js'
import type {RefusalInfo, SavedGame} from '../contract/plugins.js'
import type {HookRunner} from '../pipeline/hook-runner.js'
import {MAX_LISTED_MEMBERS, MAX_SERVER_FRAME_BYTES} from '../protocol/limits.js'
import {RoomRegistry} from '../rooms/room-registry.js'
import type {Flusher} from './delivery/flusher.js'
import type {GameService} from './game-service.js'
import {LiveRoom} from './live-room.js'
import {Member} from './member.js'
import {Presence} from './presence.js'
import {refusal, seqJson} from './replies.js'
import type {UserSession} from './user-session.js'

export interface RoomLimits {
  readonly roomsPerUser: number
  readonly membersPerRoom: number
  readonly maxRooms: number
  readonly emptyRoomTtlMs: number
}

/** Why somebody leaves: by `leave_room`, by a lost connection, or by an operator's hand. */
export type LeaveCause = 'left' | 'lost' | 'kicked'

export interface Membership {
  readonly room: LiveRoom
  readonly member: Member
}

/** Lets users in and out of rooms, and makes and removes the rooms. */
export class RoomService {
  readonly #limits: RoomLimits
  readonly #clock: Clock
  readonly #runner: HookRunner
  readonly #counters: Counters
  readonly #games: GameService
  readonly #flusher: Flusher
  /** Asked for last: several messages of one user tend to come together. */
  #lastMembership: Membership | null = null
  readonly #registry = new RoomRegistry<Member, LiveRoom>()
  readonly #presence = new Presence()
  /** Rooms whose game is being looked for, with the promise of the end of that; bounded by users with a join under way. */
  readonly #opening = new Map<number, Promise<void>>()

  constructor(options: {
    limits: RoomLimits
    clock: Clock
    runner: HookRunner
    counters: Counters
    games: GameService
    flusher: Flusher
  }) {
    this.#limits = options.limits
    this.#clock = options.clock
    this.#runner = options.runner
    this.#counters = options.counters
    this.#games = options.games
    this.#flusher = options.flusher
  }

  get count(): number {
    return this.#registry.count
  }

  get(roomId: number): LiveRoom | undefined {
    return this.#registry.get(roomId)
  }

  all(): Iterable<LiveRoom> {
    return this.#registry.values()
  }

  fullest(limit: number): LiveRoom[] {
    return this.#registry.fullest(limit)
  }

  /** The user's membership, or undefined when there is none: the same for rooms that exist and that do not. */
  membership(session: UserSession, roomId: number): Membership | undefined {
    const last = this.#lastMembership
    if (last !== null && last.member.session === session && last.room.id === roomId) return last
    const room = this.#registry.get(roomId)
    const member = room?.members.get(session.userId)
    if (room === undefined || member === undefined) return undefined
    this.#lastMembership = {room, member}
    return this.#lastMembership
  }

  /** A promise is returned only when a plugin looks for the room's saved game and takes its time. */
  join(
    session: UserSession,
    roomId: number,
    seq: number | undefined,
  ): RefusalInfo | null | Promise<RefusalInfo | null> {
    const objection = this.#objectionToJoin(session, roomId)
    if (objection !== null) return objection
    const room = this.#registry.get(roomId)
    if (room !== undefined) return this.#admit(session, room, seq)

    const opening = this.#opening.get(roomId) ?? this.#open(roomId, session.userId)
    if (opening instanceof LiveRoom) return this.#admit(session, opening, seq)
    // Everything may have changed by then, so the join begins anew.
    return opening.then(() => (session.isClosed ? null : this.join(session, roomId, seq)))
  }

  leave(session: UserSession, room: LiveRoom, cause: LeaveCause, seq?: number): void {
    const member = room.members.get(session.userId)
    if (member === undefined) return
    const nowMs = this.#clock.nowMs()
    this.#takeOut(room, member)
    if (cause === 'left') session.outbox.add(`{"type":"room_left","roomId":${room.id}${seqJson(seq)}}\n`)
    this.#presence.announceLeave(room, member, nowMs)
    this.#runner.emit('roomLeft', {
      roomId: room.id,
      userId: session.userId,
      userCount: room.members.size,
      durationMs: Math.max(0, nowMs - member.joinedAtMs),
    })
    if (cause === 'lost') this.#games.holdSeat(room, session.userId)
    else this.#games.giveUpSeat(room, session.userId)
  }

  leaveAll(session: UserSession, cause: LeaveCause): void {
    for (const roomId of session.roomIds) {
      const room = this.#registry.get(roomId)
      if (room !== undefined) this.leave(session, room, cause)
    }
  }

  /** Ends a room: its game, then every membership, told by `room_closed`. */
  close(room: LiveRoom, message?: string): void {
    const nowMs = this.#clock.nowMs()
    this.#games.stop(room, 'room_closed')
    room.send(`${JSON.stringify({type: 'room_closed', roomId: room.id, message})}\n`, nowMs)
    for (const member of [...room.members.values()]) {
      this.#takeOut(room, member)
      this.#runner.emit('roomLeft', {
        roomId: room.id,
        userId: member.userId,
        userCount: room.members.size,
        durationMs: Math.max(0, nowMs - member.joinedAtMs),
      })
    }
    this.#remove(room)
  }

  /** Announces nothing from now on: the server stops, and everybody leaves. */
  mute(): void {
    this.#presence.mute()
  }

  /** Sums up comings and goings, and removes rooms that were empty for long. */
  sweep(): void {
    const monotonicMs = this.#clock.monotonicMs()
    this.#presence.sweep(monotonicMs, this.#clock.nowMs())
    for (const room of this.#registry.emptyFor(this.#limits.emptyRoomTtlMs, monotonicMs)) {
      if (this.#isDispensable(room)) this.#remove(room)
    }
  }

  #objectionToJoin(session: UserSession, roomId: number): RefusalInfo | null {
    const {roomsPerUser, maxRooms, membersPerRoom} = this.#limits
    if (session.roomIds.includes(roomId)) return refusal('already_in_room', `you are in room ${roomId} already`)
    if (session.roomIds.length >= roomsPerUser) {
      return refusal('limit_reached', `you are in ${roomsPerUser} rooms, which is the limit; leave one first`)
    }
    const room = this.#registry.get(roomId)
    if (room === undefined && this.#registry.count >= maxRooms && !this.#dropEmptyRoom()) {
      return refusal('limit_reached', `there are ${maxRooms} rooms, which is the limit; join one of them or try later`)
    }
    if (room !== undefined && room.members.size >= membersPerRoom) {
      return refusal('room_full', `room ${roomId} has ${membersPerRoom} members, which is the limit`)
    }
    return null
  }

  /** When there are too many rooms, one that nobody is in and nobody is awaited in gives way. False: there is none. */
  #dropEmptyRoom(): boolean {
    for (const room of this.#registry.emptyFor(0, this.#clock.monotonicMs())) {
      if (!this.#isDispensable(room)) continue
      this.#remove(room)
      return true
    }
    return false
  }

  /** A seat that is held needs its room, unless a plugin keeps the game. */
  #isDispensable(room: LiveRoom): boolean {
    return this.#runner.keepsGames || !this.#games.isAwaiting(room)
  }

  #open(roomId: number, creatorId: number): LiveRoom | Promise<void> {
    const saved = this.#runner.restoreGame(roomId)
    if (!(saved instanceof Promise)) return this.#create(roomId, creatorId, saved)
    const opening = saved.then(late => {
      this.#opening.delete(roomId)
      if (this.#registry.count < this.#limits.maxRooms) this.#create(roomId, creatorId, late)
    })
    this.#opening.set(roomId, opening)
    return opening
  }

  #create(roomId: number, creatorId: number, saved: SavedGame | undefined): LiveRoom {
    const room = new LiveRoom(roomId, this.#clock.nowMs(), this.#flusher)
    this.#registry.add(room, this.#clock.monotonicMs())
    this.#counters.roomsCreated += 1
    this.#runner.emit('roomCreated', {roomId, creatorId})
    if (saved !== undefined) this.#games.restore(room, saved)
    return room
  }

  #admit(session: UserSession, room: LiveRoom, seq: number | undefined): null {
    const nowMs = this.#clock.nowMs()
    const member = new Member(session, room.id, nowMs)
    this.#presence.announceJoin(room, member, nowMs)
    room.channel.beforeChange()
    this.#registry.join(room, member)
    session.joined(room.id)
    this.#games.reclaimSeat(room, session.userId)
    session.outbox.add(this.#roomJoinedLine(room, member, seq))
    this.#runner.emit('roomJoined', {roomId: room.id, userId: session.userId, userCount: room.members.size})
    return null
  }

  #roomJoinedLine(room: LiveRoom, joiner: Member, seq: number | undefined): string {
    const game = this.#games.infoJson(room, joiner.userId)
    const head = `{"type":"room_joined","roomId":${room.id},"userCount":${room.members.size},"members":`
    const tail = `,"game":${game}${seqJson(seq)}}\n`
    const members = listMembers(room, joiner)
    let line = `${head}${JSON.stringify(members)}${tail}`
    // A large game state takes precedence over the list, which is cut anyway.
    while (members.length > 1 && Buffer.byteLength(line) > MAX_SERVER_FRAME_BYTES) {
      members.splice(0, Math.ceil((members.length - 1) / 2))
      line = `${head}${JSON.stringify(members)}${tail}`
    }
    return line
  }

  #takeOut(room: LiveRoom, {session}: Member): void {
    room.channel.beforeChange()
    this.#registry.leave(room, session.userId, this.#clock.monotonicMs())
    session.left(room.id)
    this.#lastMembership = null
  }

  #remove(room: LiveRoom): void {
    if (this.#runner.keepsGames && room.playing !== null) this.#games.park(room)
    else this.#games.stop(room, 'abandoned')
    this.#presence.forget(room)
    this.#registry.remove(room)
    this.#runner.emit('roomClosed', {roomId: room.id, durationMs: Math.max(0, this.#clock.nowMs() - room.createdAtMs)})
  }
}

/** The joiner, who came last, and the members who came first, as many as may be listed. */
function listMembers(room: LiveRoom, joiner: Member): MemberInfo[] {
  const others = room.members
    .values()
    .filter(member => member !== joiner)
    .take(MAX_LISTED_MEMBERS - 1)
  return [...others.map(member => member.session.info), joiner.session.info]
}
