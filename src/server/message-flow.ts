import type {Clock} from '../contract/clock.js'
import type {Counters} from '../contract/counters.js'
import type {Logger} from '../contract/logger.js'
import type {UserMessage} from '../contract/messages.js'
import type {RefusalInfo} from '../contract/plugins.js'
import {GsError} from '../errors.js'
import type {HookChains} from '../pipeline/hook-chains.js'
import type {HookRunner} from '../pipeline/hook-runner.js'
import type {TracedHook} from '../pipeline/message-trace.js'
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
  message: UserMessage | null
  refusal: RefusalInfo | null
  refused: Refused
  readonly sizeBytes: number
  readonly read: Read
  /** Monotonic time of the read. */
  readonly readMonotonicMs: number
  /** What it meets from its arrival to its end, whatever plugins come and go meanwhile. */
  readonly chains: HookChains
  /** Null: nobody looked when it arrived. */
  readonly hooks: TracedHook[] | null
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
    item.chains.use.begin()
    this.#queue.push(item)
    // The one under way counts, too.
    if (this.#queue.length + 1 >= this.#context.limits.maxInFlight) this.#owner.holdReading()
  }

  #screen(text: string | null, sizeBytes: number, read: Read, readMonotonicMs: number): Item {
    const {runner, parser} = this.#context
    const {chains} = runner
    const hooks = runner.trace === null ? null : []
    const item: Item = {
      message: null,
      refusal: null,
      refused: NO_MESSAGE,
      sizeBytes,
      read,
      readMonotonicMs,
      chains,
      hooks,
    }
    if (chains.frameReceived.length > 0) {
      const {userId, address} = this.#session
      const frame = {sizeBytes, userId, address, readId: read.id, readAtMs: read.atMs}
      item.refusal = runner.askNow(chains.frameReceived, frame, hooks) as RefusalInfo | null
      if (item.refusal !== null) return item
    }
    if (text === null) {
      item.refusal = notText()
      return item
    }
    const message = parser.parse(text)
    if (message === null) {
      const {problem} = parser
      item.refusal = refusal(problem.code, problem.message)
      item.refused = problem
    } else if (message.type === 'hello') {
      item.refusal = refusal('already_authenticated', `you are user ${this.#session.userId} already`)
      item.refused = {seq: message.seq, messageType: 'hello', roomId: undefined}
    } else item.message = message
    return item
  }

  #process(item: Item): void {
    const outcome = item.message === null ? item.refusal : this.#handle(item, item.message)
    if (!(outcome instanceof Promise)) {
      this.#finish(item, outcome)
      return
    }
    this.#isBusy = true
    item.chains.use.begin()
    void outcome.then(late => {
      this.#finish(item, late)
      item.chains.use.end()
      this.#isBusy = false
      this.#continue()
    })
  }

  #handle(item: Item, message: UserMessage): RefusalInfo | null | Promise<RefusalInfo | null> {
    const chain = item.chains.beforeMessage
    if (chain.length === 0) return this.#act(item, message)
    const {userId, nickname, address} = this.#session
    const {sizeBytes, read, hooks} = item
    const attempt = {userId, nickname, address, sizeBytes, readId: read.id, readAtMs: read.atMs, message}
    const verdict = this.#context.runner.ask(chain, attempt, hooks)
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

  #finish(item: Item, outcome: RefusalInfo | null): void {
    const {counters, runner, clock} = this.#context
    const {message, hooks} = item
    const {afterMessage} = item.chains
    counters.messages[message === null ? 'invalid' : message.type] += 1
    if (outcome !== null) this.#refuse(item, outcome)
    if (afterMessage.length === 0 && hooks === null) return
    const {userId, nickname, address} = this.#session
    const record = {
      userId,
      nickname,
      address,
      sizeBytes: item.sizeBytes,
      readId: item.read.id,
      readAtMs: item.read.atMs,
      message: message ?? undefined,
      error: outcome,
      durationMs: clock.monotonicMs() - item.readMonotonicMs,
    }
    runner.tell(afterMessage, record, hooks)
    if (hooks === null || runner.trace === null) return
    const {messageType, roomId} = refusedMessage(item)
    runner.trace.show({...record, type: messageType, roomId, hooks})
  }

  #refuse(item: Item, outcome: RefusalInfo): void {
    const {counters} = this.#context
    counters.errors[outcome.code] += 1
    if (outcome.rule !== undefined) countRefusal(counters, outcome.rule)
    if (this.#session.isClosed) return
    if (item.message === null && MISTAKES.has(outcome.code)) this.#owner.noteMistake()
    if (this.#session.isClosed) return

    const verdict = GsError.is(outcome) ? outcome : null
    if (verdict?.consequence === 'close') {
      this.#session.close(verdict.closeReason, outcome)
      return
    }
    if (verdict?.consequence === 'pause') this.#owner.pauseReading(outcome.retryAfterMs)
    if (verdict?.consequence !== 'drop') this.#session.outbox.add(errorLine(outcome, refusedMessage(item)))
  }

  #continue(): void {
    // Who is gone waits for nothing.
    if (this.#session.isClosed) for (const {chains} of this.#queue.splice(0)) chains.use.end()
    while (!this.#isBusy) {
      const item = this.#queue.shift()
      if (item === undefined) break
      this.#process(item)
      item.chains.use.end()
    }
    if (this.#queue.length <= this.#context.limits.maxInFlight / 2) this.#owner.resumeReading()
    if (!this.#isBusy) this.#owner.onIdle()
  }
}

function refusedMessage({message, refused}: Item): Refused {
  if (message === null) return refused
  return {seq: message.seq, messageType: message.type, roomId: 'roomId' in message ? message.roomId : undefined}
}
