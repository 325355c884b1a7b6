import type {Clock} from '../contract/clock.js'
import type {CloseReason} from '../contract/codes.js'
import type {Counters} from '../contract/counters.js'
import type {Logger} from '../contract/logger.js'
import type {Disconnection} from '../contract/plugins.js'
import type {ClosedConnection} from '../contract/views.js'
import type {HookRunner} from '../pipeline/hook-runner.js'
import {ClosedLedger} from './closed-ledger.js'
import type {Connection} from './connection.js'
import type {RoomService} from './room-service.js'
import type {UserSession} from './user-session.js'

export interface ConnectionBookOptions {
  /** Connected users; the handshake puts them in, the book takes them out. */
  readonly sessions: Map<number, UserSession>
  readonly rooms: RoomService
  readonly runner: HookRunner
  readonly clock: Clock
  readonly counters: Counters
  readonly log: Logger
  /** How many closed connections are remembered. */
  readonly closedLedgerSize: number
}

/** Who is connected and who was: takes down every connection, and sees to what its end means for the rest. */
export class ConnectionBook {
  readonly #options: ConnectionBookOptions
  /** Bounded by `server.maxConnections`. */
  readonly #open = new Set<Connection>()
  readonly #closed: ClosedLedger

  constructor(options: ConnectionBookOptions) {
    this.#options = options
    this.#closed = new ClosedLedger(options.closedLedgerSize)
  }

  /** Live: those that are open, before `welcome` too. */
  get open(): ReadonlySet<Connection> {
    return this.#open
  }

  add(connection: Connection): void {
    this.#open.add(connection)
  }

  /** The last closed connections, newest first. */
  listClosed(limit: number): ClosedConnection[] {
    return this.#closed.list(limit)
  }

  /** Ends connections: of one user, or of all addresses that match. Returns how many. */
  disconnect({userId, matches, reason, ...farewell}: Disconnection): number {
    const session = userId === undefined ? undefined : this.#options.sessions.get(userId)
    const candidates = userId === undefined ? [...this.#open] : session === undefined ? [] : [session]
    const ending = matches === undefined ? candidates : candidates.filter(({address}) => matches(address))
    for (const connection of ending) connection.close(reason, farewell)
    return ending.length
  }

  /** A connection has closed: its user leaves every room, and the plugins are told. */
  strike(connection: Connection, reason: CloseReason): void {
    const {clock, runner, counters, log} = this.#options
    const {id: connectionId, session, address, openedAtWallMs} = connection
    const closedAtMs = clock.nowMs()
    const durationMs = Math.max(0, closedAtMs - openedAtWallMs)
    this.#open.delete(connection)
    counters.connectionsClosed[reason] += 1
    const [userId, sessionId] = [session?.userId ?? null, session?.sessionId ?? null]
    this.#closed.add({
      reason,
      address,
      userId,
      sessionId,
      nickname: session?.nickname ?? null,
      openedAtMs: openedAtWallMs,
      closedAtMs,
      bytesIn: connection.bytesIn,
      bytesOut: connection.bytesOut,
      unsentBytes: connection.unsentAtClose,
      messages: connection.messageCount,
    })
    log.debug({reason, address, userId, durationMs}, 'connection closed')
    if (session !== null) this.#endSession(session, reason, closedAtMs)
    runner.tell(runner.chains.connectionClosed, {connectionId, address, userId, sessionId, reason, durationMs})
  }

  #endSession(session: UserSession, reason: CloseReason, closedAtMs: number): void {
    const {sessions, rooms, runner} = this.#options
    const {userId, sessionId, connectedAtMs} = session
    session.isClosed = true
    sessions.delete(userId)
    rooms.leaveAll(session, reason === 'kicked' || reason === 'blocked' ? 'kicked' : 'lost')
    const durationMs = Math.max(0, closedAtMs - connectedAtMs)
    runner.emit('userDisconnected', {userId, sessionId, reason, durationMs})
  }
}
