import type {Framing} from '../../protocol/frame-reader.js'
import {encodeFrame} from '../encode-frame.js'
import type {LoadClient} from './load-plan.js'
import {Stamp, stampedText} from './stamp.js'

/** Makes the frames of one publisher, and tells its own when they come back. */
export class Publisher {
  /** Sent and neither back nor refused. */
  inFlight = 0
  /** In `window` mode: to be sent when the current read has been taken. */
  due = 0
  readonly #stamp: Stamp
  readonly #frame: Buffer
  readonly #stampAt: number

  constructor({index, roomId}: LoadClient, {payloadBytes, framing}: {payloadBytes: number; framing: Framing}) {
    this.#stamp = new Stamp(index)
    this.#frame = encodeFrame({type: 'chat', roomId, message: stampedText(index, payloadBytes)}, framing)
    this.#stampAt = this.#stamp.findIn(this.#frame)
  }

  /** The bytes of `count` messages that leave at `timeUs`. */
  frames(count: number, timeUs: number): Buffer {
    const {length} = this.#frame
    const bytes = Buffer.allocUnsafe(length * count)
    for (let index = 0; index < count; index += 1) {
      this.#frame.copy(bytes, index * length)
      this.#stamp.write(bytes, index * length + this.#stampAt, timeUs)
    }
    this.inFlight += count
    return bytes
  }

  /** How long the frame between `start` and `end` was on its way, in microseconds; -1 when it is somebody else's. */
  ageUs(bytes: Buffer, start: number, end: number, nowUs: number): number {
    return this.#stamp.ageUs(bytes, start, end, nowUs)
  }
}
