import type {Dropped, TraceEvent} from '../contract/admin.js'
import type {Clock} from '../contract/clock.js'
import type {ClientMessageType} from '../contract/messages.js'
import type {RefusalInfo, TimedHook} from '../contract/plugins.js'
import {GsError} from '../errors.js'
import {EventQueue} from '../util/event-queue.js'

const MAX_READERS = 32

/** Whose messages are shown. What is left out does not matter, so an empty filter shows all. */
export interface TraceFilter {
  readonly userId?: number | undefined
  readonly roomId?: number | undefined
  /** In canonical form. */
  readonly address?: string | undefined
}

export interface TraceOptions {
  readonly filter: TraceFilter
  /** The trace ends by itself after this time: 1 to 2 147 483 647 ms. */
  readonly forMs: number
  /** Ends it before. */
  readonly signal?: AbortSignal | undefined
}

/** One that may still be running. */
export type TracedHook = {-readonly [Key in keyof TimedHook]: TimedHook[Key]}

/** What became of a message. Of its content there is only the type: nobody's words are shown. */
export interface TracedMessage {
  readonly userId: number
  readonly address: string
  readonly roomId: number | undefined
  readonly type: ClientMessageType | undefined
  readonly sizeBytes: number
  readonly error: Pick<RefusalInfo, 'code' | 'rule'> | null
  readonly durationMs: number
  readonly hooks: readonly TracedHook[]
}

/** Shows operators messages on their way through the hooks. While nobody looks it does not exist for the messages. */
export class MessageTrace {
  readonly #clock: Clock
  readonly #onLooked: (trace: MessageTrace | null) => void
  /** At most 32. */
  readonly #readers = new Map<EventQueue<TraceEvent>, TraceFilter>()

  /** `onLooked` is told when the first reader comes, and, with null, when the last one has gone. */
  constructor({clock, onLooked}: {clock: Clock; onLooked: (trace: MessageTrace | null) => void}) {
    this.#clock = clock
    this.#onLooked = onLooked
  }

  /**
   * Messages that arrive from now on, each when its handling has ended. A reader that is too slow loses the oldest and is
   * told how many.
   *
   * @throws {GsError} limit_reached when 32 traces run already.
   */
  subscribe({filter, forMs, signal}: TraceOptions): AsyncIterableIterator<TraceEvent | Dropped> {
    if (this.#readers.size >= MAX_READERS) {
      throw new GsError('limit_reached', `${MAX_READERS} traces run already, which is the limit`)
    }
    const cancel = this.#clock.after(forMs, () => queue.end())
    const queue = new EventQueue<TraceEvent>({
      signal,
      onEnd: () => {
        cancel()
        this.#readers.delete(queue)
        if (this.#readers.size === 0) this.#onLooked(null)
      },
    })
    if (queue.hasEnded) {
      cancel()
      return queue
    }
    this.#readers.set(queue, filter)
    this.#onLooked(this)
    return queue
  }

  show(message: TracedMessage): void {
    let event: TraceEvent | undefined
    for (const [queue, filter] of this.#readers) {
      if (!matches(message, filter)) continue
      event ??= toEvent(message, this.#clock.nowMs())
      queue.push(event)
    }
  }

  /** Ends all traces. */
  close(): void {
    for (const queue of this.#readers.keys()) queue.end()
  }
}

function matches(message: TracedMessage, {userId, roomId, address}: TraceFilter): boolean {
  return (
    (userId === undefined || userId === message.userId) &&
    (roomId === undefined || roomId === message.roomId) &&
    (address === undefined || address === message.address)
  )
}

function toEvent(message: TracedMessage, nowMs: number): TraceEvent {
  const {userId, address, roomId, type, sizeBytes, error, durationMs, hooks} = message
  return {
    time: new Date(nowMs).toISOString(),
    userId,
    address,
    roomId: roomId ?? null,
    type: type ?? null,
    sizeBytes,
    error: error?.code ?? null,
    rule: error?.rule ?? null,
    durationMs,
    hooks,
  }
}
