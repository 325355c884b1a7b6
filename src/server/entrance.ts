import type {HelloMessage} from '../contract/messages.js'
import type {RefusalInfo} from '../contract/plugins.js'
import type {GsError} from '../errors.js'
import {countRefusal} from '../telemetry/counters.js'
import type {Handshake, Newcomer} from './handshake.js'
import type {FlowContext, FrameReceiver} from './message-flow.js'
import type {Read} from './read.js'
import {errorLine, NO_MESSAGE, notText, type Refused, refusal} from './replies.js'

export interface EntranceContext extends Pick<FlowContext, 'runner' | 'parser' | 'counters'> {
  readonly handshake: Handshake
}

/** What the entrance asks of its connection. */
export interface EntranceOwner extends Newcomer {
  pauseReading(durationMs: number | undefined): void
  noteMistake(): void
  /** It is being decided who this is: read nothing until that settles. */
  waitFor(decision: Promise<void>): void
}

/** A connection's frames before `welcome`: only `hello` gets any further, and every other one is a mistake. */
export class Entrance implements FrameReceiver {
  readonly isIdle = true
  readonly #context: EntranceContext
  readonly #owner: EntranceOwner

  constructor(context: EntranceContext, owner: EntranceOwner) {
    this.#context = context
    this.#owner = owner
  }

  receive(text: string | null, sizeBytes: number, read: Read): void {
    const {parser} = this.#context
    if (this.#isRefusedUnread(sizeBytes, read)) return
    if (text === null) {
      this.#refuse(notText(), NO_MESSAGE)
      return
    }
    const message = parser.parse(text)
    if (message === null) this.#refuse(refusal(parser.problem.code, parser.problem.message), parser.problem)
    else if (message.type === 'hello') this.#admit(message)
    else {
      const refused: Refused = {seq: message.seq, messageType: message.type, roomId: undefined}
      this.#refuse(refusal('not_authenticated', 'say hello first'), refused)
    }
  }

  #isRefusedUnread(sizeBytes: number, read: Read): boolean {
    const {runner} = this.#context
    const {frameReceived} = runner.chains
    if (frameReceived.length === 0) return false
    const {address} = this.#owner
    const verdict = runner.askNow(frameReceived, {
      sizeBytes,
      userId: null,
      address,
      readId: read.id,
      readAtMs: read.atMs,
      readMonotonicMs: read.monotonicMs,
    })
    if (verdict !== null) this.#obey(verdict)
    return verdict !== null
  }

  #obey(verdict: GsError): void {
    const why = verdict as RefusalInfo
    const {counters} = this.#context
    counters.errors[why.code] += 1
    if (why.rule !== undefined) countRefusal(counters, why.rule)
    if (verdict.consequence === 'close') {
      this.#owner.close(verdict.closeReason, verdict)
      return
    }
    if (verdict.consequence === 'pause') this.#owner.pauseReading(verdict.retryAfterMs)
    if (verdict.consequence !== 'drop') this.#owner.outbox.add(errorLine(why, NO_MESSAGE))
  }

  #refuse(why: RefusalInfo, refused: Refused): void {
    this.#context.counters.errors[why.code] += 1
    this.#owner.noteMistake()
    if (!this.#owner.isClosed) this.#owner.outbox.add(errorLine(why, refused))
  }

  #admit(hello: HelloMessage): void {
    const decision = this.#context.handshake.admit(this.#owner, hello)
    if (decision instanceof Promise) this.#owner.waitFor(decision)
  }
}
