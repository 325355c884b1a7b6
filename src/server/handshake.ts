import {randomUUID} from 'node:crypto'

import type {Clock} from '../contract/clock.js'
import type {CloseReason} from '../contract/codes.js'
import type {HelloMessage} from '../contract/messages.js'
import type {MaybePromise} from '../contract/plugins.js'
import type {Traffic} from '../contract/views.js'
import type {HookRunner, Verdict} from '../pipeline/hook-runner.js'
import {GUEST_IDS, PROTOCOL_VERSION} from '../protocol/limits.js'
import type {Outbox} from './delivery/outbox.js'
import type {GameService} from './game-service.js'
import {encodeLine} from './replies.js'
import type {TokenVerifier} from './token-verifier.js'
import {type Farewell, UserSession} from './user-session.js'

/** Heartbeats are advised three times within the time after which silence is punished. */
const HEARTBEATS_PER_TIMEOUT = 3
/** Where silence is not punished, clients still like to know that the server is there. */
const DEFAULT_HEARTBEAT_MS = 15_000

export interface HandshakeOptions {
  readonly serverName: string
  readonly version: string
  readonly limits: {readonly heartbeatTimeoutMs: number; readonly maxFrameBytes: number}
  readonly clock: Clock
  readonly random: () => number
  readonly runner: HookRunner
  readonly games: GameService
  /** Null: `auth.mode` is none, and clients state their ids. */
  readonly verifyToken: TokenVerifier | null
  /** Connected users; the handshake puts new ones in. */
  readonly sessions: Map<number, UserSession>
}

/** The connection that says hello. */
export interface Newcomer extends Traffic {
  readonly id: number
  readonly address: string
  readonly outbox: Outbox
  readonly isClosed: boolean
  /** From here on the newcomer is this user. */
  open(session: UserSession): void
  close(reason: CloseReason, farewell?: Farewell): void
}

interface Identity {
  readonly userId: number
  readonly isGuest: boolean
}

/** [protocol 3] From `hello` to `welcome`: who is it, does anybody object, is that user here already. */
export class Handshake {
  readonly #options: HandshakeOptions

  constructor(options: HandshakeOptions) {
    this.#options = options
  }

  /** Opens the newcomer's session or closes the newcomer. A promise only where a token or a hook takes its time. */
  admit(newcomer: Newcomer, hello: HelloMessage): MaybePromise<void> {
    const {verifyToken} = this.#options
    if (verifyToken !== null) {
      return this.#verify(verifyToken, hello).then(identity => this.#ask(newcomer, hello, identity))
    }
    return this.#ask(newcomer, hello, this.#stated(hello))
  }

  async #verify(verifyToken: TokenVerifier, {token, userId}: HelloMessage): Promise<Identity | null> {
    const proven = token === undefined ? null : await verifyToken(token, this.#options.clock.nowMs())
    const agrees = userId === undefined || userId === proven
    return proven !== null && agrees ? {userId: proven, isGuest: false} : null
  }

  #stated({userId}: HelloMessage): Identity {
    return userId === undefined ? {userId: this.#freeGuestId(), isGuest: true} : {userId, isGuest: false}
  }

  #freeGuestId(): number {
    const {random, sessions} = this.#options
    const span = GUEST_IDS.last - GUEST_IDS.first + 1
    let userId = GUEST_IDS.first + Math.floor(random() * span)
    while (sessions.has(userId)) userId = userId === GUEST_IDS.last ? GUEST_IDS.first : userId + 1
    return userId
  }

  #ask(newcomer: Newcomer, hello: HelloMessage, identity: Identity | null): MaybePromise<void> {
    if (identity === null) {
      newcomer.close('auth_failed')
      return
    }
    const {runner} = this.#options
    const {userId} = identity
    const verdict = runner.ask(runner.chains.userConnecting, {
      connectionId: newcomer.id,
      userId,
      address: newcomer.address,
    })
    if (verdict instanceof Promise) return verdict.then(late => this.#decide(newcomer, hello, identity, late))
    return this.#decide(newcomer, hello, identity, verdict)
  }

  #decide(newcomer: Newcomer, hello: HelloMessage, identity: Identity, verdict: Verdict): void {
    if (verdict !== null) newcomer.close(verdict.closeReason, verdict)
    if (!newcomer.isClosed) this.#welcome(newcomer, hello, identity)
  }

  #welcome(newcomer: Newcomer, {nickname, seq}: HelloMessage, {userId, isGuest}: Identity): void {
    const {sessions, clock, games, serverName, version, limits, runner} = this.#options
    sessions.get(userId)?.close('replaced', {message: 'you connected again from elsewhere'})
    const session = new UserSession({
      userId,
      nickname,
      isGuest,
      sessionId: randomUUID(),
      address: newcomer.address,
      connectedAtMs: clock.nowMs(),
      outbox: newcomer.outbox,
      connection: newcomer,
    })
    // Both at once: whoever ends this session, be it a listener of `userConnected`, must find all of it.
    sessions.set(userId, session)
    newcomer.open(session)
    const {sessionId, address} = session
    newcomer.outbox.add(
      encodeLine({
        type: 'welcome',
        userId,
        sessionId,
        server: serverName,
        version,
        protocol: PROTOCOL_VERSION,
        heartbeatIntervalMs: adviseHeartbeat(limits.heartbeatTimeoutMs),
        maxFrameBytes: limits.maxFrameBytes,
        games: [...games.heldSeats(userId), ...runner.savedSeats(userId)],
        ...(seq !== undefined && {seq}),
      }),
    )
    runner.emit('userConnected', {connectionId: newcomer.id, userId, sessionId, address, isGuest})
  }
}

function adviseHeartbeat(heartbeatTimeoutMs: number): number {
  return heartbeatTimeoutMs === 0
    ? DEFAULT_HEARTBEAT_MS
    : Math.max(1, Math.floor(heartbeatTimeoutMs / HEARTBEATS_PER_TIMEOUT))
}
