import {setTimeout as pause} from 'node:timers/promises'
import {expect, test} from 'vitest'
import {resolveConfig} from '../../src/config/resolve.js'
import type {ConfigInput} from '../../src/config/schema.js'
import type {CloseReason} from '../../src/contract/codes.js'
import type {Logger} from '../../src/contract/logger.js'
import {createServer} from '../../src/ops/create-server.js'
import type {GameServer} from '../../src/server/game-server.js'
import {ManualClock} from './manual-clock.js'
import {RawClient, type RawClientOptions} from './raw-client.js'
import {until} from './until.js'

const BYSTANDER_ROOM = 4_294_967_295
const STRANGER = 2_999_999_999

/** How the connections of an attack ended: how many by which reason, or how many by any of some reasons. */
export type Closes = Partial<Record<CloseReason, number>> | {readonly total: number; readonly among: CloseReason[]}

/** One line of a table of attacks. */
export interface Attack {
  /** A sentence: what is done, and what comes of it. */
  readonly name: string
  readonly options?: ConfigInput
  /** Connections that the server ended. Those that are open when `run` is over are closed and counted by themselves. */
  readonly closes?: Closes
  /** Errors that must stand in the log, by their words; nothing else may. */
  readonly errors?: readonly string[]
  /** What `hello` needs besides an id. */
  readonly credentials?: (userId: number) => object
  run(target: AttackedServer): Promise<void>
}

/** Makes each attack a test, on a server of its own, in which nobody else may notice it. */
export function testAttacks(attacks: readonly Attack[]): void {
  // Crowds take their time on a machine that has other things to do.
  for (const attack of attacks) test(attack.name, {timeout: 60_000}, () => withstand(attack))
}

async function withstand(attack: Attack): Promise<void> {
  await using target = await AttackedServer.start(attack)
  await attack.run(target)
  await target.expectUnharmed(attack)
}

/**
 * A server, its clock, and two users who chat in a room of their own all the while. After an attack they must have lost
 * nothing, and the books of the server must be in order.
 */
export class AttackedServer implements AsyncDisposable {
  readonly server: GameServer
  readonly clock: ManualClock
  /** Lines of the log that are more than information. */
  readonly logged: {level: 'warn' | 'error'; message: string; fields: object}[]
  readonly #options: ConfigInput
  readonly #credentials: (userId: number) => object
  readonly #clients: RawClient[] = []
  readonly #accidents: unknown[] = []
  readonly #noteAccident = (error: unknown) => this.#accidents.push(error)
  #leftByThemselves = 0
  #bystanders: Bystanders | undefined

  private constructor(
    server: GameServer,
    clock: ManualClock,
    logged: AttackedServer['logged'],
    {options = {}, credentials = () => ({})}: Partial<Attack>,
  ) {
    this.server = server
    this.clock = clock
    this.logged = logged
    this.#options = options
    this.#credentials = credentials
    process.on('uncaughtExceptionMonitor', this.#noteAccident).on('unhandledRejection', this.#noteAccident)
  }

  static async start(attack: Partial<Attack> = {}): Promise<AttackedServer> {
    const clock = new ManualClock()
    const logged: AttackedServer['logged'] = []
    const log: Logger = {
      debug() {},
      info() {},
      warn: (fields, message) => logged.push({level: 'warn', message, fields}),
      error: (fields, message) => logged.push({level: 'error', message, fields}),
    }
    const server = await createServer(testOptions(attack.options), {clock, log})
    const target = new AttackedServer(server, clock, logged, attack)
    try {
      target.#bystanders = new Bystanders(
        await target.login(STRANGER - 2),
        await target.login(STRANGER - 1),
        BYSTANDER_ROOM,
      )
      await target.#bystanders.begin()
      target.#clients.length = 0
    } catch (error) {
      await target[Symbol.asyncDispose]()
      throw error
    }
    return target
  }

  get port(): number {
    return this.server.address.port
  }

  /** Connections other than the bystanders'. */
  get attackers(): number {
    return this.server.connectionCount - 2
  }

  async connect(options: RawClientOptions = {}): Promise<RawClient> {
    const client = await RawClient.connect(this.port, options)
    this.#clients.push(client)
    return client
  }

  /** Connects many, a few at a time: how many can knock at once is the kernel's business. */
  async connectMany(count: number, optionsOf: (index: number) => RawClientOptions = () => ({})): Promise<RawClient[]> {
    const clients: RawClient[] = []
    while (clients.length < count) {
      const indexes = Array.from({length: Math.min(250, count - clients.length)}, (_, index) => clients.length + index)
      clients.push(...(await Promise.all(indexes.map(index => this.connect(optionsOf(index))))))
      await until(() => this.attackers >= clients.length, 'not all were accepted')
    }
    return clients
  }

  /** Connects and is welcomed. */
  async login(userId: number, options: RawClientOptions & {hello?: object} = {}): Promise<RawClient> {
    const client = await this.connect(options)
    client.send({type: 'hello', userId, ...this.#credentials(userId), ...options.hello})
    await client.take('welcome')
    return client
  }

  /** Connects, is welcomed and joins a room. */
  async join(userId: number, roomId: number, options: RawClientOptions & {hello?: object} = {}): Promise<RawClient> {
    const client = await this.login(userId, options)
    client.send({type: 'join_room', roomId})
    await client.take('room_joined')
    return client
  }

  /** Writes, and waits until the server has read it. */
  async write(client: RawClient, bytes: Buffer | string): Promise<void> {
    // The loopback hands bytes over at once, so they are read before what the bystanders say from now on.
    const {promise, resolve} = Promise.withResolvers<void>()
    client.socket.write(bytes, () => resolve())
    await promise
    await this.chatter()
  }

  /** Waits until the bystanders have exchanged another message: all that was sent before has been read by then. */
  async chatter(): Promise<void> {
    await this.#bystanders?.chatter()
  }

  /** Lets time pass in small steps, in each of which the bystanders say something. */
  async pass(durationMs: number, stepMs = 1000): Promise<void> {
    for (let passedMs = 0; passedMs < durationMs; passedMs += stepMs) {
      this.clock.advance(Math.min(stepMs, durationMs - passedMs))
      await this.chatter()
    }
  }

  /** Waits for a condition that nobody reports. */
  async until(isMet: () => boolean, what: string): Promise<void> {
    await until(isMet, what)
  }

  /** Changes what can change while the server runs. */
  applyConfig(options: ConfigInput): void {
    this.server.applyConfig(resolveConfig(testOptions(merge(this.#options, options))).config)
  }

  /** So many connections were closed by their clients on the way. */
  forgetClosed(count: number): void {
    this.#leftByThemselves += count
  }

  /** What must hold after every attack. */
  async expectUnharmed({closes = {}, errors = []}: Pick<Attack, 'closes' | 'errors'> = {}): Promise<void> {
    await this.chatter()
    // The server's own count: a client may not have seen yet that it was closed.
    this.#leftByThemselves += this.attackers
    for (const client of this.#clients) client.socket.resume().end()
    await Promise.all(this.#clients.map(client => client.closed))
    await until(() => this.attackers === 0, `${this.attackers} connections did not close`)

    const stranger = await this.login(STRANGER)
    stranger.send({type: 'list_rooms', seq: 1})
    expect(await stranger.take('room_list')).toMatchObject({seq: 1})
    stranger.socket.end()
    await stranger.closed
    await until(() => this.attackers === 0, 'the stranger did not leave')
    await this.#bystanders?.end()

    this.#expectBooksInOrder(closes, this.#leftByThemselves + 1)
    expect(this.logged.filter(({level}) => level === 'error').map(({message}) => message)).toEqual(errors)
    expect(this.#accidents).toEqual([])
  }

  #expectBooksInOrder(closes: Closes, leftByThemselves: number): void {
    const {counters} = this.server
    const ledger = this.server.closedConnections(Number.POSITIVE_INFINITY)
    const reasons = Object.fromEntries(
      Object.entries(Object.groupBy(ledger, ({reason}) => reason)).map(([reason, entries]) => [reason, entries.length]),
    )
    expect(nonZero(counters.connectionsClosed)).toEqual(reasons)
    expect(ledger).toHaveLength(counters.connectionsOpened - this.server.connectionCount)
    if ('among' in closes) {
      expect(ledger).toHaveLength(closes.total + leftByThemselves)
      expect(Object.keys(reasons).filter(reason => ![...closes.among, 'client_closed'].includes(reason))).toEqual([])
    } else {
      const counted = closes as Partial<Record<CloseReason, number>>
      expect(reasons).toEqual({...counted, client_closed: (counted.client_closed ?? 0) + leftByThemselves})
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    process.off('uncaughtExceptionMonitor', this.#noteAccident).off('unhandledRejection', this.#noteAccident)
    this.#bystanders?.stop()
    for (const client of this.#clients) client.socket.destroy()
    const closing = this.server.close()
    // Last words are waited for by the server's own time.
    const timer = setInterval(() => this.clock.advance(1000), 20)
    await closing
    clearInterval(timer)
  }
}

/** Two users who exchange numbers, and keep what each of them received. */
class Bystanders {
  readonly #pair: readonly [RawClient, RawClient]
  readonly #roomId: number
  readonly #heard: [string[], string[]] = [[], []]
  readonly #gone = new AbortController()
  #talk: Promise<void> = Promise.resolve()

  constructor(one: RawClient, other: RawClient, roomId: number) {
    this.#pair = [one, other]
    this.#roomId = roomId
  }

  async begin(): Promise<void> {
    for (const client of this.#pair) {
      client.send({type: 'join_room', roomId: this.#roomId})
      await client.take('room_joined')
    }
    this.#talk = this.#keepTalking()
  }

  /** Waits for a message that is said from now on. */
  async chatter(): Promise<void> {
    // The one under way may have been said before.
    const said = this.#said + 2
    await until(() => this.#said >= said, 'the bystanders fell silent')
  }

  /** Ends the conversation and checks that all of it arrived, in order. */
  async end(): Promise<void> {
    await this.chatter()
    this.stop()
    await this.#talk
    const expected = Array.from({length: this.#said}, (_, index) => String(index))
    expect(this.#heard).toEqual([expected, expected])
  }

  stop(): void {
    this.#gone.abort()
  }

  get #said(): number {
    return Math.min(this.#heard[0].length, this.#heard[1].length)
  }

  async #keepTalking(): Promise<void> {
    for (let index = 0; !this.#gone.signal.aborted; index += 1) {
      this.#pair[index % 2 === 0 ? 0 : 1].send({type: 'chat', roomId: this.#roomId, message: String(index)})
      for (const side of [0, 1] as const) {
        const heard = await this.#pair[side].take('chat').catch(() => undefined)
        if (heard === undefined) return
        this.#heard[side].push(heard.message)
      }
      await pause(1)
    }
  }
}

/** What tests of attacks need on top: a port of its own, a long ledger, and the time limits of a public server. */
function testOptions(options: ConfigInput = {}): ConfigInput {
  const server = {
    port: 0,
    closedLedgerSize: 100_000,
    handshakeTimeoutMs: 5000,
    heartbeatTimeoutMs: 45_000,
    // The process that runs the tests is large.
    maxMemoryMb: 100_000,
  }
  return merge({server}, options)
}

function merge(base: ConfigInput, change: ConfigInput): ConfigInput {
  return {...base, ...change, server: {...base.server, ...change.server}}
}

function nonZero(counts: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0))
}
