import type {Clock} from '../contract/clock.js'
import type {Counters} from '../contract/counters.js'
import type {Logger} from '../contract/logger.js'
import type {UserMessage} from '../contract/messages.js'
import type {RefusalInfo} from '../contract/plugins.js'
import {GsError} from '../errors.js'
import type {HookChains} from '../pipeline/hook-chains.js'
import type {HookRunner} from '../pipeline/hook-runner.js'
import type {MessageParser} from '../protocol/message-parser.js'
import {countRefusal} from '../telemetry/counters.js'
import {dispatch} from './handlers/dispatch.js'
import type {Read, Services} from './handlers/handler.js'
import {errorLine, NO_MESSAGE, notText, type Refused, refusal} from './replies.js'
import type {UserSession} from './user-session.js'

/** What a flow needs of the server. */
export interface FlowContext {
  readonly services: Services
  readonly runner: HookRunner
  readonly parser: MessageParser
  readonly counters: Counters
  readonly clock: Clock
  readonly log: Logger
  /** `maxInFlight`: most messages of one connection that are under way at a time. */
  readonly limits: {readonly maxInFlight: number}
}

/** What a flow asks of its connection. */
export interface FlowOwner {
  /** Too many messages wait: stop reading. */
  holdReading(): void
  resumeReading(): void
  /** A refusal asks that the sender be left unread for a while; undefined: it does not say how long. */
  pauseReading(durationMs: number | undefined): void
  /** One of the mistakes that are counted towards `protocol_abuse`. */
  noteMistake(): void
  /** All messages are handled. */
  onIdle(): void
}

/** Takes the frames of one connection, in their order. */
export interface FrameReceiver {
  /** False while a frame is under way. */
  readonly isIdle: boolean
  /** `text` is null when the frame's bytes are no UTF-8. */
  receive(text: string | null, sizeBytes: number, read: Read, readMonotonicMs: number): void
}

/** A frame on its way, with what is known of it. */
interface Item {
  /** Null: the frame is no message, or was refused unread. */
  readonly message: UserMessage | null
  readonly refusal: RefusalInfo | null
  readonly refused: Refused
  readonly sizeBytes: number
  readonly read: Read
  /** Monotonic time of the read. */
  readonly readMonotonicMs: number
}

const MISTAKES: ReadonlySet<string> = new Set(['bad_message', 'unknown_type'])

/**
 * [spec 5.1] A user's messages on their way through the pipeline: `frameReceived`, parsing, `beforeMessage`, the handler,
 * `afterMessage`. As long as nothing returns a promise, all of that happens at once. When something does, the messages
 * after it wait, so that a connection's messages are handled, and answered, strictly in their order.
 */
export class MessageFlow implements FrameReceiver {
  readonly #context: FlowContext
  readonly #session: UserSession
  readonly #owner: FlowOwner
  /** Frames behind the one that is under way; bounded by `maxInFlight`, beyond which reading is held. */
  readonly #queue: Item[] = []
  #isBusy = false

  constructor(context: FlowContext, session: UserSession, owner: FlowOwner) {
    this.#context = context
    this.#session = session
    this.#owner = owner
  }

  get isIdle(): boolean {
    return !this.#isBusy
  }

  receive(text: string | null, sizeBytes: number, read: Read, readMonotonicMs: number): void {
    const item = this.#screen(text, sizeBytes, read, readMonotonicMs)
    if (!this.#isBusy) {
      this.#process(item)
      return
    }
    this.#queue.push(item)
    // The one under way counts, too.
    if (this.#queue.length + 1 >= this.#context.limits.maxInFlight) this.#owner.holdReading()
  }

  #screen(text: string | null, sizeBytes: number, read: Read, readMonotonicMs: number): Item {
    const {runner, parser} = this.#context
    const chain = runner.chains.frameReceived
    if (chain.length > 0) {
      const {userId, address} = this.#session
      const verdict = runner.askNow(chain, {sizeBytes, userId, address, readId: read.id, readAtMs: read.atMs})
      if (verdict !== null) {
        return {message: null, refusal: verdict as RefusalInfo, refused: NO_MESSAGE, sizeBytes, read, readMonotonicMs}
      }
    }
    if (text === null) {
      return {message: null, refusal: notText(), refused: NO_MESSAGE, sizeBytes, read, readMonotonicMs}
    }
    const message = parser.parse(text)
    if (message === null) {
      const {problem} = parser
      const why = refusal(problem.code, problem.message)
      return {message: null, refusal: why, refused: problem, sizeBytes, read, readMonotonicMs}
    }
    if (message.type === 'hello') {
      const why = refusal('already_authenticated', `you are user ${this.#session.userId} already`)
      const refused: Refused = {seq: message.seq, messageType: 'hello', roomId: undefined}
      return {message: null, refusal: why, refused, sizeBytes, read, readMonotonicMs}
    }
    return {message, refusal: null, refused: NO_MESSAGE, sizeBytes, read, readMonotonicMs}
  }

  #process(item: Item): void {
    const {chains} = this.#context.runner
    const outcome = item.message === null ? item.refusal : this.#handle(item, item.message, chains)
    if (!(outcome instanceof Promise)) {
      this.#finish(item, outcome, chains)
      return
    }
    this.#isBusy = true
    void outcome.then(late => {
      this.#finish(item, late, chains)
      this.#isBusy = false
      this.#continue()
    })
  }

  #handle(item: Item, message: UserMessage, chains: HookChains): RefusalInfo | null | Promise<RefusalInfo | null> {
    const chain = chains.beforeMessage
    if (chain.length === 0) return this.#act(item, message)
    const {userId, nickname, address} = this.#session
    const {sizeBytes, read} = item
    const verdict = this.#context.runner.ask(chain, {
      userId,
      nickname,
      address,
      sizeBytes,
      readId: read.id,
      readAtMs: read.atMs,
      message,
    })
    if (verdict instanceof Promise) {
      return verdict.then(late => (late === null ? this.#act(item, message) : (late as RefusalInfo)))
    }
    return verdict === null ? this.#act(item, message) : (verdict as RefusalInfo)
  }

  #act(item: Item, message: UserMessage): RefusalInfo | null | Promise<RefusalInfo | null> {
    // A hook may have taken so long that the user is gone.
    if (this.#session.isClosed) return refusal('not_authenticated', 'the connection ended before this was handled')
    try {
      const outcome = dispatch(this.#context.services, this.#session, message, item.read)
      return outcome instanceof Promise ? outcome.catch(error => this.#contain(error)) : outcome
    } catch (error) {
      return this.#contain(error)
    }
  }

  /** Anything thrown here is a bug of ours: this connection ends, the others go on. */
  #contain(error: unknown): null {
    this.#context.log.error({userId: this.#session.userId, err: error}, 'a message could not be handled')
    this.#session.close('internal')
    return null
  }

  #finish(item: Item, outcome: RefusalInfo | null, chains: HookChains): void {
    const {counters, runner, clock} = this.#context
    counters.messages[item.message === null ? 'invalid' : item.message.type] += 1
    if (outcome !== null) this.#refuse(item, outcome)
    if (chains.afterMessage.length === 0) return
    const {userId, nickname, address} = this.#session
    runner.tell(chains.afterMessage, {
      userId,
      nickname,
      address,
      sizeBytes: item.sizeBytes,
      readId: item.read.id,
      readAtMs: item.read.atMs,
      message: item.message ?? undefined,
      error: outcome,
      durationMs: clock.monotonicMs() - item.readMonotonicMs,
    })
  }

  #refuse(item: Item, outcome: RefusalInfo): void {
    const {counters} = this.#context
    counters.errors[outcome.code] += 1
    if (outcome.rule !== undefined) countRefusal(counters, outcome.rule)
    if (this.#session.isClosed) return
    if (item.message === null && MISTAKES.has(outcome.code)) this.#owner.noteMistake()
    if (this.#session.isClosed) return

    const consequence = outcome instanceof GsError ? outcome.consequence : 'answer'
    if (consequence === 'close') {
      this.#session.close((outcome as GsError).closeReason, outcome)
      return
    }
    if (consequence === 'pause') this.#owner.pauseReading(outcome.retryAfterMs)
    if (consequence !== 'drop') this.#session.outbox.add(errorLine(outcome, refusedMessage(item)))
  }

  #continue(): void {
    // Who is gone waits for nothing.
    if (this.#session.isClosed) this.#queue.length = 0
    while (!this.#isBusy) {
      const item = this.#queue.shift()
      if (item === undefined) break
      this.#process(item)
    }
    if (this.#queue.length <= this.#context.limits.maxInFlight / 2) this.#owner.resumeReading()
    if (!this.#isBusy) this.#owner.onIdle()
  }
}

function refusedMessage({message, refused}: Item): Refused {
  if (message === null) return refused
  return {seq: message.seq, messageType: message.type, roomId: 'roomId' in message ? message.roomId : undefined}
}
