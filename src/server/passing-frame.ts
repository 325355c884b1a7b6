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
  readonly userId: number
  readonly nickname: string | undefined
  readonly address: string
  readonly sizeBytes: number
  readonly readId: number
  readonly readAtMs: number
  /** Undefined: the frame is no message, or was refused unread. */
  message: UserMessage | undefined = undefined
  error: RefusalInfo | null = null
  durationMs = 0
  handlingMs = 0
  /** Of a frame that is no message, as far as it could be read. */
  refused: Refused = NO_MESSAGE
  readonly read: Read
  /** Monotonic time of the read. */
  readonly readMonotonicMs: number
  /** What it meets from its arrival to its end, whatever plugins come and go meanwhile. */
  readonly chains: HookChains
  /** Null: nobody looked when it arrived, and none is known to have taken long. */
  hooks: TracedHook[] | null

  constructor({
    session,
    sizeBytes,
    read,
    readMonotonicMs,
    chains,
    hooks,
  }: Pick<PassingFrame, 'sizeBytes' | 'read' | 'readMonotonicMs' | 'chains' | 'hooks'> & {session: UserSession}) {
    this.userId = session.userId
    this.nickname = session.nickname
    this.address = session.address
    this.sizeBytes = sizeBytes
    this.readId = read.id
    this.readAtMs = read.atMs
    this.read = read
    this.readMonotonicMs = readMonotonicMs
    this.chains = chains
    this.hooks = hooks
  }

  refusedMessage(): Refused {
    const {message} = this
    if (message === undefined) return this.refused
    return {seq: message.seq, messageType: message.type, roomId: 'roomId' in message ? message.roomId : undefined}
  }
}
