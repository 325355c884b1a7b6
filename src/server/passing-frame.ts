import type {UserMessage} from '../contract/messages.js'
import type {FrameArrival, MessageRecord, RefusalInfo} from '../contract/plugins.js'
import type {HookChains} from '../pipeline/hook-chains.js'
import type {TracedHook} from '../pipeline/message-trace.js'
import type {Read} from './read.js'
import {NO_MESSAGE, type Refused} from './replies.js'
import type {UserSession} from './user-session.js'

/**
 * A frame on its way, with what is known of it so far. It is also what the hooks are given, from `frameReceived` to
 * `afterMessage`: one object a message and no copies.
 */
export class PassingFrame implements FrameArrival, MessageRecord {
  readonly sizeBytes: number
  /** Undefined: the frame is no message, or was refused unread. */
  message: UserMessage | undefined = undefined
  error: RefusalInfo | null = null
  durationMs = 0
  handlingMs = 0
  /** Of a frame that is no message, as far as it could be read. */
  refused: Refused = NO_MESSAGE
  readonly read: Read
  /** What it meets from its arrival to its end, whatever plugins come and go meanwhile. */
  readonly chains: HookChains
  /** Null: nobody looked when it arrived, and none is known to have taken long. */
  hooks: TracedHook[] | null
  readonly #session: UserSession

  constructor({
    session,
    sizeBytes,
    read,
    chains,
    hooks,
  }: Pick<PassingFrame, 'sizeBytes' | 'read' | 'chains' | 'hooks'> & {session: UserSession}) {
    this.#session = session
    this.sizeBytes = sizeBytes
    this.read = read
    this.chains = chains
    this.hooks = hooks
  }

  get userId(): number {
    return this.#session.userId
  }

  get nickname(): string | undefined {
    return this.#session.nickname
  }

  get address(): string {
    return this.#session.address
  }

  get readId(): number {
    return this.read.id
  }

  get readAtMs(): number {
    return this.read.atMs
  }

  get readMonotonicMs(): number {
    return this.read.monotonicMs
  }

  refusedMessage(): Refused {
    const {message} = this
    if (message === undefined) return this.refused
    return {seq: message.seq, messageType: message.type, roomId: 'roomId' in message ? message.roomId : undefined}
  }
}
