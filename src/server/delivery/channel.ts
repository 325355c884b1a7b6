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
 *
 * Whoever changes the members seals first: a segment belongs to those who were in when it was opened.
 */
export class Channel {
  readonly #members: ReadonlyMap<number, Receiver>
  readonly #onOpen: (channel: Channel) => void
  #open: Segment | null = null

  /** `onOpen` is told when a segment opens, so that it can be sealed at the end of the turn. */
  constructor(members: ReadonlyMap<number, Receiver>, onOpen: (channel: Channel) => void) {
    this.#members = members
    this.#onOpen = onOpen
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
    const segments = new Map<string, Segment>()
    for (const [userId, member] of this.#members) {
      const line = lineFor(userId)
      let segment = segments.get(line)
      if (segment === undefined) {
        segment = new Segment()
        segment.add(line)
        segments.set(line, segment)
      }
      member.outbox.add(segment)
    }
  }

  /** Ends the current segment without writing it. */
  seal(): void {
    this.#open = null
  }

  #openSegment(): Segment {
    const segment = new Segment()
    for (const member of this.#members.values()) member.outbox.add(segment)
    this.#onOpen(this)
    return segment
  }
}
