import type {JsonValue} from '../contract/messages.js'
import type {AdminRoute, PluginInstance, PluginStatus, ServerEventName, ServerEvents} from '../contract/plugins.js'
import {GsError} from '../errors.js'
import {visibleValue} from '../util/visible-text.js'
import {callRoute, type RouteCall} from './call-route.js'
import {BUILT_IN_ORDER, buildHookChains, type HookChains} from './hook-chains.js'
import {type HookLimits, HookRunner} from './hook-runner.js'
import {MessageTrace} from './message-trace.js'
import {assertEventName, createPluginHost, type SharedHost} from './plugin-host.js'
import {type BoundListener, type ConfiguredPlugin, PluginRecord} from './plugin-record.js'

/** How long a plugin may take to close. */
const CLOSE_TIMEOUT_MS = 3000
/** How long a plugin's end waits for the messages that began while it ran; a hook that hangs has failed by then. */
const UNDER_WAY_TIMEOUT_MS = 1500
/** How long a plugin may take to start while the server runs. */
const SETUP_TIMEOUT_MS = 10_000

/** One path that a plugin answers, as lists show it. */
export interface PluginRoute {
  readonly plugin: string
  readonly method: AdminRoute['method']
  /** Below the plugin's name. */
  readonly path: string
  readonly summary: string
}

/**
 * The plugins of one server: set up in order, closed in reverse, taken out when they break, and taken out and put in by an
 * operator. The chains are replaced at once as a whole; a message ends on those it began on.
 */
export class PluginSet {
  readonly runner: HookRunner
  readonly trace: MessageTrace
  /** Objects that plugins provide, by name. */
  readonly provided = new Map<string, object>()
  readonly #shared: SharedHost
  /** In the order of setup, disabled ones included; one for each name, so bounded by what operators enable. */
  readonly #records: PluginRecord[] = []
  /** Stands for the program that embeds the server: its listeners are contained, but never taken out. */
  readonly #application = new PluginRecord({name: 'application', onFailure: 'closed'}, false)
  /** Chains of before that messages may be under way on; bounded by the messages under way. */
  readonly #formerChains = new Set<HookChains>()
  /** Settles when the last one of the operators' requests is done; each waits for the one before. */
  #lastTurn: Promise<unknown> = Promise.resolve()
  /** Cut short what waits: a stop waits for nobody's messages and setups. One for each wait under way. */
  readonly #hurry = new Set<() => void>()
  #isStopping = false

  constructor({limits, ...shared}: Omit<SharedHost, 'timeMessages'> & {limits: HookLimits}) {
    this.#shared = {...shared, timeMessages: count => this.runner.timeMessages(count)}
    this.runner = new HookRunner({
      chains: buildHookChains([]),
      clock: shared.clock,
      log: shared.log,
      counters: shared.counters,
      limits,
      onBroken: plugin => this.#disableBroken(plugin),
    })
    this.trace = new MessageTrace({
      clock: shared.clock,
      onLooked: trace => {
        this.runner.trace = trace
      },
    })
  }

  /**
   * Sets a plugin up. If that fails nothing of it stays behind.
   *
   * @throws {GsError} plugin_invalid for a name that is taken; plugin_setup_failed when its setup throws.
   */
  async add(plugin: ConfiguredPlugin): Promise<void> {
    this.#assertFree(plugin.definition.name)
    this.#putIn(await this.#setUp(plugin))
  }

  /**
   * `add` while messages flow: those that arrive from now on meet the plugin, whose setup has 10 s. A plugin of that name
   * that was disabled, or broke, makes room.
   *
   * @throws {GsError} as `add`; server_closed when the server stops.
   */
  enable(plugin: ConfiguredPlugin): Promise<void> {
    return this.#inTurn(async () => {
      const {name} = plugin.definition
      this.#assertFree(name)
      // What it provides and holds open must be free again.
      await this.#find(name)?.ending
      this.#assertGoingOn()
      const record = await this.#setUp(plugin, SETUP_TIMEOUT_MS)
      this.#putIn(record)
      this.#shared.log.info({plugin: name}, 'plugin enabled')
    })
  }

  /**
   * Takes a plugin out while messages flow: those that arrive from now on do not meet it. It is closed when those that did
   * are through, but after 1.5 s in any case. False: it was disabled already.
   *
   * @throws {GsError} not_found; usage for `security` without `isConfirmed`; server_closed when the server stops.
   */
  disable(name: string, {isConfirmed = false}: {isConfirmed?: boolean} = {}): Promise<boolean> {
    return this.#inTurn(async () => {
      const record = this.#find(name)
      if (record === undefined) throw this.#noSuchPlugin(name)
      if (record.isDisabled) return false
      if (name === 'security' && !isConfirmed) {
        throw new GsError('usage', 'disabling security lets everybody in and everything through', {
          hint: 'Confirm it with --yes if that is what you want.',
        })
      }
      this.#assertGoingOn()
      this.#shared.log.warn({plugin: name}, 'plugin disabled')
      this.#takeOut(record)
      await this.#end(record)
      return true
    })
  }

  /** Hands a built-in plugin that runs its changed configuration. */
  configure(name: string, config: unknown): void {
    const record = this.#running().find(plugin => plugin.name === name && plugin.isBuiltIn)
    if (record !== undefined) this.runner.contain(record, 'configure', () => record.instance?.configure?.(config))
  }

  /**
   * What a plugin provides under its own name.
   *
   * @throws {GsError} plugin_disabled when it does not run.
   */
  api(name: string): object {
    const api = this.provided.get(name)
    if (api === undefined) throw disabled(name)
    return api
  }

  /** A plugin that is or was part of the set. */
  find(name: string): ConfiguredPlugin | undefined {
    return this.#find(name)?.origin
  }

  /**
   * Calls a plugin's own route.
   *
   * @throws {GsError} plugin_disabled, not_found, plugin_failed, or what the route throws.
   */
  async callRoute(call: RouteCall): Promise<JsonValue> {
    const {plugin: name} = call
    const record = this.#find(name)
    if (record !== undefined && !record.isDisabled) return callRoute(record, call, this.#shared)
    if (record === undefined && !BUILT_IN_ORDER.includes(name)) throw this.#noSuchPlugin(name)
    throw disabled(name)
  }

  /** Routes of the plugins that run. */
  routes(): PluginRoute[] {
    return this.#running().flatMap(({name: plugin, routes}) =>
      [...routes.values()].map(({method, path, summary}) => ({plugin, method, path, summary})),
    )
  }

  /** Listens on behalf of the embedding program. Returns a function that ends it. */
  listen<Name extends ServerEventName>(event: Name, run: (event: ServerEvents[Name]) => void): () => void {
    assertEventName(event)
    const listener: BoundListener = {plugin: this.#application, event, run: run as BoundListener['run']}
    this.#application.listeners.push(listener)
    this.#rebuild()
    return () => {
      const index = this.#application.listeners.indexOf(listener)
      if (index === -1) return
      this.#application.listeners.splice(index, 1)
      this.#rebuild()
    }
  }

  statuses(): PluginStatus[] {
    const nowMs = this.#shared.clock.monotonicMs()
    return this.#records.map(record => record.status(nowMs))
  }

  /** Closes all plugins, last first, each within 3 s. */
  async close(): Promise<void> {
    this.#isStopping = true
    for (const giveUp of this.#hurry) giveUp()
    this.trace.close()
    await this.#lastTurn
    for (const record of this.#records.toReversed()) await this.#end(record)
    this.#rebuild()
  }

  #find(name: string): PluginRecord | undefined {
    return this.#records.find(record => record.name === name)
  }

  #running(): PluginRecord[] {
    return this.#records.filter(record => !record.isDisabled)
  }

  #assertFree(name: string): void {
    if (this.#find(name)?.isDisabled ?? true) return
    throw new GsError('plugin_invalid', `there is a plugin ${name} already`)
  }

  #assertGoingOn(): void {
    if (this.#isStopping) throw new GsError('server_closed', 'the server stops')
  }

  #noSuchPlugin(name: string): GsError {
    const names = this.#records.map(record => record.name)
    return new GsError('not_found', `there is no plugin ${visibleValue(name)}`, {
      hint: names.length === 0 ? 'This server has none.' : `This server has ${names.join(', ')}.`,
    })
  }

  #inTurn<Value>(task: () => Promise<Value>): Promise<Value> {
    const turn = this.#lastTurn.then(task)
    // Its caller is told of a failure; those behind it only wait.
    this.#lastTurn = turn.catch(() => {})
    return turn
  }

  async #setUp(plugin: ConfiguredPlugin, timeoutMs?: number): Promise<PluginRecord> {
    const {definition, config} = plugin
    const record = new PluginRecord(definition, BUILT_IN_ORDER.includes(definition.name), plugin)
    const {provided, runner} = this
    const host = createPluginHost(record, this.#shared, {provided, contain: runner.contain})
    const starting = (async () => definition.setup(host, config as never))()
    try {
      const isInTime = timeoutMs === undefined || (await this.#isSettledWithin(starting, timeoutMs))
      if (!isInTime) throw new Error(this.#isStopping ? 'the server stops' : `it took more than ${timeoutMs} ms`)
      const instance = (await starting) ?? undefined
      if (record.isDisabled) throw new Error('its timers failed five times meanwhile')
      record.instance = instance
    } catch (error) {
      record.hasEnded = true
      runCleanups(record)
      // One that is late may still bring something to close.
      starting.then(
        instance => closeInstance(instance ?? undefined, record, this.#shared),
        () => {},
      )
      throw new GsError('plugin_setup_failed', `plugin ${definition.name} failed to start: ${describe(error)}`, {
        cause: error,
        ...(GsError.is(error) && error.hint !== undefined && {hint: error.hint}),
      })
    }
    return record
  }

  /** In the place of one of the same name, so that the order stays. */
  #putIn(record: PluginRecord): void {
    const index = this.#records.findIndex(({name}) => name === record.name)
    if (index === -1) this.#records.push(record)
    else this.#records[index] = record
    this.#rebuild()
  }

  #takeOut(record: PluginRecord): void {
    record.isDisabled = true
    this.#rebuild()
  }

  #disableBroken(record: PluginRecord): void {
    this.#shared.log.error({plugin: record.name}, 'a plugin failed five times within a minute and is disabled now')
    this.#takeOut(record)
    runCleanups(record)
    // Nobody waits for it: closing has its own time limit and reports its own failure.
    void this.#end(record)
  }

  #end(record: PluginRecord): Promise<void> {
    record.ending ??= this.#endOnce(record)
    return record.ending
  }

  async #endOnce(record: PluginRecord): Promise<void> {
    record.isDisabled = true
    await this.#isSettledWithin(this.#underWay(record), UNDER_WAY_TIMEOUT_MS)
    record.hasEnded = true
    runCleanups(record)
    await closeInstance(record.instance, record, this.#shared)
  }

  /** Resolves when nothing of the plugin runs any more, and nothing will. */
  async #underWay(record: PluginRecord): Promise<void> {
    // The message in whose middle the plugin was taken out, if any, is counted only when it has to wait.
    await null
    await Promise.all([...this.#formerChains].map(({use}) => use.idle()))
    await record.use.idle()
  }

  /** False: the time was not enough, or the server stops. The caller handles a rejection. */
  async #isSettledWithin(promise: Promise<unknown>, timeoutMs: number): Promise<boolean> {
    const {promise: isInTime, resolve} = Promise.withResolvers<boolean>()
    const giveUp = () => resolve(false)
    const settle = () => resolve(true)
    const cancel = this.#shared.clock.after(timeoutMs, giveUp)
    this.#hurry.add(giveUp)
    promise.then(settle, settle)
    if (this.#isStopping) giveUp()
    try {
      return await isInTime
    } finally {
      cancel()
      this.#hurry.delete(giveUp)
    }
  }

  #rebuild(): void {
    for (const chains of this.#formerChains) if (chains.use.isIdle) this.#formerChains.delete(chains)
    this.#formerChains.add(this.runner.chains)
    this.runner.chains = buildHookChains([...this.#running(), this.#application])
  }
}

function disabled(name: string): GsError {
  return new GsError('plugin_disabled', `the ${name} plugin is not enabled`, {
    hint: `Enable it with gs plugin enable ${name}.`,
  })
}

/** Within 3 s; a failure goes to the log. */
async function closeInstance(
  instance: PluginInstance | undefined,
  {name}: PluginRecord,
  {clock, log}: SharedHost,
): Promise<void> {
  const {promise: expired, reject} = Promise.withResolvers<never>()
  const cancel = clock.after(CLOSE_TIMEOUT_MS, () => reject(new Error(`did not close within ${CLOSE_TIMEOUT_MS} ms`)))
  try {
    await Promise.race([instance?.close?.(), expired])
  } catch (error) {
    log.error({plugin: name, err: error}, 'a plugin failed to close')
  } finally {
    cancel()
  }
}

function runCleanups(record: PluginRecord): void {
  for (const cleanup of record.cleanups) cleanup()
  record.cleanups.clear()
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
