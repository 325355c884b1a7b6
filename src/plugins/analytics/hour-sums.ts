/** What one user did within one hour. */
export interface UserSums {
  readonly userId: number
  /** First and last sign of the user in this hour. */
  firstSeenMs: number
  lastSeenMs: number
  /** Last message but heartbeat; 0: none. */
  lastActiveMs: number
  sessions: number
  messages: number
  gamesPlayed: number
  gamesWon: number
}

/** What happened in one room within one hour. */
export interface RoomSums {
  readonly roomId: number
  firstSeenMs: number
  lastSeenMs: number
  visits: number
  endedVisits: number
  visitMs: number
  peakUsers: number
  messages: number
  gamesPlayed: number
  /** Users that were not counted in this room and hour before. */
  presentUsers: number
}

/** Sums over one hour, from which those over days and for ever are made. Bounded by what users and rooms there were. */
export class HourSums {
  readonly hourMs: number
  readonly users = new Map<number, UserSums>()
  /** Room 0 stands for the whole server, and only its `presentUsers` counts. */
  readonly rooms = new Map<number, RoomSums>()
  /** Events by type. */
  readonly types = new Map<string, number>()

  constructor(hourMs: number) {
    this.hourMs = hourMs
  }

  user(userId: number, atMs: number): UserSums {
    const known = this.users.get(userId)
    if (known !== undefined) {
      if (atMs > known.lastSeenMs) known.lastSeenMs = atMs
      return known
    }
    const sums: UserSums = {
      userId,
      firstSeenMs: atMs,
      lastSeenMs: atMs,
      lastActiveMs: 0,
      sessions: 0,
      messages: 0,
      gamesPlayed: 0,
      gamesWon: 0,
    }
    this.users.set(userId, sums)
    return sums
  }

  room(roomId: number, atMs: number): RoomSums {
    const known = this.rooms.get(roomId)
    if (known !== undefined) {
      if (atMs > known.lastSeenMs) known.lastSeenMs = atMs
      return known
    }
    const sums: RoomSums = {
      roomId,
      firstSeenMs: atMs,
      lastSeenMs: atMs,
      visits: 0,
      endedVisits: 0,
      visitMs: 0,
      peakUsers: 0,
      messages: 0,
      gamesPlayed: 0,
      presentUsers: 0,
    }
    this.rooms.set(roomId, sums)
    return sums
  }

  count(type: string, events = 1): void {
    this.types.set(type, (this.types.get(type) ?? 0) + events)
  }

  /** Adds sums of the same hour. */
  absorb(other: HourSums): void {
    for (const more of other.users.values()) {
      const sums = this.user(more.userId, more.lastSeenMs)
      sums.firstSeenMs = Math.min(sums.firstSeenMs, more.firstSeenMs)
      sums.lastActiveMs = Math.max(sums.lastActiveMs, more.lastActiveMs)
      sums.sessions += more.sessions
      sums.messages += more.messages
      sums.gamesPlayed += more.gamesPlayed
      sums.gamesWon += more.gamesWon
    }
    for (const more of other.rooms.values()) {
      const sums = this.room(more.roomId, more.lastSeenMs)
      sums.firstSeenMs = Math.min(sums.firstSeenMs, more.firstSeenMs)
      sums.visits += more.visits
      sums.endedVisits += more.endedVisits
      sums.visitMs += more.visitMs
      sums.peakUsers = Math.max(sums.peakUsers, more.peakUsers)
      sums.messages += more.messages
      sums.gamesPlayed += more.gamesPlayed
      sums.presentUsers += more.presentUsers
    }
    for (const [type, events] of other.types) this.count(type, events)
  }
}
