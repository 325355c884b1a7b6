import type {Clock} from '../contract/clock.js'
import type {Logger} from '../contract/logger.js'
import {GsError} from '../errors.js'
import {Drain} from './drain.js'
import type {Lingering} from './lingering.js'
import type {Farewell} from './user-session.js'

/** How long a stop may take before what is left is destroyed. */
const STOP_TIMEOUT_MS = 30_000
const MAX_DRAIN_MS = 24 * 3_600_000
const DRAIN_NOTICE = 'the server is about to stop; you will be disconnected soon'

interface Client {
  close(reason: 'server_shutdown', farewell: Farewell): void
}

export interface ShutdownOptions<Connection extends Client> {
  /** Live: those that are open. */
  readonly connections: ReadonlySet<Connection>
  readonly lingering: Lingering
  readonly clock: Clock
  /** In [0, 1). */
  readonly random: () => number
  readonly log: Logger
  stopAccepting(): void
  /** Tells every user. */
  announce(message: string): void
  /** From here on nobody is told of those who leave: everybody does. */
  mute(): void
  closePlugins(): Promise<void>
  /** Stops timers and lets go of the rest. */
  release(): void
}

/** The end of a server, at once or over a while. */
export class Shutdown<Connection extends Client> {
  readonly #options: ShutdownOptions<Connection>
  /** Bounded by what opens something beside the server: the admin channel. */
  readonly #lastTasks: (() => Promise<void>)[] = []
  readonly #ended = Promise.withResolvers<boolean>()
  #drain: Drain<Connection> | null = null
  #isClosing = false

  constructor(options: ShutdownOptions<Connection>) {
    this.#options = options
  }

  /** What the server is about to do. It stays `stopping` once it has stopped. */
  get state(): 'running' | 'draining' | 'stopping' {
    if (this.#isClosing) return 'stopping'
    return this.#drain === null ? 'running' : 'draining'
  }

  /**
   * Closes the connections one by one over `forMs`, then the rest. Resolves as `close` does.
   *
   * @throws {GsError} usage for a time below 0 or over a day.
   */
  drain({forMs, message = DRAIN_NOTICE}: {forMs: number; message?: string | undefined}): Promise<boolean> {
    if (!(forMs >= 0 && forMs <= MAX_DRAIN_MS)) {
      throw new GsError('usage', `a drain takes 0 to ${MAX_DRAIN_MS} ms, not ${forMs}`)
    }
    if (forMs === 0) return this.close()
    if (this.state === 'running') this.#startDrain(forMs, message)
    return this.#ended.promise
  }

  /** Resolves to false when clients had to be cut off after 30 s. Twice is once. */
  close(): Promise<boolean> {
    if (!this.#isClosing) {
      this.#isClosing = true
      this.#drain?.cancel()
      this.#ended.resolve(this.#close())
    }
    return this.#ended.promise
  }

  /** Has `task` run at the very end; the last one given comes first. */
  closeLast(task: () => Promise<void>): void {
    this.#lastTasks.push(task)
  }

  /** When a client should come back; the more of them will, the further apart. */
  retryAfterMs(connections: number): number {
    const spreadMs = 2000 + 2 * connections
    return 1000 + Math.floor(this.#options.random() * spreadMs)
  }

  #startDrain(forMs: number, message: string): void {
    const {clock, log, stopAccepting, announce} = this.#options
    const connections = [...this.#options.connections]
    log.info({forMs, connections: connections.length}, 'draining')
    stopAccepting()
    announce(message)
    this.#drain = new Drain<Connection>({
      connections,
      forMs,
      clock,
      close: connection => connection.close('server_shutdown', this.#farewell(connections.length)),
      isEmpty: () => this.#options.connections.size === 0,
      onEnd: () => void this.close(),
    })
  }

  async #close(): Promise<boolean> {
    const {clock, lingering, stopAccepting, mute, closePlugins, release} = this.#options
    stopAccepting()
    mute()
    const connections = [...this.#options.connections]
    for (const connection of connections) connection.close('server_shutdown', this.#farewell(connections.length))
    let isComplete = true
    const cancel = clock.after(STOP_TIMEOUT_MS, () => {
      isComplete = false
      lingering.destroyAll()
    })
    // The timers of a clock keep no process alive, so one in which nothing else is left would end before this does.
    const staysAlive = setInterval(() => {}, STOP_TIMEOUT_MS)
    await lingering.drained()
    await closePlugins()
    clearInterval(staysAlive)
    cancel()
    release()
    for (const task of this.#lastTasks.reverse()) await task()
    return isComplete
  }

  #farewell(connections: number): Farewell {
    return {retryAfterMs: this.retryAfterMs(connections)}
  }
}
