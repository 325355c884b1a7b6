import type {Framing} from '../../../src/protocol/frame-reader.js'
import {createFrameReader} from '../../../src/protocol/framing.js'
import {Channel} from '../../../src/server/delivery/channel.js'
import {Flusher} from '../../../src/server/delivery/flusher.js'
import {Outbox, type Outlet} from '../../../src/server/delivery/outbox.js'
import {createCounters} from '../../../src/telemetry/counters.js'
import {ManualClock} from '../../helpers/manual-clock.js'

/** Keeps what is written to it. */
class Reader implements Outlet {
  readonly writable = true
  readonly writableLength = 0
  readonly framing: Framing
  readonly writes: Buffer[] = []
  readonly outbox: Outbox

  constructor(framing: Framing, flusher: Flusher) {
    this.framing = framing
    this.outbox = new Outbox(this, {onUnsent() {}}, flusher)
    this.outbox.framing = framing
  }

  destroy(): void {}

  write(bytes: Buffer | string | Uint8Array): boolean {
    this.writes.push(bytes as Buffer)
    return true
  }

  /** Everything received so far, frame by frame. */
  get frames(): string[] {
    const reader = createFrameReader(this.framing, 1_000_000)
    reader.push(Buffer.concat(this.writes))
    const frames: string[] = []
    for (let text = reader.next(); text !== null; text = reader.next()) frames.push(text)
    return frames
  }
}

/** Rooms and readers without a server and without sockets. */
export function createDelivery({tickMs = 0}: {tickMs?: number} = {}) {
  const clock = new ManualClock()
  const counters = createCounters()
  let flushes = 0
  const flusher = new Flusher({
    tickMs,
    clock,
    counters,
    afterFlush: () => {
      flushes += 1
    },
  })
  const members = new Map<number, Reader>()
  const channel = new Channel(members, flusher)
  return {
    clock,
    counters,
    flusher,
    channel,
    get flushes() {
      return flushes
    },
    /** A second room with some of the same members. */
    createRoom: (readers: Iterable<[number, Reader]>) => new Channel(new Map(readers), flusher),
    join(userId: number, framing: Framing = 'ndjson', reader = new Reader(framing, flusher)): Reader {
      channel.beforeChange()
      members.set(userId, reader)
      return reader
    },
    leave(userId: number): void {
      channel.beforeChange()
      members.delete(userId)
    },
    /** The end of this turn of the event loop. */
    turn: () => new Promise<void>(resolve => setImmediate(() => setImmediate(resolve))),
  }
}
