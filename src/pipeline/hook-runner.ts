import type {Clock} from '../contract/clock.js'
import type {Counters} from '../contract/counters.js'
import type {Logger} from '../contract/logger.js'
import type {HeldSeat} from '../contract/messages.js'
import type {HookName, SavedGame, ServerEventName, ServerEvents} from '../contract/plugins.js'
import {GsError, isWireCode} from '../errors.js'
import type {HookChains} from './hook-chains.js'
import type {MessageTrace, TracedHook} from './message-trace.js'
import type {BoundHook, PluginRecord} from './plugin-record.js'
import {SLOW_HOOK_MS, SlowHooks} from './slow-hooks.js'

/** A synchronous hook that takes this long has stopped the whole server, and is named in the log. */
const STALL_MS = 250
/** Most messages that plugins can have timed at a time. */
const MAX_TIMED_MESSAGES = 10_000

/** May change while running. */
export interface HookLimits {
  /** How long a hook's promise may take. */
  readonly hookTimeoutMs: number
}

/** Null: nobody objects. */
export type Verdict = GsError | null

type RefusingHook = 'connectionOpened' | 'userConnecting' | 'beforeMessage'

/** A chain that waits for one of its hooks. */
interface Asked<Name extends RefusingHook> {
  readonly chain: readonly BoundHook<Name>[]
  readonly argument: Parameters<BoundHook<Name>['run']>[0]
  readonly into: TracedHook[] | null
  /** Of the hook, in the chain. */
  readonly index: number
  readonly answer: Promise<unknown>
}

/**
 * Calls hooks and contains what goes wrong in them. A chain of synchronous hooks runs without a promise; from the first
 * one that returns a promise on, the rest of the chain is awaited.
 *
 * A failure is anything thrown that is no refusal, a rejection, or not settling in time. It is counted, logged with the
 * plugin's name, and then means what the plugin's `onFailure` says.
 */
export class HookRunner {
  chains: HookChains
  /** Null while nobody looks, which is nearly always. */
  trace: MessageTrace | null = null
  readonly slowHooks = new SlowHooks()
  /** Messages from now on whose hooks are timed all the same. */
  #timedMessages = 0
  readonly #clock: Clock
  readonly #log: Logger
  readonly #counters: Counters
  readonly #limits: HookLimits
  readonly #onBroken: (plugin: PluginRecord) => void

  /** `onBroken` is told of a plugin that failed too often. */
  constructor(options: {
    chains: HookChains
    clock: Clock
    log: Logger
    counters: Counters
    limits: HookLimits
    onBroken: (plugin: PluginRecord) => void
  }) {
    this.chains = options.chains
    this.#clock = options.clock
    this.#log = options.log
    this.#counters = options.counters
    this.#limits = options.limits
    this.#onBroken = options.onBroken
  }

  /** Where the times of a message's hooks go: a new list, or null when they are not taken. */
  beginMessage(): TracedHook[] | null {
    if (this.trace === null && this.#timedMessages === 0) return null
    if (this.#timedMessages > 0) this.#timedMessages -= 1
    return []
  }

  /** Has the hooks of at least the next `count` messages timed. */
  timeMessages(count: number): void {
    this.#timedMessages = Math.max(this.#timedMessages, Math.min(count, MAX_TIMED_MESSAGES))
  }

  /**
   * Asks each hook of a refusing chain in turn. A promise is returned only if a hook returned one. The hooks' times go
   * `into` a list where one is given, here and below.
   */
  ask<Name extends RefusingHook>(
    chain: readonly BoundHook<Name>[],
    argument: Parameters<BoundHook<Name>['run']>[0],
    into: TracedHook[] | null = null,
    from = 0,
  ): Verdict | Promise<Verdict> {
    for (let index = from; index < chain.length; index += 1) {
      const hook = chain[index] as BoundHook<Name>
      let answer: unknown
      try {
        answer = this.#call(hook, argument, into)
      } catch (error) {
        const verdict = this.#judge(hook, error)
        if (verdict !== null) return verdict
        continue
      }
      if (isPromise(answer)) return this.#askRest({chain, argument, into, index, answer})
    }
    return null
  }

  /** Asks a chain that must answer at once. */
  askNow(
    chain: readonly BoundHook<'frameReceived'>[],
    argument: Parameters<BoundHook<'frameReceived'>['run']>[0],
    into: TracedHook[] | null = null,
  ): Verdict {
    for (const hook of chain) {
      try {
        const answer: unknown = this.#call(hook, argument, into)
        if (isPromise(answer)) {
          answer.catch(error => this.#fail(hook.plugin, hook.name, error))
          throw new TypeError(`${hook.name} must not return a promise`)
        }
      } catch (error) {
        const verdict = this.#judge(hook, error)
        if (verdict !== null) return verdict
      }
    }
    return null
  }

  /** Tells each hook of an observing chain. */
  tell<Name extends 'afterMessage' | 'connectionClosed'>(
    chain: readonly BoundHook<Name>[],
    argument: Parameters<BoundHook<Name>['run']>[0],
    into: TracedHook[] | null = null,
  ): void {
    for (const hook of chain) {
      try {
        this.#containLate(hook.plugin, hook.name, this.#call(hook, argument, into))
      } catch (error) {
        this.#fail(hook.plugin, hook.name, error)
      }
    }
  }

  /** True when somebody listens; lets the caller leave an event unmade. */
  isHeard(event: ServerEventName): boolean {
    return this.chains.listeners.has(event)
  }

  emit<Name extends ServerEventName>(event: Name, payload: ServerEvents[Name]): void {
    for (const {plugin, run} of this.chains.listeners.get(event) ?? []) {
      this.contain(plugin, event, () => run(payload as never))
    }
  }

  /** Runs something of a plugin's that is no hook, such as a timer, and contains what goes wrong in it. */
  readonly contain = (plugin: PluginRecord, where: string, task: () => unknown): void => {
    try {
      this.#containLate(plugin, where, task())
    } catch (error) {
      this.#fail(plugin, where, error)
    }
  }

  /** The first saved game that a provider has for the room. A promise is returned only if a provider returned one. */
  restoreGame(
    roomId: number,
    chains: HookChains = this.chains,
    from = 0,
  ): SavedGame | undefined | Promise<SavedGame | undefined> {
    const chain = chains.restoreGame
    for (let index = from; index < chain.length; index += 1) {
      const hook = chain[index] as BoundHook<'restoreGame'>
      try {
        const saved: unknown = this.#call(hook, roomId, null)
        if (isPromise(saved)) {
          const rest = this.#settle(hook, saved as Promise<SavedGame | undefined>).then(
            late => late ?? this.restoreGame(roomId, chains, index + 1),
          )
          return this.#whileInUse(chains, rest)
        }
        // Providers that speak of nothing as null mean the same.
        if (saved !== undefined && saved !== null) return saved as SavedGame
      } catch (error) {
        this.#fail(hook.plugin, hook.name, error)
      }
    }
    return undefined
  }

  /** True when a plugin keeps games, so that one can be taken up after its room was closed. */
  get keepsGames(): boolean {
    return this.chains.restoreGame.length > 0
  }

  /** Seats in saved games, of all providers. */
  savedSeats(userId: number): HeldSeat[] {
    const seats: HeldSeat[] = []
    for (const hook of this.chains.savedSeats) {
      try {
        const answer: unknown = this.#call(hook, userId, null)
        if (!Array.isArray(answer)) throw new TypeError('savedSeats must return a list')
        seats.push(...answer)
      } catch (error) {
        this.#fail(hook.plugin, hook.name, error)
      }
    }
    return seats
  }

  #askRest<Name extends RefusingHook>(asked: Asked<Name>): Promise<Verdict> {
    return this.#whileInUse(this.chains, this.#awaitRest(asked))
  }

  async #awaitRest<Name extends RefusingHook>({chain, argument, into, index, answer}: Asked<Name>): Promise<Verdict> {
    const hook = chain[index] as BoundHook<Name>
    const traced = into?.at(-1)
    const sinceMs = this.#clock.monotonicMs()
    try {
      await this.#inTime(answer)
    } catch (error) {
      const verdict = this.#judge(hook, error)
      if (verdict !== null) return verdict
    } finally {
      const waitedMs = this.#clock.monotonicMs() - sinceMs
      if (traced !== undefined) traced.durationMs += waitedMs
      else if (waitedMs >= SLOW_HOOK_MS) this.#noteSlow(hook, argument, waitedMs)
    }
    return this.ask(chain, argument, into, index + 1)
  }

  /** A plugin of these chains is not closed before the promise settles. */
  async #whileInUse<Value>({use}: HookChains, promise: Promise<Value>): Promise<Value> {
    use.begin()
    try {
      return await promise
    } finally {
      use.end()
    }
  }

  /** The value, or undefined after a failure. */
  async #settle<Value>(hook: BoundHook, promise: Promise<Value>): Promise<Value | undefined> {
    try {
      return await this.#inTime(promise)
    } catch (error) {
      this.#fail(hook.plugin, hook.name, error)
      return undefined
    }
  }

  #inTime<Value>(promise: Promise<Value>): Promise<Value> {
    const {promise: expired, reject} = Promise.withResolvers<never>()
    const {hookTimeoutMs} = this.#limits
    const cancel = this.#clock.after(hookTimeoutMs, () =>
      reject(new Error(`did not settle within ${hookTimeoutMs} ms`)),
    )
    // Whichever comes second is of no interest any more, a late rejection included: the race has handled both.
    return Promise.race([promise, expired]).finally(cancel)
  }

  #call<Name extends HookName>(
    hook: BoundHook<Name>,
    argument: Parameters<BoundHook<Name>['run']>[0],
    into: TracedHook[] | null,
  ): unknown {
    const {plugin} = hook
    // Left over in a chain that a message began on long ago.
    if (plugin.hasEnded) return undefined
    hook.untilTimed -= 1
    if (hook.untilTimed > 0 && into === null) return (hook.run as (argument: unknown) => unknown)(argument)
    hook.untilTimed = plugin.timedEvery
    return this.#callTimed(hook, argument, into)
  }

  #callTimed<Name extends HookName>(
    hook: BoundHook<Name>,
    argument: Parameters<BoundHook<Name>['run']>[0],
    into: TracedHook[] | null,
  ): unknown {
    const startMs = this.#clock.monotonicMs()
    try {
      return (hook.run as (argument: unknown) => unknown)(argument)
    } finally {
      const elapsedMs = this.#clock.monotonicMs() - startMs
      hook.timedCalls += 1
      hook.timedMs += elapsedMs
      into?.push({plugin: hook.plugin.name, hook: hook.name, durationMs: elapsedMs})
      if (elapsedMs >= SLOW_HOOK_MS && into === null) this.#noteSlow(hook, argument, elapsedMs)
      if (elapsedMs > STALL_MS) this.#warnOfStall(hook, elapsedMs)
    }
  }

  /** Of hooks that run before the end of a message, which is when the notes are taken. */
  #noteSlow({plugin, name}: BoundHook, frame: unknown, durationMs: number): void {
    if (name === 'frameReceived' || name === 'beforeMessage') {
      this.slowHooks.note(frame, {plugin: plugin.name, hook: name, durationMs})
    }
  }

  #warnOfStall(hook: BoundHook, elapsedMs: number): void {
    this.#log.warn(
      {plugin: hook.plugin.name, hook: hook.name, elapsedMs: Math.round(elapsedMs)},
      'a plugin stopped the server while its hook ran',
    )
  }

  /** A refusal as it is; a failure as the plugin's `onFailure` has it. */
  #judge(hook: BoundHook, error: unknown): Verdict {
    if (GsError.is(error) && isWireCode(error.code)) return error
    this.#fail(hook.plugin, hook.name, error)
    return hook.plugin.onFailure === 'closed' ? new GsError('plugin_failed', `${hook.plugin.name} failed`) : null
  }

  #containLate(plugin: PluginRecord, where: string, answer: unknown): void {
    if (!isPromise(answer)) return
    plugin.use.begin()
    answer.then(
      () => plugin.use.end(),
      error => {
        this.#fail(plugin, where, error)
        plugin.use.end()
      },
    )
  }

  #fail(plugin: PluginRecord, where: string, error: unknown): void {
    this.#counters.hookFailures += 1
    const reason = `${where}: ${error instanceof Error ? error.message : String(error)}`
    const isBroken = plugin.noteFailure(reason, this.#clock.monotonicMs())
    this.#log.error({plugin: plugin.name, hook: where, err: error}, 'a plugin failed')
    if (isBroken) this.#onBroken(plugin)
  }
}

function isPromise(value: unknown): value is Promise<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as {then?: unknown}).then === 'function'
}
