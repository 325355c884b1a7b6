/** Anyone who can be in a room. */
export interface Occupant {
  readonly userId: number
}

/** Who is in a room. Knows nothing of sockets, frames or games. */
export class Room<Member extends Occupant> {
  readonly id: number
  /** Wall time, in milliseconds since the epoch. */
  readonly createdAtMs: number
  /** By user id, in the order of joining. Bounded by the limit on members. Changed only by the registry. */
  readonly members = new Map<number, Member>()
  /** Monotonic time since which nobody is in, or null. */
  emptySinceMs: number | null = null

  constructor(id: number, createdAtMs: number) {
    this.id = id
    this.createdAtMs = createdAtMs
  }
}
