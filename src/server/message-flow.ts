import type {Clock} from '../contract/clock.js'
import type {Counters} from '../contract/counters.js'
import type {Logger} from '../contract/logger.js'
import type {UserMessage} from '../contract/messages.js'
import type {MessageAttempt, RefusalInfo} from '../contract/plugins.js'
import {GsError} from '../errors.js'
import type {HookRunner} from '../pipeline/hook-runner.js'
import type {MessageParser} from '../protocol/message-parser.js'
import {countRefusal} from '../telemetry/counters.js'
import {dispatch} from './handlers/dispatch.js'
import type {Services} from './handlers/handler.js'
import {PassingFrame} from './passing-frame.js'
import type {Read} from './read.js'
import {errorLine, notText, refusal} from './replies.js'
import type {UserSession} from './user-session.js'

/** What a flow needs of the server. */
export interface FlowContext {
  readonly services: Services
  readonly runner: HookRunner
  readonly parser: MessageParser
  readonly counters: Counters
  readonly clock: Clock
  readonly log: Logger
  /** Monotonic time at which the last message of any connection was handled. */
  readonly lastEnd: {atMs: number}
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
  receive(text: string | null, sizeBytes: number, read: Read): void
}

const MISTAKES: ReadonlySet<string> = new Set(['bad_message', 'unknown_type'])

/**
 * A user's messages on their way through the pipeline: `frameReceived`, parsing, `beforeMessage`, the handler,
 * `afterMessage`. As long as nothing returns a promise, all of that happens at once. When something does, the messages
 * after it wait, so that a connection's messages are handled, and answered, strictly in their order.
 */
export class MessageFlow implements FrameReceiver {
  readonly #context: FlowContext
  readonly #session: UserSession
  readonly #owner: FlowOwner
  /** Frames behind the one that is under way; bounded by `maxInFlight`, beyond which reading is held. */
  readonly #queue: PassingFrame[] = []
  #isBusy = false

  constructor(context: FlowContext, session: UserSession, owner: FlowOwner) {
    this.#context = context
    this.#session = session
    this.#owner = owner
  }

  get isIdle(): boolean {
    return !this.#isBusy
  }

  receive(text: string | null, sizeBytes: number, read: Read): void {
    const frame = this.#screen(text, sizeBytes, read)
    if (!this.#isBusy) {
      this.#process(frame)
      return
    }
    frame.chains.use.begin()
    this.#queue.push(frame)
    // The one under way counts, too.
    if (this.#queue.length + 1 >= this.#context.limits.maxInFlight) this.#owner.holdReading()
  }

  #screen(text: string | null, sizeBytes: number, read: Read): PassingFrame {
    const {runner, parser} = this.#context
    const {chains} = runner
    const hooks = runner.beginMessage()
    const frame = new PassingFrame({session: this.#session, sizeBytes, read, chains, hooks})
    if (chains.frameReceived.length > 0) {
      frame.error = runner.askNow(chains.frameReceived, frame, hooks) as RefusalInfo | null
      if (frame.error !== null) return frame
    }
    if (text === null) {
      frame.error = notText()
      return frame
    }
    const message = parser.parse(text)
    if (message === null) {
      const {problem} = parser
      frame.error = refusal(problem.code, problem.message)
      frame.refused = problem
    } else if (message.type === 'hello') {
      frame.error = refusal('already_authenticated', `you are user ${this.#session.userId} already`)
      frame.refused = {seq: message.seq, messageType: 'hello', roomId: undefined}
    } else frame.message = message
    return frame
  }

  #process(frame: PassingFrame): void {
    const outcome = frame.message === undefined ? frame.error : this.#handle(frame, frame.message)
    if (!(outcome instanceof Promise)) {
      this.#finish(frame, outcome, false)
      return
    }
    this.#isBusy = true
    frame.chains.use.begin()
    void outcome.then(late => {
      this.#finish(frame, late, true)
      frame.chains.use.end()
      this.#isBusy = false
      this.#continue()
    })
  }

  #handle(frame: PassingFrame, message: UserMessage): RefusalInfo | null | Promise<RefusalInfo | null> {
    const chain = frame.chains.beforeMessage
    if (chain.length === 0) return this.#act(frame, message)
    const verdict = this.#context.runner.ask(chain, frame as MessageAttempt, frame.hooks)
    if (verdict instanceof Promise) {
      return verdict.then(late => (late === null ? this.#act(frame, message) : (late as RefusalInfo)))
    }
    return verdict === null ? this.#act(frame, message) : (verdict as RefusalInfo)
  }

  #act(frame: PassingFrame, message: UserMessage): RefusalInfo | null | Promise<RefusalInfo | null> {
    // A hook may have taken so long that the user is gone.
    if (this.#session.isClosed) return refusal('not_authenticated', 'the connection ended before this was handled')
    try {
      const outcome = dispatch(this.#context.services, this.#session, message, frame.read)
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

  /** `isLate`: it was waited for, and other messages were handled meanwhile. */
  #finish(frame: PassingFrame, outcome: RefusalInfo | null, isLate: boolean): void {
    const {counters, runner, clock, lastEnd} = this.#context
    const {message, hooks} = frame
    const {afterMessage} = frame.chains
    // The usual one by its name: a name that varies has to be looked up.
    if (message?.type === 'chat') counters.messages.chat += 1
    else counters.messages[message === undefined ? 'invalid' : message.type] += 1
    frame.error = outcome
    if (outcome !== null) this.#refuse(frame, outcome)
    if (afterMessage.length === 0 && hooks === null) return
    const endMs = clock.monotonicMs()
    const readMs = frame.read.monotonicMs
    frame.durationMs = endMs - readMs
    frame.handlingMs = isLate ? frame.durationMs : endMs - Math.max(readMs, lastEnd.atMs)
    lastEnd.atMs = endMs
    if (hooks === null && !runner.slowHooks.isEmpty) frame.hooks = runner.slowHooks.take(frame)
    runner.tell(afterMessage, frame, hooks)
    if (hooks === null || runner.trace === null) return
    const {userId, address, sizeBytes, error, durationMs} = frame
    const {messageType, roomId} = frame.refusedMessage()
    runner.trace.show({userId, address, sizeBytes, error, durationMs, type: messageType, roomId, hooks})
  }

  #refuse(frame: PassingFrame, outcome: RefusalInfo): void {
    const {counters} = this.#context
    counters.errors[outcome.code] += 1
    if (outcome.rule !== undefined) countRefusal(counters, outcome.rule)
    if (this.#session.isClosed) return
    if (frame.message === undefined && MISTAKES.has(outcome.code)) this.#owner.noteMistake()
    if (this.#session.isClosed) return

    const verdict = GsError.is(outcome) ? outcome : null
    if (verdict?.consequence === 'close') {
      this.#session.close(verdict.closeReason, outcome)
      return
    }
    if (verdict?.consequence === 'pause') this.#owner.pauseReading(outcome.retryAfterMs)
    if (verdict?.consequence !== 'drop') this.#session.outbox.add(errorLine(outcome, frame.refusedMessage()))
  }

  #drop(frame: PassingFrame): void {
    this.#context.runner.slowHooks.take(frame)
    frame.chains.use.end()
  }

  #continue(): void {
    // Who is gone waits for nothing.
    if (this.#session.isClosed) for (const frame of this.#queue.splice(0)) this.#drop(frame)
    while (!this.#isBusy) {
      const frame = this.#queue.shift()
      if (frame === undefined) break
      this.#process(frame)
      frame.chains.use.end()
    }
    if (this.#queue.length <= this.#context.limits.maxInFlight / 2) this.#owner.resumeReading()
    if (!this.#isBusy) this.#owner.onIdle()
  }
}
