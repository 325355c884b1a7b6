import type {ClientMessageType} from '../../contract/messages.js'
import {MINUTE_MS} from './utc.js'

/** Accepted messages of one user, to one room, of one type, that have not been summed up yet. */
export interface MessageCell {
  readonly userId: number
  /** 0: none. */
  readonly roomId: number
  readonly type: ClientMessageType
  count: number
}

/** Of one who has counted nothing yet; no message is like it. */
const NO_CELL: MessageCell = {userId: 0, roomId: -1, type: 'heartbeat', count: 0}

/** What counting needs of a user, kept with the session so that a message costs no search as a rule. */
export class MessageSender {
  readonly userId: number
  /** The session's beginning. A message may be before it, as its time is that of its read, which may be hello's. */
  startedMs: number
  /** Last message but heartbeat; 0: none. */
  lastActiveMs = 0
  /** The one that counted last. */
  cell: MessageCell = NO_CELL
  /** All, once there are two. Bounded by what the user sends within a minute; emptied with it. */
  #cells: Map<string, MessageCell> | null = null

  constructor(userId: number, startedMs: number) {
    this.userId = userId
    this.startedMs = startedMs
  }

  cellOf(roomId: number, type: ClientMessageType): MessageCell {
    const key = keyOf({roomId, type})
    let cell = this.#cells?.get(key)
    if (cell === undefined) {
      cell = {userId: this.userId, roomId, type, count: 0}
      if (this.cell !== NO_CELL) {
        this.#cells ??= new Map([[keyOf(this.cell), this.cell]])
        this.#cells.set(key, cell)
      }
    }
    this.cell = cell
    return cell
  }

  forgetCells(): void {
    this.#cells = null
    this.cell = NO_CELL
  }
}

function keyOf({roomId, type}: Pick<MessageCell, 'roomId' | 'type'>): string {
  return `${type}:${roomId}`
}

/** A part is taken away early when it has this many cells. */
const MAX_CELLS = 1000

/** What became of the messages of a while; `minuteMs` is the one that all of them are part of. */
export interface CountedMessages {
  readonly minuteMs: number
  /** All of it was before. */
  readonly untilMs: number
  readonly cells: readonly {
    readonly userId: number
    readonly roomId: number
    readonly type: ClientMessageType
    readonly count: number
  }[]
  /** Everybody who sent anything but heartbeats, refused messages included. */
  readonly active: readonly {readonly userId: number; readonly lastActiveMs: number}[]
}

/**
 * Counts messages at the least cost: a comparison or two and an addition for each. What was counted is taken away in
 * parts, each of one minute.
 */
export class MessageCounter {
  readonly #onFull: (nowMs: number) => void
  /** Cells that have counted since the last part, bounded by `MAX_CELLS`, and their senders. */
  #dirty: MessageCell[] = []
  #active = new Set<MessageSender>()
  #minuteMs: number
  /** The minute's end. */
  endMs: number

  /** `onFull` takes what was counted. */
  constructor(nowMs: number, onFull: (nowMs: number) => void) {
    this.#onFull = onFull
    this.#minuteMs = nowMs - (nowMs % MINUTE_MS)
    this.endMs = this.#minuteMs + MINUTE_MS
  }

  get isEmpty(): boolean {
    return this.#active.size === 0
  }

  count(sender: MessageSender, roomId: number, type: ClientMessageType, atMs: number): void {
    let {cell} = sender
    if (cell.roomId !== roomId || cell.type !== type) cell = sender.cellOf(roomId, type)
    if (cell.count === 0) {
      if (this.#dirty.length >= MAX_CELLS) this.#onFull(atMs)
      this.#dirty.push(cell)
      this.#active.add(sender)
    }
    cell.count += 1
    sender.lastActiveMs = atMs
  }

  /** A message that was refused. */
  noteActive(sender: MessageSender, atMs: number): void {
    sender.lastActiveMs = atMs
    this.#active.add(sender)
  }

  /** Takes away what was counted, and goes on in the minute of `nowMs`, if that is a later one. */
  take(nowMs: number): CountedMessages {
    const counted: CountedMessages = {
      minuteMs: this.#minuteMs,
      untilMs: Math.max(this.#minuteMs, Math.min(nowMs, this.endMs - 1)),
      cells: this.#dirty.map(cell => ({...cell})),
      active: [...this.#active].map(({userId, startedMs, lastActiveMs}) => ({
        userId,
        lastActiveMs: Math.max(startedMs, lastActiveMs),
      })),
    }
    for (const cell of this.#dirty) cell.count = 0
    if (nowMs >= this.endMs) {
      for (const sender of this.#active) sender.forgetCells()
      this.#minuteMs = nowMs - (nowMs % MINUTE_MS)
      this.endMs = this.#minuteMs + MINUTE_MS
    }
    this.#dirty = []
    this.#active = new Set()
    return counted
  }

  forget(userId: number): void {
    for (const cell of this.#dirty) if (cell.userId === userId) cell.count = 0
    this.#dirty = this.#dirty.filter(cell => cell.userId !== userId)
    for (const sender of this.#active) if (sender.userId === userId) this.#active.delete(sender)
  }
}
