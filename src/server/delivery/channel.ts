import type {Flusher, Sealable} from './flusher.js'
import type {Outbox} from './outbox.js'
import {Segment} from './segment.js'

/** A member of a room, as far as delivery is concerned. */
export interface Receiver {
  readonly outbox: Outbox
}

/**
 * The way from a room to its members. The first frame of a turn opens a segment and puts it into every member's outbox;
 * those after it only add to the segment. So a message costs one encoding and one addition, and a turn costs one write a
 * member.
 */
export class Channel implements Sealable {
  readonly #members: ReadonlyMap<number, Receiver>
  readonly #flusher: Flusher
  #open: Segment | null = null
  /** Of the members, as long as they stay the same; null: not asked for since they changed. */
  #outboxes: readonly Outbox[] | null = null

  constructor(members: ReadonlyMap<number, Receiver>, flusher: Flusher) {
    this.#members = members
    this.#flusher = flusher
  }

  /** Sends a line (a frame and its newline) to all members, at the next place in the room's order. */
  send(line: string): void {
    this.#open ??= this.#openSegment()
    this.#open.add(line)
  }

  /**
   * Sends each member a line of its own, all at the next place in the room's order. `lineFor` is asked once a member;
   * those who get the same line should get the same string.
   */
  sendEach(lineFor: (userId: number) => string): void {
    this.seal()
    const groups = new Map<string, Outbox[]>()
    for (const [userId, {outbox}] of this.#members) {
      const line = lineFor(userId)
      const group = groups.get(line)
      if (group === undefined) groups.set(line, [outbox])
      else group.push(outbox)
    }
    for (const [line, outboxes] of groups) {
      const segment = new Segment()
      segment.add(line)
      this.#flusher.deliver(segment, outboxes)
    }
  }

  /** To be called before the members change: a segment belongs to those who were in when it was opened. */
  beforeChange(): void {
    this.seal()
    this.#outboxes = null
  }

  seal(): void {
    this.#open = null
  }

  #openSegment(): Segment {
    const segment = new Segment()
    this.#outboxes ??= Array.from(this.#members.values(), ({outbox}) => outbox)
    this.#flusher.deliver(segment, this.#outboxes)
    this.#flusher.sealLater(this)
    return segment
  }
}
